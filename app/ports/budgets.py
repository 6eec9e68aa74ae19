"""Counts of the points that were spent, by minute and by who spent them.

What is counted in one process holds at once there. Of other processes it knows what they shared,
once a second and in the background: no request waits for it.
"""

from typing import Final, Protocol

_MOST_KEYS: Final = 200_000  # of one minute; beyond them the oldest is forgotten


class Budgets(Protocol):
    """Counts points by key, anew in each window of time."""

    def spent(self, key: str, window: int) -> int:
        """Return how many points of a window are known to be spent."""

    def spend(self, key: str, points: int, window: int) -> None:
        """Count points as spent."""


class LocalBudgets:
    """The counts of one process."""

    def __init__(self) -> None:
        self._window = 0
        self._spent: dict[str, int] = {}

    def spent(self, key: str, window: int) -> int:
        """Return how many points of a window were spent."""
        return self._spent.get(key, 0) if window == self._window else 0

    def spend(self, key: str, points: int, window: int) -> None:
        """Count points as spent."""
        if window != self._window:
            self._window = window
            self._spent = {}
        if key not in self._spent and len(self._spent) >= _MOST_KEYS:
            del self._spent[next(iter(self._spent))]
        self._spent[key] = self._spent.get(key, 0) + points

    def know(self, key: str, points: int, window: int) -> None:
        """Take it that so many points of the current window were spent in all.

        Fewer than are known are told where the common counts were lost: those here hold.
        """
        if window == self._window:
            self._spent[key] = max(points, self._spent.get(key, 0))
