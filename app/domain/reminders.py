"""Whom a reminder is for (R29-R31)."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from app.domain.groups import NatValidity
from app.domain.health import HealthCode
from app.domain.judging import MemberFacts
from app.domain.limits import REMINDER_GAP

NO_CODES: Final[frozenset[HealthCode]] = frozenset()


class SkipReason(StrEnum):
    """Why someone who meets the condition gets no reminder now (R31)."""

    REMINDED_WITHIN_AN_HOUR = "REMINDED_WITHIN_AN_HOUR"
    NO_PHONE = "NO_PHONE"  # theirs is somebody else's by now (R6)


@dataclass(frozen=True, slots=True)
class ReminderCondition:
    """Who is to be reminded: whoever meets any of its parts (R30)."""

    anomalous: bool = False
    no_negative_within: NatValidity = NatValidity.NONE
    health_codes: Set[HealthCode] = NO_CODES

    @property
    def empty(self) -> bool:
        """Whether it names nobody."""
        return not (
            self.anomalous or self.health_codes or self.no_negative_within is not NatValidity.NONE
        )


def is_meant(
    condition: ReminderCondition, facts: MemberFacts, anomalous: bool, now: datetime
) -> bool:
    """Whether a member meets the condition; one whose first data is on its way doesn't (R14)."""
    if facts.awaited_until is not None and now < facts.awaited_until:
        return False
    if condition.anomalous and anomalous:
        return True
    if facts.health_code in condition.health_codes:
        return True
    window = condition.no_negative_within.duration
    if window is None:
        return False
    negative_at = facts.tests.newest_negative_at
    return negative_at is None or now >= negative_at + window


def was_reminded(reminded_at: datetime | None, now: datetime) -> bool:
    """Whether someone had a reminder from the group within the hour (R31)."""
    return reminded_at is not None and now < reminded_at + REMINDER_GAP
