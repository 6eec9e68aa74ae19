"""Refresh runs: their states, how long one goes on, and when the next may start (R25)."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.limits import REFRESH_DEADLINE, REFRESH_INTERVAL

_TIME_TO_END: Final = timedelta(minutes=1)  # to judge the group and keep the report
_PAUSES: Final = (timedelta(seconds=5), timedelta(minutes=1))  # the shortest and the longest


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


def ended_as(total: int, missing: int, answered: int) -> RefreshStatus:
    """Return how a run ends after which ``missing`` of its ``total`` people are not known (R25).

    The provider answered about ``answered`` of them, be it that it doesn't know them. That it
    knows nobody is an answer, too: it is no failure to have asked.
    """
    if missing == 0 or missing == answered == total:
        return RefreshStatus.DONE
    return RefreshStatus.PARTLY_DONE if answered else RefreshStatus.FAILED


def time_to_query(started_at: datetime, now: datetime) -> timedelta:
    """Return how long a run may still query the provider, to end by its deadline (R25).

    Zero or less where there is no time left.
    """
    return started_at + REFRESH_DEADLINE - _TIME_TO_END - now


def ask_again_at(started_at: datetime, now: datetime, wait: float | None) -> datetime | None:
    """Return when a run asks a provider again that is away; None where no time is left (R25).

    ``wait``: the seconds that the provider asked for. Beside that, pauses grow with the run's age.
    """
    shortest, longest = _PAUSES
    pause = min(max((now - started_at) / 4, shortest), longest)
    at = now + max(pause, timedelta(seconds=wait or 0))
    return at if at < now + time_to_query(started_at, now) else None


def next_allowed_at(last_started_at: datetime | None, now: datetime) -> datetime:
    """Return the time from which a new run is possible; ``now`` where it already is (R25).

    ``last_started_at`` is the start of the last run that didn't fail, None before the first. One
    that lies ahead by more than the interval is of a clock that was wrong, and counts for nothing.
    """
    if last_started_at is None or last_started_at > now + REFRESH_INTERVAL:
        return now
    return max(now, last_started_at + REFRESH_INTERVAL)
