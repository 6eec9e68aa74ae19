"""PostgreSQL's connections: given back without a task, and no waiting for one that is away.

Connecting has a time limit, and so has each statement (``postgres.limits``). A connection on which
something was lost is closed, and those that idle beside it too: nobody is to find out one by one.
While nobody can connect it is tried twice a second; all others are told at once.
"""

import asyncio
from asyncio import CancelledError
from contextlib import suppress
from types import TracebackType
from typing import Any, Final, cast

import asyncpg
import structlog
from asyncpg.pool import PoolConnectionProxy
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import (
    PoolConnectionWrapper,
    TransactionContext,
    TransactionContextPooled,
)
from tortoise.connection import get_connections
from tortoise.exceptions import TransactionManagementError

from app.domain.refusals import Unavailable
from app.models.postgres import UNREACHED
from app.telemetry import metrics

log = structlog.get_logger(__name__)

_TRY_EVERY: Final = 0.5  # seconds, while nobody can connect
_AWAY: Final = (
    TimeoutError,
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # it stops, starts, or ended what took too long
    asyncpg.InsufficientResourcesError,  # no connection, memory or disk is left
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.ReadOnlySQLTransactionError,  # it is a standby now
)


class _Presence:
    """Whether the database lets us connect."""

    def __init__(self) -> None:
        self._away = False
        self._next_try = 0.0
        metrics.DATABASE_UP.set(1)

    async def connect(self, *where: Any, **options: Any) -> asyncpg.Connection:
        """Connect. Raise ``Unavailable`` where that can't be, at once if that is known."""
        now = asyncio.get_running_loop().time()
        if self._away and now < self._next_try:
            raise Unavailable
        self._next_try = now + _TRY_EVERY
        try:
            connection = await asyncpg.connect(*where, **options)
        except UNREACHED as error:
            self._note(error)
            raise Unavailable from error
        self._note(None)
        return connection

    def _note(self, error: Exception | None) -> None:
        was_away, self._away = self._away, error is not None
        metrics.DATABASE_UP.set(0 if error else 1)
        if error is not None and not was_away:
            log.error("the database is away", error=type(error).__name__)
        elif was_away and error is None:
            log.warning("the database is back")


class PooledPostgresClient(AsyncpgDBClient):
    """A client whose users are told ``Unavailable`` when the database is away."""

    async def create_pool(self, **options: object) -> asyncpg.Pool:
        """Make the pool; it connects when somebody needs it."""
        return await super().create_pool(connect=_Presence().connect, **options)

    def acquire_connection(self) -> PoolConnectionWrapper[asyncpg.Connection]:
        """Lend a connection."""
        return _Lent(self, self._pool_init_lock)

    async def give_back(
        self, connection: asyncpg.Connection | None, error: BaseException | None
    ) -> None:
        """Give a connection back to the pool, after a use that ended so.

        Raise ``Unavailable`` when it ended so because the database is away.
        """
        if self._pool is None or connection is None:
            return
        if error is not None and _is_spoilt(connection, error):
            # Asking the server to stop, as the driver would, may take as long once more.
            with suppress(asyncpg.InterfaceError):  # it was closed before
                connection.terminate()
        # One that is lost at this very moment has given itself back.
        with suppress(asyncpg.InternalClientError):
            await self._pool.release(connection)
        if error is not None and _is_away(connection, error):
            log.warning("a connection to the database was lost", error=type(error).__name__)
            for holder in self._pool._holders:
                if holder.is_idle():
                    holder.terminate()
            raise Unavailable from error

    # Tortoise has no setting for how a transaction ends: this is where it makes one.
    def _in_transaction(self) -> TransactionContext:
        return _Transaction(TransactionWrapper(self), self._pool_init_lock)


class _Lent(PoolConnectionWrapper[asyncpg.Connection]):
    """A connection of the pool, for one statement.

    asyncpg lends and takes back by several functions that are awaited, and begins a task to take
    one back, so that to be cancelled meanwhile loses no connection. Of one that idles nothing has
    to be awaited, and nothing of one that is as it was when it was lent.
    """

    client: PooledPostgresClient

    async def __aenter__(self) -> asyncpg.Connection:
        """Take a connection."""
        lent = _at_hand(self.client._pool)
        self.connection = await super().__aenter__() if lent is None else lent
        return self.connection

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        lent: Any = self.connection
        if error is None and _is_as_it_was(lent):
            lent._con._on_release()
            lent._holder._release()
        else:
            await self.client.give_back(lent, error)


def _at_hand(pool: Any) -> asyncpg.Connection | None:
    """Take a connection that idles; None where one has to be awaited."""
    if pool is None or pool.is_closing():
        return None
    try:
        holder = pool._queue.get_nowait()
    except asyncio.QueueEmpty:
        return None
    if not holder.is_connected() or holder._generation != pool._generation:
        pool._queue.put_nowait(holder)
        return None
    holder._proxy = PoolConnectionProxy(holder, holder._con)
    holder._in_use = pool._loop.create_future()
    return holder._proxy


def _is_as_it_was(lent: Any) -> bool:
    """Return whether a connection can be lent again without asking the server anything."""
    held, holder = lent._con, lent._holder
    if held is None or held.is_closed() or holder._generation != holder._pool._generation:
        return False
    protocol = held._protocol
    return not (
        protocol.is_in_transaction()
        or protocol._is_cancelling()
        or protocol.queries_count >= holder._max_queries
    )


class _Transaction(TransactionContextPooled):
    """A transaction's use of a connection."""

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        client = cast(TransactionWrapper, self.client)
        failure = error
        try:
            await self._end(client, error)
        except BaseException as ending:  # of a commit: whether it was done isn't known
            failure = ending
            raise
        finally:
            get_connections().reset(self.token)
            await cast(PooledPostgresClient, client._parent).give_back(client._connection, failure)

    async def _end(self, client: TransactionWrapper, error: BaseException | None) -> None:
        if client._finalized:
            return
        if error is None:
            await client.commit()
        elif not (
            isinstance(error, TransactionManagementError) or _is_spoilt(client._connection, error)
        ):
            await client.rollback()


def _is_away(connection: asyncpg.Connection, error: BaseException) -> bool:
    """Return whether a use ended with an error because the database is away."""
    cause = error.__cause__ if isinstance(error, TransactionManagementError) else error
    # The driver says by the same kind of error that it is used wrongly.
    closed = isinstance(cause, asyncpg.InterfaceError | asyncpg.InternalClientError)
    return isinstance(cause, _AWAY) or (closed and _is_closed(connection))


def _is_spoilt(connection: asyncpg.Connection, error: BaseException) -> bool:
    """Return whether a connection can't be used any more: something may be under way on it."""
    return isinstance(error, CancelledError) or _is_away(connection, error)


def _is_closed(connection: asyncpg.Connection) -> bool:
    try:
        return bool(connection.is_closed())
    except asyncpg.InterfaceError:  # the pool has it back, because it is
        return True


client_class = PooledPostgresClient
