"""Reading from a copy that follows the database, where there is one (a streaming replica).

Which answers may come from there is decided elsewhere (``standings.py``); here is how it is asked,
and that whoever asks goes to the database itself when it is away or too far behind
(``replica_lag.py``). Nothing goes there but reads that were chosen to, outside of transactions.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, cast

import asyncpg
import structlog

from app.models.postgres import UNREACHED, bare_url, tls_of
from app.telemetry import metrics

log = structlog.get_logger(__name__)

_MOST_BEHIND: Final = 10.0  # seconds; one that is further behind isn't worth the question
_TO_CONNECT: Final = 1.0  # seconds
_TO_ANSWER: Final = 2.0  # seconds; then the database itself is asked
_REPLAYED: Final = """
    SELECT CASE WHEN pg_is_in_recovery()
                THEN pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::bigint END
"""


class Replica:
    """A replica and what is known of it; ``lag`` is in seconds, None while it is away."""

    def __init__(self, url: str, pool_size: int) -> None:
        self._url = url
        self._pool_size = pool_size
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None
        self._was_away = False
        self.lag: float | None = None

    @property
    def usable(self) -> bool:
        """Whether it is there and not too far behind."""
        return self.lag is not None and self.lag <= _MOST_BEHIND

    async def fetch(self, sql: str, given: Sequence[object]) -> Sequence[asyncpg.Record] | None:
        """Run one statement that reads; return its rows, or None where it didn't answer."""
        if self._pool is None or not self.usable:
            return None
        try:
            async with self._pool.acquire(timeout=_TO_CONNECT) as connection:
                found = await connection.fetch(sql, *given, timeout=_TO_ANSWER)
            return cast("Sequence[asyncpg.Record]", found)
        except UNREACHED as error:
            # One statement may be refused alone: what it reads was cleared away on the database.
            broken = isinstance(error, asyncpg.PostgresConnectionError)
            if broken or not isinstance(error, asyncpg.PostgresError):
                self.lost(type(error).__name__)
            return None

    async def replayed(self) -> int | None:
        """Return how many bytes of changes it has made; None where it is no replica any more."""
        if self._pool is None:
            self._pool = await asyncpg.create_pool(
                bare_url(self._url),
                ssl=tls_of(self._url),
                min_size=1,
                max_size=self._pool_size,
                timeout=_TO_CONNECT,
            )
        assert self._pool is not None
        async with self._pool.acquire(timeout=_TO_CONNECT) as connection:
            return cast("int | None", await connection.fetchval(_REPLAYED, timeout=_TO_ANSWER))

    def found(self, lag: float) -> None:
        """Note how many seconds it is behind."""
        self.lag = lag
        metrics.REPLICA_UP.set(1)
        metrics.REPLICA_LAG.set(lag)
        if self._was_away:
            self._was_away = False
            log.warning("replica is back")

    def lost(self, error: str) -> None:
        """Note that it is away; it is looked for each second."""
        self.lag = None
        metrics.REPLICA_UP.set(0)
        if not self._was_away:
            self._was_away = True
            log.error("replica is away", error=error)

    def close(self) -> None:
        """Close the connections to it; nothing is under way there that matters."""
        if self._pool is not None:
            self._pool.terminate()


_replica: Replica | None = None
_chosen: ContextVar[bool] = ContextVar("reading from the replica", default=False)


def use_replica(found: Replica | None) -> None:
    """Let this process read from a replica; None ends that."""
    global _replica  # noqa: PLW0603  # a process has one or none
    _replica = found


def replica() -> Replica | None:
    """Return the replica that this process may read from; None where none is used."""
    return _replica


def chosen_replica() -> Replica | None:
    """Return the replica if whoever asks now reads from there."""
    return _replica if _replica is not None and _chosen.get() else None


@contextmanager
def reading_from_replica() -> Iterator[None]:
    """Read from the replica until the context ends; where that fails, from the database."""
    token = _chosen.set(True)
    try:
        yield
    finally:
        _chosen.reset(token)
