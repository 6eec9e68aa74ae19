"""What every route of the sandbox reads: bodies, people, texts, times.

Whatever can't be read is refused with 400 and a sentence that helps whoever typed it.
"""

import json
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request

ID_TYPES = (
    "RESIDENT_ID",
    "HK_MACAO_PERMIT",
    "TAIWAN_PERMIT",
    "PASSPORT",
    "FOREIGN_RESIDENT_CARD",
)


class Person(NamedTuple):
    """A person as the outside systems know them."""

    id_type: str
    id_number: str


def refusal(sentence: str, status: int = 400) -> HTTPException:
    """Make the answer to a request that can't be served."""
    return HTTPException(status, sentence)


async def json_body(request: Request) -> Any:
    """Read the body; 400 unless it is JSON."""
    try:
        body = await request.json()
        # NaN and half a surrogate pair can be read but never answered.
        json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        raise refusal("the body is not JSON") from None
    return body


async def json_object(request: Request) -> dict[str, Any]:
    """Read the body; 400 unless it is a JSON object."""
    return as_object(await json_body(request), "the body")


def as_object(value: object, what: str) -> dict[str, Any]:
    """Take a JSON object; 400 for anything else."""
    if not isinstance(value, dict):
        raise refusal(f"{what} must be an object")
    return value


def as_objects(value: object, what: str) -> list[dict[str, Any]]:
    """Take a list of JSON objects; 400 for anything else."""
    if not isinstance(value, list):
        raise refusal(f"{what} must be a list")
    return [as_object(item, f"each of {what}") for item in value]


def text(source: Mapping[str, Any], key: str, default: str | None = None) -> str:
    """Take a text that isn't empty; 400 without one, unless there is a default."""
    value = source.get(key, default)
    if not isinstance(value, str) or not value:
        raise refusal(f"{key} must be a text that is not empty")
    return value


def choice(
    source: Mapping[str, Any], key: str, choices: Collection[str], default: str | None = None
) -> str:
    """Take one of ``choices``; 400 for anything else, also for none without a default."""
    value = source.get(key, default)
    if not isinstance(value, str) or value not in choices:
        raise refusal(f"{key} must be one of {', '.join(choices)}")
    return value


def flag(source: Mapping[str, Any], key: str, default: bool) -> bool:
    """Take true or false; 400 for anything else."""
    value = source.get(key, default)
    if not isinstance(value, bool):
        raise refusal(f"{key} must be true or false")
    return value


def number(
    source: Mapping[str, Any], key: str, default: int, least: int = 0, most: int = 1_000_000
) -> int:
    """Take a whole number from ``least`` to ``most``; 400 for anything else."""
    value = source.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise refusal(f"{key} must be a whole number from {least} to {most}")
    return value


def timestamp(source: Mapping[str, Any], key: str, default: datetime) -> datetime:
    """Take an RFC 3339 time, as UTC; 400 for anything else, also for one without its zone."""
    value = source.get(key)
    if value is None:
        return default
    try:
        at = datetime.fromisoformat(value)
        if at.tzinfo is None:
            raise ValueError
        return at.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise refusal(f"{key} must be a time with its zone, like 2022-09-01T08:00:00Z") from None


def person_in(source: Mapping[str, Any]) -> Person:
    """Take the person a body or a path names; 400 when it names none."""
    return Person(choice(source, "id_type", ID_TYPES), text(source, "id_number"))
