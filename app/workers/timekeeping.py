"""Whether this process's clock can be believed: it is compared with PostgreSQL's.

By a clock that jumped ahead a year, all that falls due within it would be done at once: people let
out, data erased, SMS sent, and nothing of that can be taken back. So no work is begun by a clock
that is minutes away from the database's, and `/readyz` keeps requests away from it.
"""

import asyncio
from datetime import datetime, timedelta
from typing import Final

import structlog

from app.models.database import now as database_now
from app.ports.clock import Clock
from app.telemetry import metrics

log = structlog.get_logger(__name__)

MOST_APART: Final = timedelta(minutes=5)
_LOOK_EVERY: Final = 30.0  # seconds; at once when it jumped


class Timekeeper:
    """Compares a clock with the database's, now and then and whenever it jumps."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._right = True
        self._seen: tuple[float, datetime] | None = None

    async def right(self) -> bool:
        """Return whether the clock is right; raise as statements do where nobody can say."""
        if not self._right or self._is_due():
            await self._compare()
        return self._right

    def _is_due(self) -> bool:
        """Whether it is time to look: it was long ago, or the clock parts from the loop's time."""
        if self._seen is None:
            return True
        passed = asyncio.get_running_loop().time() - self._seen[0]
        jumped = self._clock.now() - self._seen[1] - timedelta(seconds=passed)
        return passed > _LOOK_EVERY or abs(jumped) > MOST_APART

    async def _compare(self) -> None:
        theirs = await database_now()
        ours = self._clock.now()
        self._seen = asyncio.get_running_loop().time(), ours
        apart = ours - theirs
        metrics.CLOCK_APART.set(apart.total_seconds())
        right = abs(apart) <= MOST_APART
        if right is not self._right:
            self._right = right
            tell = log.warning if right else log.error
            said = "the clock is right again" if right else "the clock is wrong: no work is begun"
            tell(said, seconds_apart=round(apart.total_seconds()))
