"""When managers are alerted of newly opened anomalies, and what the alert says (R28)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from app.domain.anomalies import AnomalyReason
from app.domain.groups import Requirement
from app.domain.health import TestSummary

GATHERED_FOR: Final = timedelta(hours=1)  # our reading: time alone causes one SMS an hour at most
TOLD_TOGETHER: Final = timedelta(minutes=1)  # what opens within it goes into one SMS
_GRAVE: Final = {AnomalyReason.CODE_RED, AnomalyReason.TEST_POSITIVE}
_NIGHT_FALLS: Final = time(22)
_NIGHT_ENDS: Final = time(7)


@dataclass(frozen=True, slots=True)
class Alert:
    """What one alert says: how many anomalies are new, and how many of them are red codes.

    ``by_time`` is True where time alone opened them all: the next such alert waits an hour.
    """

    count: int
    red: int
    by_time: bool


def alert_of(anomalies: Sequence[Collection[AnomalyReason]]) -> Alert:
    """Return the alert of new anomalies, each given by its reasons: numbers, no names."""
    red = sum(AnomalyReason.CODE_RED in reasons for reasons in anomalies)
    by_time = all(set(reasons) == {AnomalyReason.TEST_EXPIRED} for reasons in anomalies)
    return Alert(len(anomalies), red, by_time)


@dataclass(frozen=True, slots=True)
class NewAnomaly:
    """An anomaly that managers are alerted of, or were.

    ``version``: of the group, by which it was new; ``waits`` for the alert of the whole group.
    """

    version: int
    reasons: Collection[AnomalyReason]
    section_id: UUID | None
    waits: bool

    @property
    def is_urgent(self) -> bool:
        """Whether it waits, and nobody's chosen time is waited for: code red, positive result."""
        return self.waits and not _GRAVE.isdisjoint(self.reasons)

    def is_untold(self, alerted: int | None) -> bool:
        """Whether a manager who was alerted up to this version wasn't alerted of it."""
        return alerted is None or self.version > alerted


def held_back(anomalies: Sequence[NewAnomaly], alerted: int | None) -> list[NewAnomaly]:
    """Return of which anomalies a manager wasn't alerted yet.

    ``alerted``: the version of the newest that they were alerted of at their own time.
    """
    return [one for one in anomalies if one.is_untold(alerted)]


def alerted_with_group(
    anomalies: Sequence[NewAnomaly], alerted: int | None, *, has_time: bool
) -> list[NewAnomaly]:
    """Return of which anomalies a manager is alerted when the group's alert goes.

    Of those that wait. Who ``has_time`` of their own waits for that, unless one is urgent: then
    all that was held back goes along. What they heard of at their time isn't told again, but what
    is urgent.
    """
    if has_time and not any(one.is_urgent for one in anomalies):
        return []
    return [
        one
        for one in anomalies
        if one.is_urgent or (one.is_untold(alerted) and (has_time or one.waits))
    ]


def alerted_before(anomalies: Sequence[NewAnomaly]) -> int:
    """Return the version of the newest anomaly that waits no longer, 0 without one.

    An alert takes along all that wait, so that what waits now is newer than all of these.
    """
    return max((one.version for one in anomalies if not one.waits), default=0)


def opened_by_time(
    reasons: Sequence[AnomalyReason],
    tests: TestSummary,
    as_of: datetime | None,
    requirement: Requirement,
) -> bool:
    """Return whether time alone opened an anomaly.

    It did where the one reason is a lapsed test that was still good at ``as_of``, when the
    provider was last queried.
    """
    validity = requirement.nat_validity.duration
    if tuple(reasons) != (AnomalyReason.TEST_EXPIRED,) or validity is None:
        return False
    negative_at = tests.newest_negative_at
    return as_of is not None and negative_at is not None and as_of < negative_at + validity


def alert_at(now: datetime, zone: ZoneInfo, last_by_time: datetime | None) -> datetime:
    """Return when to alert of what time alone opens at ``now``: by the hour, never at night.

    ``last_by_time`` is the last such alert; it is night from 22:00 to 07:00 in ``zone``.
    """
    at = now if last_by_time is None else max(now, last_by_time + GATHERED_FOR)
    local = at.astimezone(zone)
    if _NIGHT_ENDS <= local.time() < _NIGHT_FALLS:
        return at
    morning = local.replace(hour=_NIGHT_ENDS.hour, minute=0, second=0, microsecond=0)
    if local.time() >= _NIGHT_FALLS:
        morning += timedelta(days=1)
    return morning.astimezone(at.tzinfo)


def found_alert_at(reasons: Collection[AnomalyReason], now: datetime, *, gathers: bool) -> datetime:
    """Return when to alert of what a fetch found at ``now``; code red never waits.

    ``gathers`` where more may be found within the minute, as by the fetches of those who join;
    what a whole refresh found is together already.
    """
    return now + TOLD_TOGETHER if gathers and AnomalyReason.CODE_RED not in reasons else now


def still_alert_at(
    waiting_until: datetime | None,
    before: Collection[AnomalyReason],
    reasons: Collection[AnomalyReason],
    now: datetime,
    *,
    gathers: bool,
) -> datetime | None:
    """Return when to alert of an anomaly that was open ``before``, with the reasons it has now.

    It stays the moment it waits for, None where it waits for none. One that turns code red or
    test positive is alerted like a new one, and code red never waits.
    """
    turned = _GRAVE & set(reasons) - set(before)
    is_urgent = waiting_until is not None and AnomalyReason.CODE_RED in reasons
    if not (turned or is_urgent):
        return waiting_until
    at = found_alert_at(turned or reasons, now, gathers=gathers)
    return at if waiting_until is None else min(at, waiting_until)
