"""PostgreSQL's connections, given back without a task for each statement."""

from typing import Any

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.backends.base.client import PoolConnectionWrapper


class _Lent(PoolConnectionWrapper[asyncpg.Connection]):
    """A connection of the pool, for one statement.

    asyncpg begins a task to take it back, so that to be cancelled meanwhile loses no connection.
    Here nothing is asked of the server on the way back, and so nothing is awaited that could be
    cancelled, but where a statement was cut off or a transaction is open.
    """

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        lent: Any = self.connection
        held = lent._con
        if held is None or held._protocol._is_cancelling() or held._protocol.is_in_transaction():
            await super().__aexit__(exc_type, exc_val, exc_tb)
        else:
            held._on_release()
            await lent._holder.release(None)


class PooledPostgresClient(AsyncpgDBClient):
    """Tortoise's client of PostgreSQL, that lends connections so."""

    def acquire_connection(self) -> PoolConnectionWrapper[asyncpg.Connection]:
        """Lend a connection."""
        return _Lent(self, self._pool_init_lock)


client_class = PooledPostgresClient
