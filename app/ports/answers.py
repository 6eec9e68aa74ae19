"""Reading what outside systems answer: as leniently as it can be read, and never quoting it.

Nothing that one entry of an answer holds may make the others unreadable: half a character, a
letter in another encoding, a number too large.
"""

import json
import logging
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated, Final, TypeVar
from urllib.parse import urlsplit

import orjson
from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from app.domain.times import read_time

Answer = TypeVar("Answer", bound=BaseModel)

Word = Annotated[str, Field(max_length=200)]
"""A name, a number or an id: longer than any is, what says so can't be read."""

logger = logging.getLogger(__name__)

_HALF_CHARACTER: Final = re.compile("[\ud800-\udfff]")
_LONGEST_INTEGER: Final = 100  # digits; the interpreter refuses to read some longer ones


def read_json(body: bytes) -> object:
    """Return a body's JSON, None for an empty one; raise ``ValueError`` when it can't be read.

    What strict readers refuse is read all the same: half of a surrogate pair or a byte that is
    no UTF-8 counts as one unreadable character (U+FFFD), and control characters, a byte order
    mark and numbers such as NaN are let pass.
    """
    if not body:
        return None
    try:
        strict: object = orjson.loads(body)
    except orjson.JSONDecodeError:
        return _read_leniently(body)
    return strict


def _read_leniently(body: bytes) -> object:
    text = body.decode(json.detect_encoding(body), "replace").removeprefix("\ufeff")
    try:
        read: object = json.loads(text, strict=False, parse_int=_integer)
        return _without_halves(read) if "\\u" in text else read
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) < _LONGEST_INTEGER else float(digits)


def _without_halves(value: object) -> object:
    match value:
        case str():
            return _HALF_CHARACTER.sub("\ufffd", value)
        case list():
            return [_without_halves(entry) for entry in value]
        case dict():
            return {_without_halves(key): _without_halves(entry) for key, entry in value.items()}
        case _:
            return value


Timestamp = Annotated[datetime, BeforeValidator(read_time)]
"""A time as ``read_time`` reads it; nothing else, unlike pydantic's own reading."""


def _time_or_none(value: object) -> datetime | None:
    try:
        return read_time(value)
    except ValueError:
        return None


TimeIfReadable = Annotated[datetime | None, BeforeValidator(_time_or_none)]
"""A time as ``read_time`` reads it; None for anything else."""


def _plain_word(value: object) -> object:
    return value.strip().upper() if isinstance(value, str) else value


AnyCase: Final = BeforeValidator(_plain_word)
"""For an enum of a contract: its words in either case, with spaces around them."""


_LONGEST_LINK: Final = 2_000  # characters
_LINK: Final = re.compile(r"https?://[!-~]+")
_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")


def read_link(url: str, *, plain: bool) -> str:
    """Return a link that a system hands out for people; raise ``ValueError`` for one that misleads.

    It leads to a host by https, or by http where ``plain`` or on this machine, and hides no name
    before an ``@``.
    """
    if len(url) > _LONGEST_LINK or not _LINK.fullmatch(url) or "\\" in url:
        raise ValueError("no link for people")
    parts = urlsplit(url)
    secure = plain or parts.scheme == "https" or parts.hostname in _LOOPBACK
    if not parts.hostname or "@" in parts.netloc or not secure:
        raise ValueError("no link for people")
    return url


def readable(model: type[Answer], entries: Iterable[object], what: str) -> Iterator[Answer]:
    """Yield the entries of an answer that can be read; one that can't spoils none of the others.

    The log says how many can't be read, and never what they say.
    """
    malformed = 0
    for entry in entries:
        try:
            yield model.model_validate(entry)
        except ValidationError:
            malformed += 1
    if malformed:
        logger.warning("malformed %s in one answer: %d", what, malformed)
