"""Points counted over several processes, by way of Redis."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import structlog

from app.ports.budgets import LocalBudgets
from app.ports.redis import redis_client

log = structlog.get_logger(__name__)

_SHARE_SECONDS: Final = 1.0
_KEPT_SECONDS: Final = 180  # of a window's counts: longer than any process lags behind


class SharedBudgets:
    """Counts in this process at once, and tells the others once a second.

    So several processes together may let through what one lets through, and what is spent in
    the others within a second. While Redis is away each counts alone, and what was known stays.
    """

    def __init__(self, url: str) -> None:
        self._redis = redis_client(url)
        self._known = LocalBudgets()
        self._unshared: dict[tuple[int, str], int] = {}

    def spent(self, key: str, window: int) -> int:
        """Return how many points of a window are known to be spent, by whichever process."""
        return self._known.spent(key, window)

    def spend(self, key: str, points: int, window: int) -> None:
        """Count points as spent, to be shared with the others."""
        self._known.spend(key, points, window)
        self._unshared[window, key] = self._unshared.get((window, key), 0) + points

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Share with the other processes until the context ends."""
        sharing = asyncio.create_task(self._keep_sharing())
        try:
            yield
        finally:
            sharing.cancel()
            await asyncio.gather(sharing, return_exceptions=True)
            await self._redis.aclose()

    async def _keep_sharing(self) -> None:
        while True:
            await asyncio.sleep(_SHARE_SECONDS)
            try:
                await self.share()
            except Exception as error:  # whatever it is, nobody would share any more
                log.debug("budgets are not shared", error=type(error).__name__)

    async def share(self) -> None:
        """Add what was spent here to the common counts, and learn what they come to.

        What Redis didn't take is let go: it counts in this process, and a minute is short.
        """
        told, self._unshared = self._unshared, {}
        if not told:
            return
        async with self._redis.pipeline(transaction=False) as pipeline:
            for (window, key), points in told.items():
                pipeline.hincrby(_name_of(window), key, points)
            for window in {window for window, _ in told}:
                pipeline.expire(_name_of(window), _KEPT_SECONDS)
            totals = await pipeline.execute()
        for ((window, key), _), total in zip(told.items(), totals, strict=False):
            spent_meanwhile = self._unshared.get((window, key), 0)
            self._known.know(key, int(total) + spent_meanwhile, window)


def _name_of(window: int) -> str:
    return f"groupcode:points:{window}"
