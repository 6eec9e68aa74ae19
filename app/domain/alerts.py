"""When managers are alerted of a newly opened anomaly (R28)."""

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.groups import Requirement
from app.domain.health import TestSummary
from app.domain.judging import AnomalyReason, MemberVerdict

GATHERED_FOR: Final = timedelta(hours=1)  # our reading: time alone causes one SMS an hour at most
_NIGHT_FALLS: Final = time(22)
_NIGHT_ENDS: Final = time(7)


def opened_by_time(
    verdict: MemberVerdict, tests: TestSummary, as_of: datetime | None, requirement: Requirement
) -> bool:
    """Whether time alone opened an anomaly: the test that lapsed was good when last fetched."""
    validity = requirement.nat_validity.duration
    if verdict.reasons != (AnomalyReason.TEST_EXPIRED,) or validity is None:
        return False
    negative_at = tests.newest_negative_at
    return as_of is not None and negative_at is not None and as_of < negative_at + validity


def alert_at(now: datetime, zone: ZoneInfo, last_by_time: datetime | None) -> datetime:
    """When to alert of what time alone opened: gathered by the hour, never at night."""
    at = now if last_by_time is None else max(now, last_by_time + GATHERED_FOR)
    local = at.astimezone(zone)
    if _NIGHT_ENDS <= local.time() < _NIGHT_FALLS:
        return at
    morning = local.replace(hour=_NIGHT_ENDS.hour, minute=0, second=0, microsecond=0)
    if local.time() >= _NIGHT_FALLS:
        morning += timedelta(days=1)
    return morning.astimezone(at.tzinfo)
