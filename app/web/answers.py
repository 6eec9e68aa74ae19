"""Answers over HTTP: of operations, and of requests that never became one."""

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final

import orjson
from starlette.responses import Response
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError

from app.domain.languages import Language
from app.schema.request_faults import REQUEST_FAULTS, ErrorJson, request_error, status_of
from app.web.headers import Header
from app.web.media_types import GRAPHQL_RESPONSE, JSON
from app.web.requests import BadRequest

# Answers are about one person: a cache that several share never keeps them.
NOT_KEPT: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_VARY: Final = {"Vary": "Accept, Accept-Language, Authorization"}
_CONTENT_TYPES: Final = {JSON: JSON, GRAPHQL_RESPONSE: f"{GRAPHQL_RESPONSE}; charset=utf-8"}


def refused(error: BadRequest, language: Language, media_type: str = JSON) -> Response:
    """Return the answer to a request that never became an operation."""
    body = request_error(error.reason, language, **error.params)
    fault = REQUEST_FAULTS[error.reason]
    return failed(body, fault.status, media_type, error.headers)


def failed(
    error: ErrorJson, status: int, media_type: str = JSON, headers: Mapping[str, str] | None = None
) -> Response:
    """Return one error that stands for the whole answer."""
    own = {"Content-Type": _CONTENT_TYPES[media_type], **_VARY, **NOT_KEPT, **(headers or {})}
    return Response(orjson.dumps({"errors": [error]}), status, own)


def answered(
    result: ExecutionResult,
    media_type: str,
    *,
    cacheable: bool,
    etag: str | None = None,
    known: str = "",
    more: Mapping[str, str] | None = None,
) -> Response:
    """Return the answer to an operation; ``cacheable``: it came by GET.

    ``etag``: that of an answer that is kept, which isn't sent again to who has it already, as
    ``known`` says: If-None-Match. ``more``: headers that it has besides.
    """
    ran = not never_ran(result)
    status = 200 if ran else _status(result, media_type)
    kept, own = NOT_KEPT["Cache-Control"], dict(more or {})
    if cacheable and not result.errors:
        kept = "private"
        if etag is not None:
            kept, own["ETag"] = "private, no-cache", etag
            if etag in {one.strip() for one in known.split(",")}:
                return Response(None, 304, {**_VARY, **NOT_KEPT, "Cache-Control": kept, **own})
    if status == 405:  # what was asked for by GET
        own["Allow"] = "POST"
    return WholeAnswer(payload_of(result, ran=ran), status, _alike(media_type, kept), own)


def payload_of(result: ExecutionResult, *, ran: bool) -> dict[str, object]:
    """Return a result as every answer and event shows it: without data where nothing ``ran``."""
    payload: dict[str, object] = {"data": result.data} if ran else {}
    if result.errors:
        payload["errors"] = [error.formatted for error in result.errors]
    if result.extensions:
        payload["extensions"] = result.extensions
    return payload


def never_ran(result: ExecutionResult, *, live: bool = False) -> bool:
    """Whether an operation failed before its first field: no error has a place in the data.

    ``live``: of a subscription, whose errors have none either when it ends later.
    """
    if live:
        return isinstance(result, PreExecutionError)
    errors = result.errors or []
    placeless = result.data is None and bool(errors) and all(error.path is None for error in errors)
    return placeless or isinstance(result, PreExecutionError)


def _status(result: ExecutionResult, media_type: str) -> int:
    legacy = media_type == JSON
    codes = [(error.extensions or {}).get("code") for error in result.errors or []]
    return max(status_of(str(code), legacy=legacy) for code in codes)


class WholeAnswer(Response):
    """A response to whose headers nothing is to be done any more.

    ``alike``: those that it begins with, the same ones in most answers; its ``own`` are others.
    """

    def __init__(
        self,
        body: dict[str, object],
        status: int,
        alike: tuple[Header, ...],
        own: Mapping[str, str],
    ) -> None:
        self.body = self.content = orjson.dumps(body)
        self.status_code, self.background, self.alike = status, None, alike
        length = (b"content-length", b"%d" % len(self.body))
        self.raw_headers = [*alike, *_encoded(own), length]

    @property
    def own(self) -> list[Header]:
        """The headers behind those that are ``alike``."""
        return self.raw_headers[len(self.alike) :]


@lru_cache(100)  # of our own headers
def _name(written: str) -> bytes:
    return written.lower().encode("latin-1")


def _encoded(headers: Mapping[str, str]) -> list[Header]:
    return [(_name(name), value.encode("latin-1")) for name, value in headers.items()]


@cache
def _alike(media_type: str, kept: str) -> tuple[Header, ...]:
    """Return what all answers of a media type say that may be ``kept`` so."""
    content_type = {"Content-Type": _CONTENT_TYPES[media_type]}
    return tuple(_encoded({**content_type, **_VARY, **NOT_KEPT, "Cache-Control": kept}))
