"""Errors as part of the API: coded, in the caller's language, and never a stack trace.

What a user can act on comes in a payload's ``errors``; the rest are top-level errors with
``extensions.code``. An unexpected error shows an id to find in the log, nothing else.
"""

import secrets
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import strawberry
import structlog
from graphql import GraphQLError, GraphQLObjectType, GraphQLSyntaxError
from strawberry.extensions import FieldExtension

from app.domain.costs import TOKENS
from app.domain.languages import Language
from app.domain.refusals import (
    BadInput,
    Forbidden,
    NotFound,
    RateLimited,
    Refusal,
    TooCostly,
    Unauthenticated,
    Unavailable,
)
from app.resolvers.context import Context, Info
from app.schema.cost_directives import costs
from app.schema.enums import RefusalCode
from app.schema.refusal_texts import refusal_text
from app.schema.request_faults import REQUEST_FAULTS, request_error
from app.schema.texts import TOP_LEVEL, text
from app.telemetry.request_log import REQUEST_ID

log = structlog.get_logger(__name__)

_TOO_LONG: Final = "Syntax Error: Document contains more than"  # the library's words
_CODES: Final[dict[type[Exception], str]] = {
    Unauthenticated: "UNAUTHENTICATED",
    Forbidden: "FORBIDDEN",
    NotFound: "NOT_FOUND",
    RateLimited: "RATE_LIMITED",
    Unavailable: "UNAVAILABLE",
}


@strawberry.type(description="Something that a user can put right.")
class UserError:
    code: RefusalCode = strawberry.field(description="For the client to act on.")
    message: str = strawberry.field(description="For the user to read, by Accept-Language.")
    path: list[str] = strawberry.field(
        description="The input field at fault, outermost first; empty when it is none."
    )
    retry_after_seconds: int | None = strawberry.field(
        default=None, description="Where waiting helps: after how many seconds it will be taken."
    )


@strawberry.interface(description="What every mutation answers.")
class Payload:
    errors: list[UserError] = strawberry.field(
        default_factory=list,
        directives=costs(size=1),
        description="Why it was refused; empty when it was done.",
    )


def payload_class(type_: GraphQLObjectType) -> type | None:
    """Return the class of a mutation's payloads; None for any other type."""
    if [interface.name for interface in type_.interfaces] != [Payload.__name__]:
        return None
    made: type = type_.extensions["strawberry-definition"].origin
    return made


def user_error(refusal: Refusal, language: Language) -> UserError:
    """Return a refusal as the payload shows it."""
    path = [str(step) for step in refusal.path]
    seconds = refusal.params.get("seconds")
    return UserError(
        code=refusal.code,
        message=refusal_text(refusal, language),
        path=path,
        retry_after_seconds=int(seconds) if seconds is not None else None,
    )


class RefusalsAsErrors(FieldExtension):
    """Returns a mutation's payload: its result, or why it was refused."""

    def __init__(self, payload: type[Payload]) -> None:
        self._payload = payload

    async def resolve_async(
        self,
        next_: Callable[..., Awaitable[Payload]],
        source: object,
        info: Info,
        **kwargs: object,
    ) -> Payload:
        """Call the use case and catch what it refuses."""
        try:
            return await next_(source, info, **kwargs)
        except Refusal as refusal:
            shown = user_error(refusal, info.context.language)
            if shown.retry_after_seconds is not None:
                info.context.ask_to_wait(shown.retry_after_seconds)
            info.context.refused_for = info.context.refused_for or refusal.code.value
            return self._payload(errors=[shown])


def shape_errors(errors: Sequence[GraphQLError], context: Context | None) -> None:
    """Give every top-level error its code and its text."""
    language: Language = context.language if context else "zh"
    for error in errors:
        original = _original(error)
        if isinstance(error, GraphQLSyntaxError) and error.message.startswith(_TOO_LONG):
            original = TooCostly("TOO_MANY_TOKENS", most=TOKENS)
        if original is not None and _is_unexpected(original):
            error_id = current_request_id()
            _log_unexpected(error, original, error_id)
            error.message = text(TOP_LEVEL["INTERNAL"], language, id=error_id)
            error.extensions = {"code": "INTERNAL", "id": error_id}
        elif original is None:  # the document or its variables
            error.extensions = {"code": "BAD_USER_INPUT", "detail": error.message}
            error.message = text(TOP_LEVEL["BAD_USER_INPUT"], language, detail=error.message)
        else:
            code, error.message = _explain(original, language)
            error.extensions = {"code": code}
            if isinstance(original, RateLimited | Unavailable):
                error.extensions["retryAfterSeconds"] = original.seconds
                if context:
                    context.ask_to_wait(original.seconds)


def are_unavailable(errors: Sequence[GraphQLError]) -> bool:
    """Return whether all that went wrong is that what we stand on is away."""
    return all(isinstance(_original(error), Unavailable) for error in errors)


def _original(error: GraphQLError) -> Exception | None:
    original = error.original_error
    while isinstance(original, GraphQLError):
        original = original.original_error
    return original


def _is_unexpected(error: Exception) -> bool:
    return not isinstance(error, (BadInput, Refusal, *_CODES))


def _explain(original: Exception, language: Language) -> tuple[str, str]:
    if isinstance(original, BadInput) and original.reason in REQUEST_FAULTS:
        shown = request_error(original.reason, language, **original.params)
        return shown["extensions"]["code"], shown["message"]
    if isinstance(original, BadInput):
        code = "TOO_COSTLY" if isinstance(original, TooCostly) else "BAD_USER_INPUT"
        return code, text(TOP_LEVEL[original.reason], language, **original.params)
    if isinstance(original, Refusal):
        return "BAD_USER_INPUT", refusal_text(original, language)
    code = _CODES[type(original)]
    params = (
        {"seconds": original.seconds} if isinstance(original, RateLimited | Unavailable) else {}
    )
    return code, text(TOP_LEVEL[code], language, **params)


def current_request_id() -> str:
    """Return the id of the request under way, which stands in every line of its log."""
    return REQUEST_ID.get() or secrets.token_hex(16)


def _log_unexpected(error: GraphQLError, original: Exception, error_id: str) -> None:
    """Log where it happened. The exception's own words may hold personal data: left out."""
    path = ".".join(str(step) for step in error.path or ())
    log.error("unexpected error", error_id=error_id, path=path, exc_info=original)
