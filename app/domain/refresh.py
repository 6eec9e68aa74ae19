"""Refresh runs: their states, how long one goes on, and when the next may start (R25)."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.limits import REFRESH_DEADLINE, REFRESH_INTERVAL

_TIME_TO_END: Final = timedelta(minutes=1)  # to judge the group and keep the report


class RefreshStatus(StrEnum):
    """The state of a run."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    PARTLY_DONE = "PARTLY_DONE"
    FAILED = "FAILED"

    @property
    def ended(self) -> bool:
        """Whether the run is over."""
        return self not in OPEN_STATES


OPEN_STATES: Final = (RefreshStatus.QUEUED, RefreshStatus.RUNNING)


def ended_as(total: int, missing: int) -> RefreshStatus:
    """Return how a run ends that could not get ``missing`` of its ``total`` people (R25)."""
    if missing == 0:
        return RefreshStatus.DONE
    return RefreshStatus.FAILED if missing == total else RefreshStatus.PARTLY_DONE


def time_to_query(started_at: datetime, now: datetime) -> timedelta:
    """Return how long a run may still query the provider, to end by its deadline (R25).

    Zero or less where there is no time left.
    """
    return started_at + REFRESH_DEADLINE - _TIME_TO_END - now


def next_allowed_at(last_started_at: datetime | None, now: datetime) -> datetime:
    """Return the time from which a new run is possible; ``now`` where it already is (R25).

    ``last_started_at`` is the start of the last run that didn't fail, None before the first.
    """
    if last_started_at is None:
        return now
    return max(now, last_started_at + REFRESH_INTERVAL)
