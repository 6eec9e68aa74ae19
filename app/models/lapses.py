"""The next moment at which time alone changes what is shown of a group."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Final
from uuid import UUID

from app.domain.limits import FORMER_KEPT
from app.domain.statistics import WINDOWS
from app.models.statements import fetch_as


class Lapse(Enum):
    """What of a group is there, or counts, for a time only."""

    TESTS = auto()  # by the windows of statistics and filters
    OFFER = auto()
    INVITATIONS = auto()
    FORMER_MEMBERS = auto()
    MESSAGES = auto()


@dataclass(frozen=True, slots=True)
class _Moment:
    at: datetime | None


_TESTED: Final = """
    SELECT MIN(newest_result_at) AS at FROM membership
    JOIN health_record ON health_record.person_id = membership.person_id
    WHERE group_id = $1 AND newest_result_at > $2
"""
_FIRST: Final = {
    Lapse.OFFER: "SELECT offered_until AS at FROM groups WHERE id = $1 AND offered_until > $2",
    Lapse.INVITATIONS: (
        "SELECT MIN(expires_at) AS at FROM invitation WHERE group_id = $1 AND expires_at > $2"
    ),
}
_KEPT: Final = {
    Lapse.FORMER_MEMBERS: (
        "SELECT MIN(left_at) AS at FROM former_member WHERE group_id = $1 AND left_at > $2"
    ),
    Lapse.MESSAGES: (
        "SELECT MIN(created_at) AS at FROM sms WHERE group_id = $1 AND created_at > $2"
    ),
}


async def next_lapse(group_id: UUID, lapses: Collection[Lapse], now: datetime) -> datetime | None:
    """Return the first moment after ``now`` at which one of these changes; None if none will."""
    moments = [await _next(group_id, lapse, now) for lapse in lapses]
    return min((moment for moment in moments if moment is not None), default=None)


async def _next(group_id: UUID, lapse: Lapse, now: datetime) -> datetime | None:
    if lapse is Lapse.TESTS:
        found = [(await _first(_TESTED, group_id, now - age), age) for _, age in WINDOWS]
        return min((at + age for at, age in found if at is not None), default=None)
    if lapse in _FIRST:
        return await _first(_FIRST[lapse], group_id, now)
    at = await _first(_KEPT[lapse], group_id, now - FORMER_KEPT)
    return None if at is None else at + FORMER_KEPT


async def _first(statement: str, group_id: UUID, after: datetime) -> datetime | None:
    rows = await fetch_as(_Moment, statement, group_id, after)
    return rows[0].at if rows else None
