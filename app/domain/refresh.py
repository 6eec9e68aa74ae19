"""Refresh runs: their states and when the next one may start (R25)."""

from datetime import datetime
from enum import StrEnum

from app.domain.limits import REFRESH_INTERVAL


class RefreshStatus(StrEnum):
    """Where a run stands."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    PARTLY_DONE = "PARTLY_DONE"
    FAILED = "FAILED"

    @property
    def ended(self) -> bool:
        """Whether the run is over."""
        return self in (RefreshStatus.DONE, RefreshStatus.PARTLY_DONE, RefreshStatus.FAILED)


def ended_as(total: int, missing: int) -> RefreshStatus:
    """How a run ends that could not get ``missing`` of its ``total`` people (R25)."""
    if missing == 0:
        return RefreshStatus.DONE
    return RefreshStatus.FAILED if missing == total else RefreshStatus.PARTLY_DONE


def next_allowed_at(last_started_at: datetime | None, now: datetime) -> datetime:
    """The time from which a new run is possible; ``now`` where it already is (R25)."""
    if last_started_at is None:
        return now
    return max(now, last_started_at + REFRESH_INTERVAL)
