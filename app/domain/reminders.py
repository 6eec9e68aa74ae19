"""Whom a reminder is for (R29-R31)."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.domain.groups import NatValidity
from app.domain.health import HealthCode
from app.domain.judging import MemberFacts, MemberState
from app.domain.limits import REMINDER_GAP
from app.domain.refusals import Refusal, RefusalCode

NO_CODES: Final[frozenset[HealthCode]] = frozenset()
NOBODY: Final[frozenset[UUID]] = frozenset()


class SkipReason(StrEnum):
    """Why someone who meets the condition gets no reminder now (R31)."""

    REMINDED_WITHIN_AN_HOUR = "REMINDED_WITHIN_AN_HOUR"
    NO_PHONE = "NO_PHONE"  # theirs is somebody else's by now (R6)
    NOT_REMINDABLE = "NOT_REMINDABLE"  # chosen, and no member, or nothing is known of their health


@dataclass(frozen=True, slots=True)
class ReminderCondition:
    """Who is to be reminded: whoever meets any of its parts (R30).

    Of those in ``sections`` alone (R50); None among them is who is in none.
    """

    anomalous: bool = False
    no_negative_within: NatValidity = NatValidity.NONE
    health_codes: Set[HealthCode] = NO_CODES
    member_ids: Set[UUID] = NOBODY
    sections: Set[UUID | None] | None = None

    @property
    def empty(self) -> bool:
        """Whether the condition names nobody."""
        return not (
            self.anomalous
            or self.health_codes
            or self.member_ids
            or self.no_negative_within is not NatValidity.NONE
        )


@dataclass(frozen=True, slots=True)
class Audience:
    """The members whom a condition means, and which of them had a reminder just now (R31).

    ``all_at``: when the last of those may be reminded again; None if there is none.
    ``not_remindable``: how many were chosen who can't be reminded at all.
    """

    members: Sequence[UUID]
    reminded: Sequence[UUID]
    all_at: datetime | None = None
    not_remindable: int = 0

    @property
    def to_remind(self) -> list[UUID]:
        """The members who had no reminder just now."""
        reminded = set(self.reminded)
        return [member for member in self.members if member not in reminded]


def check_condition(condition: ReminderCondition) -> None:
    """Raise ``Refusal`` for a condition that names nobody (R30)."""
    if condition.empty:
        raise Refusal(RefusalCode.CONDITION_REQUIRED, "condition")


def audience_of(
    condition: ReminderCondition, members: Iterable[MemberState], now: datetime
) -> Audience:
    """Return whom a condition means of a group's members (R29, R30)."""
    among = [member for member in members if is_among(condition.sections, member)]
    meant = [member for member in among if is_meant(condition, member, now)]
    reminded = [member for member in meant if was_reminded(member.reminded_at, now)]
    times = [member.reminded_at + REMINDER_GAP for member in reminded if member.reminded_at]
    return Audience(
        [member.facts.member_id for member in meant],
        [member.facts.member_id for member in reminded],
        max(times, default=None),
        len(condition.member_ids - {member.facts.member_id for member in meant}),
    )


def is_among(sections: Set[UUID | None] | None, member: MemberState) -> bool:
    """Return whether a member is in one of the sections that somebody chose, if any (R50)."""
    return sections is None or member.section_id in sections


def is_meant(condition: ReminderCondition, member: MemberState, now: datetime) -> bool:
    """Return whether a condition means a member; none whose first data is on its way (R14)."""
    facts = member.facts
    if facts.health_code is HealthCode.WITHHELD:
        return False  # R42
    if facts.awaited_until is not None and now < facts.awaited_until:
        return False
    return (
        facts.member_id in condition.member_ids
        or (condition.anomalous and member.anomaly is not None)
        or facts.health_code in condition.health_codes
        or _lacks_negative(condition, facts, now)
    )


def _lacks_negative(condition: ReminderCondition, facts: MemberFacts, now: datetime) -> bool:
    window = condition.no_negative_within.duration
    if window is None or (facts.excuse is not None and facts.excuse.holds(now)):
        return False
    negative_at = facts.tests.newest_negative_at
    return negative_at is None or now >= negative_at + window


def was_reminded(reminded_at: datetime | None, now: datetime) -> bool:
    """Return whether the last reminder from the group, if any, was within the hour (R31)."""
    return reminded_at is not None and now < reminded_at + REMINDER_GAP
