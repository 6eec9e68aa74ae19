"""Reasons why a member doesn't meet the requirement, and what follows of each (R19-R21)."""

from collections.abc import Iterable, Mapping
from typing import Final

from app.domain.groups import GroupColour, Requirement
from app.domain.health import HealthCode
from app.domain.words import Word


class AnomalyReason(Word):
    """Why a member doesn't meet the requirement (R20)."""

    CODE_RED = "CODE_RED"
    CODE_YELLOW = "CODE_YELLOW"
    CODE_UNKNOWN = "CODE_UNKNOWN"
    TEST_MISSING = "TEST_MISSING"
    TEST_EXPIRED = "TEST_EXPIRED"
    TEST_POSITIVE = "TEST_POSITIVE"


CODE_REASONS: Final[Mapping[HealthCode, AnomalyReason]] = {
    HealthCode.RED: AnomalyReason.CODE_RED,
    HealthCode.YELLOW: AnomalyReason.CODE_YELLOW,
    HealthCode.UNKNOWN: AnomalyReason.CODE_UNKNOWN,
}
_BITS: Final = {reason: 1 << number for number, reason in enumerate(AnomalyReason)}


def reason_mask(reasons: Iterable[AnomalyReason]) -> int:
    """Return reasons as the bits of one number, by which rows with some of them are found."""
    return sum(_BITS[reason] for reason in set(reasons))


def masks_with_any(reasons: Iterable[AnomalyReason]) -> list[int]:
    """Return every mask that has at least one of these reasons."""
    wanted = reason_mask(reasons)
    return [mask for mask in range(1 << len(_BITS)) if mask & wanted]


def is_listed(reason: AnomalyReason, requirement: Requirement) -> bool:
    """Return whether a reason makes a member an anomaly in lists and alerts (R19)."""
    match reason:
        case AnomalyReason.CODE_YELLOW:
            return HealthCode.YELLOW in requirement.anomalous_codes
        case AnomalyReason.CODE_UNKNOWN:
            return HealthCode.UNKNOWN in requirement.anomalous_codes
        case _:
            return True


def colour_of(reasons: Iterable[AnomalyReason]) -> GroupColour:
    """Return the group's colour from every reason against its members, listed or not (R21)."""
    found = set(reasons)
    if AnomalyReason.CODE_RED in found:
        return GroupColour.RED
    return GroupColour.YELLOW if found else GroupColour.GREEN
