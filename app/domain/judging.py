"""Judging a group: one pure function of requirement, records and time (R18-R23).

It answers the colour, why, who is anomalous, and the next moment at which the answer
changes by time alone (R22).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.domain.groups import GroupColour, Requirement
from app.domain.health import HealthCode, TestResult, TestSummary


class AnomalyReason(StrEnum):
    """Why a member doesn't meet the requirement (R20)."""

    CODE_RED = "CODE_RED"
    CODE_YELLOW = "CODE_YELLOW"
    CODE_UNKNOWN = "CODE_UNKNOWN"
    TEST_MISSING = "TEST_MISSING"
    TEST_EXPIRED = "TEST_EXPIRED"
    TEST_POSITIVE = "TEST_POSITIVE"


_BITS: Final = {reason: 1 << place for place, reason in enumerate(AnomalyReason)}


def reason_mask(reasons: Iterable[AnomalyReason]) -> int:
    """Reasons as the bits of one number, by which rows that have some of them are found."""
    return sum(_BITS[reason] for reason in set(reasons))


def masks_with_any(reasons: Iterable[AnomalyReason]) -> list[int]:
    """Every mask that has at least one of these reasons."""
    wanted = reason_mask(reasons)
    return [mask for mask in range(1 << len(_BITS)) if mask & wanted]


_CODE_REASONS: Final[Mapping[HealthCode, AnomalyReason]] = {
    HealthCode.RED: AnomalyReason.CODE_RED,
    HealthCode.YELLOW: AnomalyReason.CODE_YELLOW,
    HealthCode.UNKNOWN: AnomalyReason.CODE_UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """What is known of one member when the group is judged.

    ``awaited_until`` is set while the member's first data is on its way (R14).
    """

    member_id: UUID
    health_code: HealthCode
    tests: TestSummary
    awaited_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class MemberVerdict:
    """The reasons that stand against a member, and when time alone changes them."""

    reasons: tuple[AnomalyReason, ...]
    next_change_at: datetime | None


@dataclass(frozen=True, slots=True)
class GroupVerdict:
    """The group's colour, the count of each reason behind it, and the members listed.

    ``anomalies`` holds the reasons that the group lists (R19); ``reason_counts`` counts
    every reason, listed or not, because the colour counts every code (R21).
    """

    colour: GroupColour
    reason_counts: Mapping[AnomalyReason, int]
    anomalies: Mapping[UUID, MemberVerdict]
    next_change_at: datetime | None


def judge_member(requirement: Requirement, facts: MemberFacts, now: datetime) -> MemberVerdict:
    """Find every reason against one member (R20), listed or not."""
    if facts.awaited_until is not None and now < facts.awaited_until:  # R14
        return MemberVerdict((), facts.awaited_until)
    reasons: list[AnomalyReason] = []
    if code_reason := _CODE_REASONS.get(facts.health_code):
        reasons.append(code_reason)
    test_reason, lapses_at = _judge_tests(requirement, facts.tests, now)
    if test_reason is not None:
        reasons.append(test_reason)
    return MemberVerdict(tuple(reasons), lapses_at)


def _judge_tests(
    requirement: Requirement, tests: TestSummary, now: datetime
) -> tuple[AnomalyReason | None, datetime | None]:
    if tests.newest_result is TestResult.POSITIVE:
        return AnomalyReason.TEST_POSITIVE, None
    validity = requirement.nat_validity.duration
    if validity is None:
        return None, None
    if tests.newest_negative_at is None:
        return AnomalyReason.TEST_MISSING, None
    lapses_at = tests.newest_negative_at + validity
    if now >= lapses_at:  # R19: at exactly tested-at + validity it has lapsed
        return AnomalyReason.TEST_EXPIRED, None
    return None, lapses_at


def is_listed(reason: AnomalyReason, requirement: Requirement) -> bool:
    """Say whether a reason makes a member an anomaly in lists and alerts (R19)."""
    match reason:
        case AnomalyReason.CODE_YELLOW:
            return HealthCode.YELLOW in requirement.anomalous_codes
        case AnomalyReason.CODE_UNKNOWN:
            return HealthCode.UNKNOWN in requirement.anomalous_codes
        case _:
            return True


def colour_of(reasons: Iterable[AnomalyReason]) -> GroupColour:
    """The group's colour from all reasons that stand in it (R21)."""
    standing = set(reasons)
    if AnomalyReason.CODE_RED in standing:
        return GroupColour.RED
    return GroupColour.YELLOW if standing else GroupColour.GREEN


def judge_group(
    requirement: Requirement, members: Iterable[MemberFacts], now: datetime
) -> GroupVerdict:
    """Judge a group at ``now`` (R21, R22)."""
    counts: Counter[AnomalyReason] = Counter()
    anomalies: dict[UUID, MemberVerdict] = {}
    changes: list[datetime] = []
    for facts in members:
        verdict = judge_member(requirement, facts, now)
        counts.update(verdict.reasons)
        if verdict.next_change_at is not None:
            changes.append(verdict.next_change_at)
        listed = tuple(reason for reason in verdict.reasons if is_listed(reason, requirement))
        if listed:
            anomalies[facts.member_id] = MemberVerdict(listed, verdict.next_change_at)
    return GroupVerdict(
        colour=colour_of(counts),
        reason_counts={reason: counts[reason] for reason in AnomalyReason if counts[reason]},
        anomalies=anomalies,
        next_change_at=min(changes, default=None),
    )
