"""Reading an HTTP request of GraphQL. What is none raises ``BadRequest``, coded."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import orjson
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive, Scope

from app.domain.refusals import BadInput
from app.schema.asked import Asked
from app.schema.persisted import DOCUMENT_ID
from app.web.media_types import JSON

LONGEST_QUERY_STRING: Final = 32 * 1024  # bytes
LARGEST_BODY: Final = 256 * 1024  # bytes; no request of ours comes near
_LONGEST_TOKEN: Final = 4_000  # characters
_KEPT: Final = 200  # media types: clients send one of a few
_LONGEST_KEPT: Final = 200  # characters


class BadRequest(BadInput):
    """A request that never runs; ``reason`` names one of ``REQUEST_FAULTS``."""

    def __init__(
        self, reason: str, headers: Mapping[str, str] | None = None, **params: int | str
    ) -> None:
        super().__init__(reason, **params)
        self.headers = headers or {}


def bearer(header: str | None) -> str:
    """Return the token of an Authorization header; empty without one.

    Of one that is longer than any of ours only the beginning: a socket keeps it while it is open.
    """
    scheme, _, token = (header or "").partition(" ")
    return token.strip()[:_LONGEST_TOKEN] if scheme.lower() == "bearer" else ""


class Incoming(Request):
    """A request as far as it is read here: each header at once, and a body that has an end."""

    def __init__(self, scope: Scope, receive: Receive, arrived: bytes | None = None) -> None:
        """``arrived``: the body, where all of it is here."""
        super().__init__(scope, receive)
        self._heard = _Heard(raw=scope["headers"])
        self._arrived = arrived

    @property
    def headers(self) -> Headers:
        """The headers; of several with one name the first counts."""
        return self._heard

    def first(self, name: bytes) -> str | None:
        """Return a header's first value; None without one. ``name``: in small letters."""
        return self._heard.first(name)

    async def body(self) -> bytes:
        """Read all of the body.

        Raise ``BadRequest`` for one that is too large while it arrives, declared length or not.
        """
        if self._arrived is not None:
            if len(self._arrived) > LARGEST_BODY:
                raise BadRequest("BODY_TOO_LARGE", most=LARGEST_BODY)
            return self._arrived
        parts: list[bytes] = []
        size = 0
        more = True
        while more:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            part = message.get("body", b"")
            size += len(part)
            if size > LARGEST_BODY:
                raise BadRequest("BODY_TOO_LARGE", most=LARGEST_BODY)
            parts.append(part)
            more = message.get("more_body", False)
        return b"".join(parts)


class _Heard(Headers):
    """Starlette's headers, which it goes through for each that is looked up."""

    def __init__(self, raw: list[tuple[bytes, bytes]]) -> None:
        super().__init__(raw=raw)
        self._first = dict(reversed(raw))

    def __getitem__(self, key: str) -> str:
        """Return a header's first value. Raise ``KeyError`` without one."""
        return self._first[_written(key)].decode("latin-1")

    def first(self, name: bytes) -> str | None:
        """Return a header's first value; None without one. ``name``: in small letters."""
        found = self._first.get(name)
        return None if found is None else found.decode("latin-1")

    def getlist(self, key: str) -> list[str]:
        """Return all of a header's values."""
        if len(self._first) < len(self):  # one of them came in several lines
            return super().getlist(key)
        found = self._first.get(_written(key))
        return [] if found is None else [found.decode("latin-1")]

    def get(self, key: str, default: Any = None) -> Any:
        """Return a header's first value."""
        found = self._first.get(_written(key))
        return default if found is None else found.decode("latin-1")


@lru_cache(_KEPT)  # of names that we look up
def _written(name: str) -> bytes:
    return name.lower().encode("latin-1")


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
    headers = request.headers
    given = headers.get("content-type", ""), headers.get("content-encoding", "identity")
    short = len(given[0]) + len(given[1]) <= _LONGEST_KEPT
    if not (_is_json(*given) if short else _is_json.__wrapped__(*given)):
        raise BadRequest("UNSUPPORTED_MEDIA_TYPE", {"Accept-Post": JSON})


@lru_cache(_KEPT)
def _is_json(content_type: str, encoding: str) -> bool:
    """Whether a body is plain JSON in UTF-8."""
    media_type, *parameters = content_type.lower().split(";")
    charsets = [value for value in map(str.strip, parameters) if value.startswith("charset=")]
    plain = encoding.lower() == "identity"
    utf8 = all(charset[8:].strip('"') in ("utf-8", "utf8") for charset in charsets)
    return media_type.strip() == JSON and utf8 and plain


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
