"""What every answer says to browsers and caches, whoever made it and however it went."""

from collections.abc import Iterable
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Header: TypeAlias = tuple[bytes, bytes]

# Where an answer says nothing else: a page names what it loads, a file how long it is kept.
ALWAYS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_ALWAYS: Final = [(name.lower().encode(), value.encode()) for name, value in ALWAYS.items()]
_STARTS: Final = ("http.response.start", "websocket.http.response.start")
_LOCATION: Final = b"location"
_NOT_MODIFIED: Final = 304


class AlwaysHeaders:
    """Middleware, the outermost: no answer leaves without the headers that protect its reader."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or connection."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] in _STARTS:
                message["headers"] = completed(message.get("headers", ()), message["status"])
            await send(message)

        await self._app(scope, receive, send_with_headers)


def completed(given: Iterable[Header], status: int) -> list[Header]:
    """Return the headers of an answer, with those that it lacks."""
    headers = list(given)
    names = {name for name, _ in headers}  # in small letters, as ASGI wants them
    headers += [header for header in _ALWAYS if header[0] not in names]
    if 300 <= status < 400 and status != _NOT_MODIFIED and _LOCATION in names:
        return [(name, _within(value) if name == _LOCATION else value) for name, value in headers]
    return headers


def varied(headers: Iterable[Header], by: bytes) -> list[Header]:
    """Return the headers of an answer that differs by one more header of requests."""
    kept, names = [], []
    for header in headers:
        if header[0] == b"vary":
            names.append(header[1])
        else:
            kept.append(header)
    return [*kept, (b"vary", b", ".join([*names, by]))]


def _within(location: bytes) -> bytes:
    return within(location.decode("latin-1")).encode("latin-1")


def within(location: str) -> str:
    """Return where a redirect leads on this server: a request's Host is anybody's to choose."""
    parts = urlsplit(location)
    path = "/" + parts.path.lstrip("/\\")  # //host would be another host's
    return f"{path}?{parts.query}" if parts.query else path
