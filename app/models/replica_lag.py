"""How far a replica is behind the database: looked at each second, by what each has written.

No clocks are compared, and a replica that hears nothing any more isn't taken for one that has
nothing to hear: the lag is the age of the oldest change seen at the database and not there.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, NamedTuple

import structlog

from app.domain.refusals import Unavailable
from app.models.postgres import UNREACHED
from app.models.replica import Replica, use_replica
from app.models.statements import fetch_value

log = structlog.get_logger(__name__)

_LOOK_EVERY: Final = 1.0  # seconds
_PATIENCE: Final = 5.0  # seconds
_MOST_SAMPLES: Final = 600
_WRITTEN: Final = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint AS written"


class _Sample(NamedTuple):
    """How many bytes of changes the database had written at a time of the loop's."""

    at: float
    written: int


@asynccontextmanager
async def following(url: str, pool_size: int) -> AsyncIterator[None]:
    """Let this process read from a replica of the open database until the context ends."""
    found = Replica(url, pool_size)
    use_replica(found)
    watching = asyncio.create_task(_watch(found))
    try:
        yield
    finally:
        use_replica(None)
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        found.close()


async def _watch(found: Replica) -> None:
    unseen: deque[_Sample] = deque()
    while True:
        try:
            async with asyncio.timeout(_PATIENCE):
                await _look(found, unseen)
        except Unavailable:  # the database is away: nobody reads here without asking it, either
            log.debug("replica not looked at")
        except UNREACHED as error:
            found.lost(type(error).__name__)
        await asyncio.sleep(_LOOK_EVERY)


async def _look(found: Replica, unseen: deque[_Sample]) -> None:
    now = asyncio.get_running_loop().time()
    written = await fetch_value(int, _WRITTEN)
    replayed = await found.replayed()
    if replayed is None or written is None:
        found.lost("it is no replica")
        return
    if len(unseen) < _MOST_SAMPLES:
        unseen.append(_Sample(now, written))
    while unseen and unseen[0].written <= replayed:
        unseen.popleft()
    found.found(now - unseen[0].at if unseen else 0.0)
