"""Reading an HTTP request of GraphQL. What is none raises ``BadRequest``, coded."""

from collections.abc import Mapping
from typing import Final

import orjson
from starlette.requests import Request
from starlette.types import Message, Receive

from app.domain.refusals import BadInput
from app.schema.asked import Asked
from app.schema.persisted import DOCUMENT_ID
from app.web.media_types import JSON

LONGEST_QUERY_STRING: Final = 32 * 1024  # bytes
LARGEST_BODY: Final = 256 * 1024  # bytes; no request of ours comes near


class BadRequest(BadInput):
    """A request that never runs; ``reason`` names one of ``REQUEST_FAULTS``."""

    def __init__(
        self, reason: str, headers: Mapping[str, str] | None = None, **params: int | str
    ) -> None:
        super().__init__(reason, **params)
        self.headers = headers or {}


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
            raise BadRequest("BODY_TOO_LARGE", most=LARGEST_BODY)
        return message

    return bounded


async def read_request(request: Request) -> Asked:
    """Return what a request asks. Raise ``BadRequest`` when it can't be understood."""
    if request.method in ("GET", "HEAD"):
        return _from_query(request)
    _check_media_type(request)
    body = _parse(await request.body())
    if isinstance(body, list):
        raise BadRequest("BATCH_NOT_ALLOWED")
    if not isinstance(body, dict):
        raise BadRequest("BODY_NOT_A_REQUEST")
    return read_parameters(body)


def read_parameters(given: Mapping[str, object]) -> Asked:
    """Return a request from its parameters: absent, null and (by GET) empty are the same.

    Raise ``BadRequest`` if one is of a wrong type.
    """
    extensions = _object(given, "extensions")
    document_id = _string(given, DOCUMENT_ID)
    if document_id is not None:
        extensions = {**(extensions or {}), DOCUMENT_ID: document_id}
    return Asked(
        query=_string(given, "query"),
        variables=_object(given, "variables"),
        operation_name=_string(given, "operationName"),
        extensions=extensions,
    )


def _from_query(request: Request) -> Asked:
    if len(request.url.query) > LONGEST_QUERY_STRING:
        raise BadRequest("URL_TOO_LONG", most=LONGEST_QUERY_STRING)
    given: dict[str, object] = {
        name: value for name, value in request.query_params.items() if value
    }
    for name in ("variables", "extensions"):
        if name in given:
            try:
                given[name] = orjson.loads(str(given[name]))
            except orjson.JSONDecodeError:
                raise BadRequest("PARAMETER_NOT_OBJECT", name=name) from None
    return read_parameters(given)


def _check_media_type(request: Request) -> None:
    media_type, *parameters = request.headers.get("content-type", "").lower().split(";")
    charsets = [value for value in map(str.strip, parameters) if value.startswith("charset=")]
    plain = request.headers.get("content-encoding", "identity").lower() == "identity"
    utf8 = all(charset[8:].strip('"') in ("utf-8", "utf8") for charset in charsets)
    if media_type.strip() != JSON or not utf8 or not plain:
        raise BadRequest("UNSUPPORTED_MEDIA_TYPE", {"Accept-Post": JSON})


def _parse(body: bytes) -> object:
    """Read JSON; what isn't UTF-8 or nests without end is no JSON either."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        raise BadRequest("BODY_NOT_JSON") from None


def _string(given: Mapping[str, object], name: str) -> str | None:
    value = given.get(name)
    if value is None or isinstance(value, str):
        return value
    raise BadRequest("PARAMETER_NOT_STRING", name=name)


def _object(given: Mapping[str, object], name: str) -> dict[str, object] | None:
    value = given.get(name)
    if value is None or isinstance(value, dict):
        return value
    raise BadRequest("PARAMETER_NOT_OBJECT", name=name)
