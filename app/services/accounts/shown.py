"""How the file of one's own data shows what it is made of: times as the API does (R43)."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

import orjson

from app.domain.times import read_time, write_time

_HELD_AS_JSON: Final = ("tests", "latestTest", "timesAhead")  # columns of what the provider said
_STORED_TIME: Final = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?\+00:00", re.ASCII
)  # as ``isoformat`` writes it


def as_file(data: Mapping[str, object]) -> bytes:
    """Return the file: JSON."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_PASSTHROUGH_DATETIME
    return orjson.dumps(data, option=options, default=_as_text)


def _as_text(value: object) -> str:
    if isinstance(value, datetime):
        return write_time(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def shown_health(row: Mapping[str, object]) -> dict[str, object]:
    """Return a row with health in it as the file shows it."""
    return {name: _shown(value) if name in _HELD_AS_JSON else value for name, value in row.items()}


def _shown(value: object) -> object:
    match value:
        case dict():
            return {_shown_name(name): _shown(entry) for name, entry in value.items()}
        case list():
            return [_shown(entry) for entry in value]
        case str() if _STORED_TIME.fullmatch(value):
            return read_time(value)
        case _:
            return value


def _shown_name(name: str) -> str:
    """In the case of the API; what lay ahead is named by what it was, with its time."""
    camel = re.sub("_([a-z])", lambda found: found[1].upper(), name)
    return _STORED_TIME.sub(lambda found: write_time(read_time(found[0])), camel)
