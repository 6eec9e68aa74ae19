"""The sandbox's pages for people: its SMS, clock and faults at hand, and the end of a face check.

What they need is shipped here, and they may load and call nothing but the sandbox itself.
"""

from html import escape
from pathlib import Path
from string import Template
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app.domain.languages import read_language

FILES: Final = Path(__file__).parent / "page"
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept-Language",
    "X-Content-Type-Options": "nosniff",
}


class Pages:
    """Serves each page in the language that a browser prefers."""

    def __init__(self, public_url: str) -> None:
        """``public_url``: where a browser reaches the sandbox."""
        self._public_url = public_url.rstrip("/")

    async def home(self, request: Request) -> Response:
        """Return the page of everything that the sandbox does."""
        return self._page("home.html", request)

    async def face(self, request: Request) -> Response:
        """Return the page on which the person before the camera ends a face check."""
        return self._page("face.html", request)

    def _page(self, name: str, request: Request) -> Response:
        # Every sentence stands there in both languages; the style hides one of them.
        english = read_language(request.headers.get("accept-language")) == "en"
        template = Template((FILES / name).read_text("utf-8"))
        values = {
            "lang": "en" if english else "zh",
            "path": request.scope.get("root_path", ""),  # its own files, however it was reached
            "sandbox": escape(self._public_url),
        }
        return HTMLResponse(template.substitute(values), headers=_HEADERS)
