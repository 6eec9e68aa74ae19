"""How long a body may take to arrive."""

import asyncio
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.domain.languages import read_language
from app.web.answers import refused
from app.web.request_headers import first_header
from app.web.requests import BadRequest
from app.web.wire import wire_of

BODY_SECONDS: Final = 30.0  # for all of it: 256 KiB at 10 kB a second
_GONE: Final[Message] = {"type": "http.disconnect"}


class Patience:
    """Middleware that answers for a request whose body doesn't arrive in time.

    To whoever reads that body, the client is gone then.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or connection."""
        if scope["type"] == "http" and not _has_arrived(scope):
            waiting = _Waiting(scope, receive, send)
            await self._app(scope, waiting.receive, waiting.send)
        else:
            await self._app(scope, receive, send)


def _has_arrived(scope: Scope) -> bool:
    """Whether there is nothing to wait for, as with most requests."""
    wire = wire_of(scope)
    return wire is not None and wire.has_arrived


class _Waiting:
    """One request while its body arrives."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._deadline = asyncio.get_running_loop().time() + BODY_SECONDS
        self._arrived = self._started = self._late = False

    async def receive(self) -> Message:
        """Return the next piece; once all have arrived, that the client is gone."""
        if self._arrived:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError:
            await self._give_up()
            return _GONE
        self._arrived = not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        """Pass an answer on, unless it comes too late."""
        self._started = True
        if not self._late:
            await self._send(message)

    async def _give_up(self) -> None:
        if not self._started:
            language = read_language(first_header(self._scope, b"accept-language"))
            fault = BadRequest("BODY_TOO_SLOW", {"Connection": "close"}, seconds=int(BODY_SECONDS))
            await refused(fault, language)(self._scope, self._receive, self._send)
        self._late = True
