"""Reading an HTTP request of GraphQL, and refusing one that is none with a coded error."""

from typing import Final

import orjson
from cross_web import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive

from app.domain.languages import read_language
from app.schema.texts import TOP_LEVEL, text

LARGEST_BODY: Final = 256 * 1024  # bytes; no request of ours comes near


def bearer(header: str | None) -> str:
    """Return the token of an Authorization header; empty without one."""
    scheme, _, token = (header or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def bounded(receive: Receive) -> Receive:
    """Refuse a body that is too large while it arrives, declared length or not."""
    taken = 0

    async def bounded() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > LARGEST_BODY:
            raise HTTPException(413, "The body is too large")
        return message

    return bounded


def refused(request: Request, error: HTTPException) -> Response:
    """Return the coded error for a body that can't be taken."""
    reasons = {413: "BODY_TOO_LARGE", 400: "BODY_NOT_A_REQUEST"}
    reason = reasons.get(error.status_code, "NOT_FOUND")
    if "JSON" in error.reason:
        reason = "BODY_NOT_JSON"
    elif error.reason.startswith("subscriptions"):
        reason = "BODY_A_SUBSCRIPTION"
    message = text(TOP_LEVEL[reason], read_language(request.headers.get("accept-language")))
    body = {"errors": [{"message": message, "extensions": {"code": "BAD_USER_INPUT"}}]}
    return Response(orjson.dumps(body), error.status_code, media_type="application/json")
