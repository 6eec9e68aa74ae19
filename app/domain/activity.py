"""Whether a group is active, and when it is refreshed by itself (R24, R27)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from app.domain.limits import ACTIVE_REFRESH_EVERY, INACTIVE_AFTER_DAYS, INACTIVE_REFRESH_EVERY
from app.domain.refresh import next_allowed_at

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class ActivityState(StrEnum):
    """Whether managers look after a group."""

    ACTIVE = "ACTIVE"
    INACTIVE = "INACTIVE"


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


@dataclass(frozen=True, slots=True)
class Schedule:
    """What decides when a group is refreshed by itself: its id, and its managers' last visit.

    ``last_visit`` is a day in ``zone``.
    """

    group_id: UUID
    last_visit: date
    zone: ZoneInfo

    def activity_at(self, at: datetime) -> ActivityState:
        """Return whether the group is active at a moment, if nobody visits it until then (R27)."""
        return activity_on(at.astimezone(self.zone).date(), self.last_visit)

    def next_time(self, after: datetime) -> datetime:
        """Return the first of its times after ``after``, by its activity then (R24, R27)."""
        at = after
        while True:
            at = next_scheduled_at(self.group_id, ActivityState.ACTIVE, at)
            if _is_scheduled(self.group_id, self.activity_at(at), at):
                return at

    def next_run(self, after: datetime, last_started_at: datetime | None) -> datetime:
        """Return the first moment after ``after`` at which a run begins by itself (R24, R25).

        It is promised to who asks now; and a run is due where the first one since the last
        run's start isn't ahead any more, so that one refresh makes up for any number of missed
        times. A time within the interval since ``last_started_at``, the start of the last run
        that didn't fail, passes without one.
        """
        at = self.next_time(after)
        while next_allowed_at(last_started_at, at) > at:
            at = self.next_time(at)
        return at


def _is_scheduled(group_id: UUID, state: ActivityState, at: datetime) -> bool:
    return next_scheduled_at(group_id, state, at - timedelta.resolution) == at
