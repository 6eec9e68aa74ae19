"""The order of members in lists (R15).

Members alike in what decides come in the order of their ids, so that every order is total and
a cursor finds its position again. Descending is exactly the reverse.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

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
ValueKey = Callable[[str], Key]


def key_of(field: MemberOrderField, text_key: ValueKey) -> ValueKey:
    """Return what makes the key of a value in the order of ``field``; ids decide between equals.

    A value is a time in ISO format, a name, a remark or a code, as text; empty for none. Names and
    remarks go by ``text_key``. What is made raises ``ValueError`` for a value of no such kind.
    """
    match field:
        case MemberOrderField.NAME | MemberOrderField.REMARK:
            return text_key
        case MemberOrderField.HEALTH_CODE:
            return lambda code: (severity_of(HealthCode(code) if code else None),)
        case MemberOrderField.TEST_AGE:
            return lambda at: (age_of(datetime.fromisoformat(at) if at else None),)
        case MemberOrderField.JOINED_AT:
            return lambda at: (datetime.fromisoformat(at),)


def severity_of(code: HealthCode | None) -> int:
    """Return the severity of a code, green lowest; None counts as UNKNOWN."""
    return SEVERITY.index(code or HealthCode.UNKNOWN)


def age_of(newest_result_at: datetime | None) -> float:
    """Return a number that grows with the age of a newest result; no result is the oldest."""
    return -(newest_result_at or _NEVER).timestamp()
