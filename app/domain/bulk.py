"""Rows that a manager sends many of at once: what becomes of each, and how many there may be."""

from enum import StrEnum

from app.domain.limits import BULK_ROWS
from app.domain.refusals import Refusal, RefusalCode


class RowResult(StrEnum):
    """What became of one row; whatever isn't one of the first three left nothing changed."""

    ADDED = "ADDED"
    UPDATED = "UPDATED"
    UNCHANGED = "UNCHANGED"
    REPEATED = "REPEATED"
    NOT_A_MEMBER = "NOT_A_MEMBER"
    NAME_INVALID = "NAME_INVALID"
    REMARK_INVALID = "REMARK_INVALID"
    SECTION_INVALID = "SECTION_INVALID"
    ROSTER_FULL = "ROSTER_FULL"
    TOO_MANY_SECTIONS = "TOO_MANY_SECTIONS"


def check_rows(count: int) -> None:
    """Raise ``Refusal`` for no row at all, or more than may be sent at once."""
    if not count:
        raise Refusal(RefusalCode.NOTHING_TO_CHANGE, "rows")
    if count > BULK_ROWS:
        raise Refusal(RefusalCode.TOO_MANY_ROWS, "rows")
