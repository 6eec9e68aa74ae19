"""Paths and methods that aren't served: coded JSON, as every other error is."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.domain.languages import read_language
from app.web.answers import refused
from app.web.requests import BadRequest


async def unserved(request: Request, error: Exception) -> Response:
    """Return the answer to a request that no route takes."""
    language = read_language(request.headers.get("accept-language"))
    if isinstance(error, HTTPException) and error.status_code == 405:
        allow = (error.headers or {}).get("Allow", "GET, HEAD")
        return refused(BadRequest("METHOD_NOT_ALLOWED", {"Allow": allow}), language)
    return refused(BadRequest("PATH_UNKNOWN"), language)
