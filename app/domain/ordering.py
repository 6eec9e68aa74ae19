"""The order of members in lists (R15).

Members alike in what decides come in the order of their ids, so that every order is total and
a cursor finds its position again. Descending is exactly the reverse.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.domain.health import HealthCode


class MemberOrderField(StrEnum):
    """What members can be ordered by."""

    JOINED_AT = "JOINED_AT"
    NAME = "NAME"
    REMARK = "REMARK"
    HEALTH_CODE = "HEALTH_CODE"
    TEST_AGE = "TEST_AGE"


class Direction(StrEnum):
    """Which end comes first."""

    ASC = "ASC"
    DESC = "DESC"


SEVERITY: Final = (
    HealthCode.GREEN,
    HealthCode.WITHHELD,
    HealthCode.UNKNOWN,
    HealthCode.YELLOW,
    HealthCode.RED,
)
_NEVER: Final = datetime.min.replace(tzinfo=UTC)

Key = tuple[object, ...]  # keys of one order compare with each other


@dataclass(frozen=True, slots=True)
class Position:
    """A member's position in a list; ``value`` is what decides it, as text."""

    member_id: UUID
    value: str
    key: Key


def position_of(
    field: MemberOrderField, member_id: UUID, value: str, text_key: Callable[[str], Key]
) -> Position:
    """Return the position of a member in the order of ``field``.

    ``value`` is a time in ISO format, a name, a remark or a code; empty for none. Names and
    remarks go by ``text_key``. Raise ``ValueError`` for a value that is none of its field's.
    """
    match field:
        case MemberOrderField.NAME | MemberOrderField.REMARK:
            key = text_key(value)
        case MemberOrderField.HEALTH_CODE:
            key = (severity_of(HealthCode(value) if value else None),)
        case MemberOrderField.TEST_AGE:
            key = (age_of(datetime.fromisoformat(value) if value else None),)
        case MemberOrderField.JOINED_AT:
            key = (datetime.fromisoformat(value),)
    return Position(member_id, value, (key, member_id))


def severity_of(code: HealthCode | None) -> int:
    """Return the severity of a code, green lowest; None counts as UNKNOWN."""
    return SEVERITY.index(code or HealthCode.UNKNOWN)


def age_of(newest_result_at: datetime | None) -> float:
    """Return a number that grows with the age of a newest result; no result is the oldest."""
    return -(newest_result_at or _NEVER).timestamp()
