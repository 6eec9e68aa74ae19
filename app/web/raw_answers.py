"""Answers written by hand, where no request was understood."""

from collections.abc import Sequence
from http import HTTPStatus

from starlette.datastructures import Headers

from app.domain.languages import read_language
from app.web.answers import refused
from app.web.headers import completed
from app.web.requests import BadRequest


def raw_refusal(
    reason: str, heard: Sequence[tuple[bytes, bytes]] | None, **bounds: int | str
) -> bytes:
    """Return a whole answer in the language of the headers ``heard`` so far; none follows."""
    language = read_language(Headers(raw=list(heard or ())).get("accept-language"))
    response = refused(BadRequest(reason, {"Connection": "close"}, **bounds), language)
    status = HTTPStatus(response.status_code)
    lines = [b"HTTP/1.1 %d %s" % (status, status.phrase.encode())]
    lines += [b"%s: %s" % header for header in completed(response.raw_headers, status)]
    return b"\r\n".join([*lines, b"", bytes(response.body)])
