"""Whether a group is active, and when it is refreshed by itself (R24, R27)."""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from app.domain.limits import ACTIVE_REFRESH_EVERY, INACTIVE_AFTER_DAYS, INACTIVE_REFRESH_EVERY

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class ActivityState(StrEnum):
    """Whether managers look after a group."""

    ACTIVE = "ACTIVE"
    INACTIVE = "INACTIVE"


def last_visit_on(visited_on: date | None, created_on: date) -> date:
    """Return the day of the last refresh by hand; creating the group counts as one (R27)."""
    return visited_on or created_on


def activity_on(today: date, last_visit: date) -> ActivityState:
    """Return INACTIVE once two whole days in a row passed without a refresh by hand (R27).

    Refreshed on the 1st, not on the 2nd and 3rd: inactive from the 4th.
    """
    away = (today - last_visit).days
    return ActivityState.INACTIVE if away > INACTIVE_AFTER_DAYS else ActivityState.ACTIVE


def next_scheduled_at(group_id: UUID, state: ActivityState, now: datetime) -> datetime:
    """Return the group's next time to be refreshed by itself, after ``now`` (R24).

    The times of all groups are spread evenly by their ids: four a day, or one of the same
    four for inactive groups.
    """
    active = state is ActivityState.ACTIVE
    every = ACTIVE_REFRESH_EVERY if active else INACTIVE_REFRESH_EVERY
    offset = timedelta(seconds=group_id.int % int(INACTIVE_REFRESH_EVERY.total_seconds()))
    return _EPOCH + offset + every * ((now - _EPOCH - offset) // every + 1)


def next_run_at(
    group_id: UUID, last_visit: date, zone: ZoneInfo, now: datetime, allowed_at: datetime
) -> datetime:
    """Return the moment after ``now`` at which the group is next refreshed by itself (R24).

    A time before ``allowed_at`` passes without a run (R25). ``last_visit`` decides, for the day
    in ``zone`` of each time to come, whether the group is active by then (R27).
    """
    at = now
    while True:
        at = next_scheduled_at(group_id, ActivityState.ACTIVE, at)
        activity = activity_on(at.astimezone(zone).date(), last_visit)
        if at >= allowed_at and _is_scheduled(group_id, activity, at):
            return at


def _is_scheduled(group_id: UUID, state: ActivityState, at: datetime) -> bool:
    return next_scheduled_at(group_id, state, at - timedelta.resolution) == at


def is_refresh_due(group_id: UUID, state: ActivityState, since: datetime, now: datetime) -> bool:
    """Return whether one of the group's times has come since ``since``, its last run (R24).

    However many times were missed, one refresh makes up for them. A group that fell inactive
    meanwhile leaves out the times of active ones.
    """
    return next_scheduled_at(group_id, state, since) <= now
