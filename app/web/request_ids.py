"""Every request and connection has an id: in its answer, in its log, and in what it is told."""

import re
import secrets
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.telemetry.request_log import REQUEST_ID
from app.web.request_headers import first_header

HEADER: Final = b"x-request-id"
_SANE: Final = re.compile(r"[A-Za-z0-9_.:-]{1,128}")  # nothing that could forge a line of a log
_HEADS: Final = ("http.response.start", "websocket.accept", "websocket.http.response.start")


def id_of(given: str | None) -> str:
    """Return the id of a request that gave one, if it is sane; else a new one."""
    return given if given and _SANE.fullmatch(given) else secrets.token_hex(16)


class RequestIds:
    """Takes the id that a client or proxy gave, or makes one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or connection under its id."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        request_id = id_of(first_header(scope, HEADER))
        header = (HEADER, request_id.encode())

        async def send_with_id(message: Message) -> None:
            if message["type"] in _HEADS:
                message["headers"] = [*message.get("headers", ()), header]
            await send(message)

        before = REQUEST_ID.set(request_id)
        try:
            await self._app(scope, receive, send_with_id)
        finally:
            REQUEST_ID.reset(before)
