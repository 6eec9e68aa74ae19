"""The SQLite backend with transactions that take the write lock when they begin.

SQLite begins transactions deferred: one that reads and then writes fails at once with
"database is locked" when another process wrote between.
"""

from tortoise.backends.base.client import TransactionContext
from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionContext,
    SqliteTransactionWrapper,
)


class _ImmediateTransaction(SqliteTransactionWrapper):
    async def begin(self) -> None:
        await self._connection.commit()
        await self._connection.execute("BEGIN IMMEDIATE")


class ImmediateSqliteClient(SqliteClient):
    """A SQLite client whose transactions are immediate."""

    # Tortoise has no setting for how a transaction begins: this is where it makes one.
    def _in_transaction(self) -> TransactionContext:
        return SqliteTransactionContext(_ImmediateTransaction(self), self._lock)


client_class = ImmediateSqliteClient
