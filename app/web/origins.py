"""Whose pages may use the server: one list for CORS and for WebSocket connections.

A browser asks before its page may read an answer from another origin (CORS), but doesn't ask
before it opens a WebSocket: there the server looks at ``Origin`` itself.
"""

import re
from collections.abc import Iterable
from typing import Final

import structlog
from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.http.websocket_origin import is_same_origin

from app.domain.languages import read_language
from app.web.answers import refused
from app.web.headers import Header, varied
from app.web.request_headers import first_header
from app.web.requests import BadRequest

log = structlog.get_logger(__name__)

_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")
_READABLE: Final = (
    "Allow",
    "Content-Disposition",
    "Location",
    "ETag",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "Server-Timing",
    "X-Request-ID",
)
_EXPOSED: Final = (b"access-control-expose-headers", ", ".join(_READABLE).encode())
_PREFLIGHT_SECONDS: Final = 7200  # the longest that browsers keep an answer to a preflight
_LOCAL: Final = r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?"
_TOLD_AT_MOST: Final = 100  # origins: a flood of made-up ones fills no log


class Readers:
    """The origins whose pages may read answers."""

    def __init__(self, allowed: Iterable[str], *, local: bool) -> None:
        """``allowed``: origins as the settings have them; ``local``: any port of this machine."""
        self.pattern = "|".join([*map(_pattern, allowed), *([_LOCAL] if local else [])])
        self._allowed = re.compile(self.pattern)

    def allow(self, origin: str) -> bool:
        """Return whether the settings name an origin."""
        return self._allowed.fullmatch(origin) is not None

    def told(self, headers: Iterable[Header], origin: str | None) -> list[Header]:
        """Return the headers of an answer for a page of an origin, or for a program that has none.

        Whoever reads it, a cache is told that others are answered otherwise.
        """
        told = varied(headers, b"Origin")
        if origin is not None:
            told.append(_EXPOSED)
            if self.allow(origin):
                told.append((b"access-control-allow-origin", origin.encode("latin-1")))
        return told


class Origins:
    """Middleware that answers preflights, lets allowed pages read, and refuses others' sockets.

    Clients that are no browser send no ``Origin``, or one they made up: this protects people
    from pages, not the server from programs. No cookie is ever read, so any header may be sent.
    """

    def __init__(self, app: ASGIApp, allowed: Iterable[str], *, local: bool) -> None:
        """``allowed``: origins as the settings have them; ``local``: any port of this machine."""
        self._app = app
        self._readers = Readers(allowed, local=local)
        self._told: set[str] = set()
        self._cors = CORSMiddleware(
            app,
            allow_origin_regex=self._readers.pattern,
            allow_methods=_METHODS,
            allow_headers=("*",),
            allow_private_network=True,
            expose_headers=_READABLE,
            max_age=_PREFLIGHT_SECONDS,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or connection."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        origin = first_header(scope, b"origin")
        if origin is None:
            await self._serve_program(scope, receive, send)
            return
        secure = scope["scheme"] in ("https", "wss")
        refused = not self._is_allowed(origin, Headers(scope=scope), secure=secure)
        if refused and origin and (scope["type"] == "websocket" or scope["method"] == "OPTIONS"):
            self._tell(origin, scope)
        if refused and scope["type"] == "websocket":
            await refuse(WebSocket(scope, receive, send), "ORIGIN_NOT_ALLOWED")
        else:
            await self._cors(scope, receive, send)

    async def _serve_program(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve whoever names no origin; a cache is told that pages are answered otherwise."""

        async def send_varied(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = self._readers.told(message.get("headers", ()), None)
            await send(message)

        onward = send_varied if scope["type"] == "http" else send
        await self._app(scope, receive, onward)

    def _is_allowed(self, origin: str, headers: Headers, *, secure: bool) -> bool:
        """Whether a page may use the server; one that the server itself showed always may.

        Who is known to come by TLS was shown no page of ours without it.
        """
        return (
            self._readers.allow(origin)
            or headers.get("sec-fetch-site") == "same-origin"
            or (
                is_same_origin(origin, headers.get("host"))
                and not (secure and origin.startswith("http:"))
            )
        )

    def _tell(self, origin: str, scope: Scope) -> None:
        """Log once that an origin was refused, and which setting would let it in."""
        shown = origin[:200]
        if shown in self._told or len(self._told) >= _TOLD_AT_MOST:
            return
        self._told.add(shown)
        log.warning(
            "a page of an origin that GROUPCODE_ALLOWED_ORIGINS doesn't list was refused",
            origin=shown,
            protocol=scope["type"],
        )


def _pattern(origin: str) -> str:
    """Return a regular expression for one entry; ``*.`` stands for subdomains of any depth."""
    return re.escape(origin).replace(r"\*\.", r"([a-z0-9_-]+\.)+")


async def refuse(socket: WebSocket, reason: str) -> None:
    """Answer the handshake with the reason where the HTTP server can, else with 403 alone."""
    language = read_language(socket.headers.get("accept-language"))
    if "websocket.http.response" in socket.scope.get("extensions", {}):
        await socket.send_denial_response(refused(BadRequest(reason), language))
    else:
        await socket.close()
