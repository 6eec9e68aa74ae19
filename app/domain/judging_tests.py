"""What a member's tests give: a reason or none, and when time alone changes it (R19, R20, R22)."""

from datetime import datetime
from typing import TypeAlias

from app.domain.anomalies import AnomalyReason
from app.domain.excuses import PAUSED, Excuse
from app.domain.groups import Requirement
from app.domain.health import TestResult, TestSummary

Found: TypeAlias = tuple[AnomalyReason | None, datetime | None]


def judge_tests(
    requirement: Requirement, tests: TestSummary, excuse: Excuse | None, now: datetime
) -> Found:
    """Return the reason that the tests give at ``now``, and when time alone changes it.

    While a member is excused, what the requirement asks for is no reason.
    """
    reason, change_at = _asked(requirement, tests, now)
    if excuse is None:
        return reason, change_at
    found, at = _unless_paused(reason, excuse, now), now
    while bounds := [one for one in (change_at, excuse.next_bound(at)) if one is not None]:
        at = min(bounds)
        reason, change_at = _asked(requirement, tests, at)
        if _unless_paused(reason, excuse, at) is not found:
            return found, at
    return found, None


def _unless_paused(
    reason: AnomalyReason | None, excuse: Excuse, at: datetime
) -> AnomalyReason | None:
    return None if reason in PAUSED and excuse.holds(at) else reason


def _asked(requirement: Requirement, tests: TestSummary, now: datetime) -> Found:
    """Return the same for who isn't excused."""
    tests = tests.at(now)
    coming = tests.next_negative_at
    if tests.newest_result is TestResult.POSITIVE:
        return AnomalyReason.TEST_POSITIVE, coming
    validity = requirement.nat_validity.duration
    if validity is None:
        return None, None
    if tests.newest_negative_at is None:
        return AnomalyReason.TEST_MISSING, coming
    lapses_at = tests.newest_negative_at + validity
    if now >= lapses_at:  # R19: at exactly tested-at + validity it has lapsed
        return AnomalyReason.TEST_EXPIRED, coming
    if coming is not None and coming <= lapses_at:
        lapses_at = coming + validity
    return None, lapses_at
