"""How often things may be done that cost money or reach other systems: the one table of quotas.

Codes have limits of their own beside these, by phone (R40); a refresh, a reminder and an SMS have
those of their rules (R25, R31, R28). docs/limits.md lists them all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.limits import CODES_PER_ADDRESS


class Quota(StrEnum):
    """What is counted."""

    CODES = "CODES"
    SIGN_INS = "SIGN_INS"
    RENEWALS = "RENEWALS"
    FACE_CHECKS = "FACE_CHECKS"
    FACE_RESULTS = "FACE_RESULTS"
    FAMILY_LOOKUPS = "FAMILY_LOOKUPS"
    REFRESHES = "REFRESHES"
    REMINDERS = "REMINDERS"
    INVITATIONS = "INVITATIONS"
    APPOINTMENTS = "APPOINTMENTS"
    ORGANISATION_CODES = "ORGANISATION_CODES"
    GROUP_ATTACHMENTS = "GROUP_ATTACHMENTS"
    ORGANISATION_ATTACHMENTS = "ORGANISATION_ATTACHMENTS"
    BULK_EDITS = "BULK_EDITS"
    EXPORTS = "EXPORTS"
    OWN_EXPORTS = "OWN_EXPORTS"


class Whose(StrEnum):
    """Of whom it is counted: an address, who is signed in, or a group, whoever acts in it."""

    ADDRESS = "ADDRESS"
    PERSON = "PERSON"
    GROUP = "GROUP"


@dataclass(frozen=True, slots=True)
class Allowance:
    """``most`` times in so many ``hours``, which begin at whole ones, of a day at midnight UTC."""

    whose: Whose
    most: int
    hours: int

    def window(self, now: datetime) -> str:
        """Return the name of the window that a moment is in."""
        return self._start(now).strftime("%Y-%m-%dT%H")

    def left(self, now: datetime) -> timedelta:
        """Return how long that window still lasts."""
        return self._start(now) + timedelta(hours=self.hours) - now

    def _start(self, now: datetime) -> datetime:
        whole = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        return whole - timedelta(hours=whole.hour % self.hours)


ALLOWANCES: Final[Mapping[Quota, Sequence[Allowance]]] = {
    # A school behind one address signs in on the same morning: generous, but bounded.
    Quota.CODES: (Allowance(Whose.ADDRESS, CODES_PER_ADDRESS, 1),),
    Quota.SIGN_INS: (Allowance(Whose.ADDRESS, 2000, 1),),
    Quota.RENEWALS: (Allowance(Whose.ADDRESS, 2000, 1),),
    Quota.FACE_CHECKS: (Allowance(Whose.PERSON, 100, 1), Allowance(Whose.PERSON, 200, 24)),
    Quota.FACE_RESULTS: (Allowance(Whose.PERSON, 300, 1),),
    Quota.FAMILY_LOOKUPS: (Allowance(Whose.PERSON, 30, 1), Allowance(Whose.PERSON, 100, 24)),
    Quota.REFRESHES: (Allowance(Whose.GROUP, 120, 1),),  # R25 bounds it for whoever asks
    Quota.REMINDERS: (Allowance(Whose.PERSON, 60, 1), Allowance(Whose.GROUP, 60, 1)),
    Quota.INVITATIONS: (Allowance(Whose.PERSON, 200, 1), Allowance(Whose.GROUP, 400, 1)),
    Quota.BULK_EDITS: (Allowance(Whose.PERSON, 60, 1), Allowance(Whose.GROUP, 120, 1)),
    # Each is an SMS to a phone that somebody entered.
    Quota.APPOINTMENTS: (Allowance(Whose.PERSON, 60, 1), Allowance(Whose.PERSON, 200, 24)),
    Quota.ORGANISATION_CODES: (Allowance(Whose.PERSON, 60, 1),),
    # Everyone in the group is told, or in all groups below.
    Quota.GROUP_ATTACHMENTS: (Allowance(Whose.PERSON, 60, 1), Allowance(Whose.GROUP, 6, 1)),
    Quota.ORGANISATION_ATTACHMENTS: (
        Allowance(Whose.PERSON, 20, 1),
        Allowance(Whose.PERSON, 60, 24),
    ),
    Quota.EXPORTS: (Allowance(Whose.PERSON, 60, 1), Allowance(Whose.GROUP, 120, 1)),
    Quota.OWN_EXPORTS: (Allowance(Whose.PERSON, 20, 1), Allowance(Whose.PERSON, 60, 24)),
}
