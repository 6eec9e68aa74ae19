"""The outermost middleware: an unexpected error shows an id and nothing else."""

import structlog
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnected
from websockets.exceptions import InvalidState

from app.domain.languages import Language, read_language
from app.domain.refusals import Unavailable
from app.schema.errors import current_request_id
from app.schema.request_faults import ErrorJson
from app.schema.texts import TOP_LEVEL, text
from app.web.answers import failed, refused
from app.web.request_headers import first_header
from app.web.requests import BadRequest

log = structlog.get_logger(__name__)

# Who went away in the middle of a request or a message is nobody to answer.
_GONE = (ClientDisconnect, InvalidState, WebSocketDisconnected)


class LastResort:
    """Log what nobody caught and answer with an id: no stack trace leaves the server."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, and catch everything."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        started = False

        async def watching(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watching)
        except _GONE:
            log.debug("the client is gone", protocol=scope["type"])
        except Exception as error:
            response = answer_to(error, scope)
            if scope["type"] == "http" and not started:
                await response(scope, receive, send)


def answer_to(error: Exception, scope: Scope) -> Response:
    """Return the answer where nobody caught an exception, which is the one under way; log it."""
    language = read_language(first_header(scope, b"accept-language"))
    if isinstance(error, Unavailable):
        return refused(_unavailable(error.seconds), language)
    return failed(unexpected_error(language, scope["type"]), 500)


def _unavailable(seconds: int) -> BadRequest:
    return BadRequest("UNAVAILABLE", {"Retry-After": str(seconds)}, seconds=seconds)


def unexpected_error(language: Language, protocol: str) -> ErrorJson:
    """Log the exception under way; return all that is told of it: the id by which the log does."""
    error_id = current_request_id()
    log.exception("unexpected error", error_id=error_id, protocol=protocol)
    message = text(TOP_LEVEL["INTERNAL"], language, id=error_id)
    return {"message": message, "extensions": {"code": "INTERNAL", "id": error_id}}
