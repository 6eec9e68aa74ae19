"""Compression of answers that are worth it."""

from collections.abc import Iterable
from typing import Final

from starlette.middleware.gzip import (
    DEFAULT_EXCLUDED_CONTENT_TYPES,
    GZipResponder,
    IdentityResponder,
)
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.headers import Header, varied
from app.web.request_headers import first_header
from app.web.requests import Incoming

_SMALLEST: Final = 1024  # bytes; below, a packet is a packet
_LEVEL: Final = 5  # of 500 members within a tenth of the best there is, in a tenth of its time
_SHEETS: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LEFT: Final = (*DEFAULT_EXCLUDED_CONTENT_TYPES, _SHEETS)


def may_leave(request: Incoming, response: Response) -> bool:
    """Return whether a whole answer leaves as it is: it is small, or its reader takes no gzip."""
    return is_small(response) or "gzip" not in (request.first(b"accept-encoding") or "")


def is_small(response: Response) -> bool:
    """Return whether compressing a whole answer isn't worth it."""
    return len(response.body) < _SMALLEST


def left(headers: Iterable[Header], *, small: bool) -> Iterable[Header]:
    """Return the headers of a whole answer that leaves as it is."""
    return headers if small else varied(headers, b"Accept-Encoding")


class Compression:
    """gzip for whoever takes it; streams of events and sheets, which are compressed, are left.

    The length of a compressed answer can betray a secret in it to somebody who makes a browser
    repeat a request with guesses of it (BREACH). That takes a browser that adds the credentials
    by itself: ours are a header that only the app's own page can add, there is no cookie.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; an answer that says it is small passes as it is."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        onward = send

        async def choose(message: Message) -> None:
            nonlocal onward
            if message["type"] == "http.response.start" and not _says_small(message):
                responder = _responder(scope, self._app)
                responder.send = send
                onward = responder.send_with_compression
            await onward(message)

        await self._app(scope, receive, choose)


def _says_small(head: Message) -> bool:
    """Whether an answer says that it isn't worth it; one that is made bit by bit says nothing."""
    for name, value in head.get("headers", ()):
        if name == b"content-length":
            return int(value) < _SMALLEST
    return False


def _responder(scope: Scope, app: ASGIApp) -> IdentityResponder:
    if "gzip" in (first_header(scope, b"accept-encoding") or ""):
        return GZipResponder(app, _SMALLEST, _LEVEL, exclude_content_types=_LEFT)
    return IdentityResponder(app, _SMALLEST, exclude_content_types=_LEFT)
