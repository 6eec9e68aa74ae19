"""What a group is: its type, its colour and what it requires of its people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app.domain.health import HealthCode
from app.domain.refusals import Refusal, RefusalCode
from app.domain.words import Word


class GroupType(Word):
    """The kinds of organisation (R5)."""

    ENTERPRISE = "ENTERPRISE"
    SCHOOL = "SCHOOL"
    PUBLIC_INSTITUTION = "PUBLIC_INSTITUTION"
    GOVERNMENT = "GOVERNMENT"
    SOCIAL_ORGANISATION = "SOCIAL_ORGANISATION"
    OTHER = "OTHER"


class GroupColour(Word):
    """The one colour a group carries (R21)."""

    GREEN = "GREEN"
    YELLOW = "YELLOW"
    RED = "RED"


class NatValidity(Word):
    """How long a negative test holds (R19)."""

    NONE = "NONE"
    H24 = "H24"
    H48 = "H48"
    H72 = "H72"
    D7 = "D7"

    @property
    def duration(self) -> timedelta | None:
        """Return the time from tested-at to the lapse; None where no test is required."""
        return _DURATIONS.get(self)


_DURATIONS: Final = {
    NatValidity.H24: timedelta(hours=24),
    NatValidity.H48: timedelta(hours=48),
    NatValidity.H72: timedelta(hours=72),
    NatValidity.D7: timedelta(days=7),
}

# The codes that a group may choose to list as anomalies; red is always listed (R19).
CHOOSABLE_CODES: Final = frozenset({HealthCode.YELLOW, HealthCode.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Requirement:
    """What the group asks of its members, and which codes beside red it lists (R19)."""

    nat_validity: NatValidity = NatValidity.NONE
    anomalous_codes: frozenset[HealthCode] = CHOOSABLE_CODES


def requirement_codes(lists_yellow: bool, lists_unknown: bool) -> frozenset[HealthCode]:
    """Return the codes beside red that a group lists as anomalies (R19)."""
    chosen = {HealthCode.YELLOW: lists_yellow, HealthCode.UNKNOWN: lists_unknown}
    return frozenset(code for code, listed in chosen.items() if listed)


def chosen_codes(codes: Iterable[HealthCode]) -> frozenset[HealthCode]:
    """Return the codes beside red that the creator chooses (R19); refused: others than may be."""
    chosen = frozenset(codes) - {HealthCode.RED}
    if not chosen <= CHOOSABLE_CODES:
        raise Refusal(RefusalCode.HEALTH_CODE_NOT_CHOOSABLE, "anomalousCodes")
    return chosen


@dataclass(frozen=True, slots=True)
class GroupOffer:
    """A group that its creator offers to one of the admins, and until when (R16)."""

    member_id: UUID
    until: datetime


def current_offer(
    offered_to: UUID | None, offered_until: datetime | None, now: datetime
) -> GroupOffer | None:
    """Return the offer of a group that may be accepted now; None when there is none (R16)."""
    if offered_to is None or offered_until is None or now >= offered_until:
        return None
    return GroupOffer(offered_to, offered_until)
