"""Time, injected: nothing else in the server asks the system what time it is.

Clocks tell whole milliseconds, as clients are told them: a moment that was shown is the moment
that is meant, so that nobody who acts at it comes too early.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import time_ns
from typing import Final, Protocol

from app.domain.times import to_milliseconds

_A_MILLISECOND: Final = 1_000_000  # nanoseconds


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """Return the current time in UTC, in whole milliseconds."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the current time in UTC."""
        return datetime.fromtimestamp(time_ns() // _A_MILLISECOND / 1000, UTC)


class MovableClock:
    """A clock plus an offset that tests and the sandbox move forward.

    The clock is the machine's, unless ``fixed_at``: then time passes only by moving it.
    """

    def __init__(self, fixed_at: datetime | None = None) -> None:
        self._fixed_at = fixed_at
        self._offset = timedelta()
        self.on_move: Callable[[], None] = lambda: None

    def now(self) -> datetime:
        """Return the current, possibly moved, time in UTC."""
        return to_milliseconds((self._fixed_at or datetime.now(UTC)) + self._offset)

    def advance(self, by: timedelta) -> datetime:
        """Move time forward, wake whoever waits for due work, and return the new time."""
        self._offset += by
        self.on_move()
        return self.now()
