"""Pages for people: GraphiQL, shipped whole, so that it works without any network."""

from pathlib import Path
from typing import Final

from starlette.responses import FileResponse, Response

GRAPHIQL: Final = Path(__file__).parent / "graphiql"
_PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:; font-src 'self' data:; connect-src 'self' ws: wss:;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def graphiql_page() -> Response:
    """Return GraphiQL; it may load and call nothing but this server."""
    return FileResponse(GRAPHIQL / "index.html", headers={"Content-Security-Policy": _PAGE_POLICY})
