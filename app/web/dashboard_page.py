"""The dashboard's page and the files that it loads, as they were built into ``dashboard/dist``.

One page answers every address below /dashboard, and a link to join: what it shows is decided in
the browser, so it is the same whatever its address holds.
"""

import hashlib
from html import escape
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from app.domain.languages import Language, read_language
from app.web.answers import refused
from app.web.media_types import takes_page, wants_page
from app.web.requests import BadRequest

DIST: Final = Path(__file__).parent / "dashboard" / "dist"
_TAGS: Final[dict[Language, str]] = {"en": "en", "zh": "zh-CN"}
_HEADERS: Final = {
    "Referrer-Policy": "no-referrer",  # the address of an invitation is its secret
    "Vary": "Accept, Accept-Language",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_FOREVER: Final = "public, max-age=31536000, immutable"  # names of assets hold their hashes


def is_built() -> bool:
    """Whether there is a dashboard to serve: a checkout may be without."""
    return (DIST / "index.html").is_file()


def documents() -> Path:
    """Return the manifest of the operations that the dashboard sends."""
    return DIST / "documents.json"


class DashboardPage:
    """Serves the page, in the language that the browser asks for."""

    def __init__(self, sandbox: str) -> None:
        """``sandbox``: where the browser reaches the sandbox; empty where it is off."""
        template = (DIST / "index.html").read_text(encoding="utf-8")
        self._pages = {
            language: _filled(template, tag, sandbox).encode() for language, tag in _TAGS.items()
        }
        self._headers = {**_HEADERS, "Content-Security-Policy": _policy(sandbox)}

    def routes(self) -> list[BaseRoute]:
        """Return the routes of the page and of what it loads."""
        return [
            Mount("/dashboard/assets", _Assets(directory=DIST / "assets")),
            Route("/dashboard", self.page),
            Route("/dashboard/{path:path}", self.page),
        ]

    async def page(self, request: Request) -> Response:
        """Return the page to all but programs that ask for JSON: the address is for people.

        A browser that has it asks each time whether it is still the same.
        """
        if not takes_page(request.headers):
            return _for_people(request)
        body = self._body(request)
        tag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers = {**self._headers, "Cache-Control": "no-cache", "ETag": tag}
        if tag in (part.strip() for part in request.headers.get("if-none-match", "").split(",")):
            return Response(status_code=304, headers=headers)
        return _html(body, headers)

    async def invited(self, request: Request) -> Response:
        """Return the page to who opens a link to join, the same for every token; kept by nobody.

        Only to browsers: apps ask at such an address, too.
        """
        if not wants_page(request.headers):
            return _for_people(request)
        return _html(self._body(request), {**self._headers, "Cache-Control": "no-store"})

    def _body(self, request: Request) -> bytes:
        return self._pages[_language_of(request)]


class _Assets(StaticFiles):
    """The files that the page loads, which are never asked for again."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file. Raise 404 where there is none."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = _FOREVER
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def _filled(template: str, tag: str, sandbox: str) -> str:
    """Fill in what the page is told; its server is its own origin."""
    values = {"$lang": tag, "$server": "", "$sandbox": escape(sandbox)}
    for name, value in values.items():
        template = template.replace(f'"{name}"', f'"{value}"')
    return template


def _policy(sandbox: str) -> str:
    """Return what the page may load and call: this server, and the sandbox where it is another."""
    parts = urlsplit(sandbox)
    other = f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
        f" connect-src 'self'{other}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _language_of(request: Request) -> Language:
    return read_language(request.headers.get("accept-language"))


def _for_people(request: Request) -> Response:
    return refused(BadRequest("PAGE_FOR_PEOPLE"), _language_of(request))


def _html(body: bytes, headers: dict[str, str]) -> Response:
    return Response(body, media_type="text/html", headers=headers)
