"""The SQLite backend: transactions that lock when they begin, and a disk that may be full.

SQLite begins transactions deferred: one that reads and then writes fails at once with
"database is locked" when another process wrote between.
"""

import sqlite3
from types import TracebackType
from typing import Final, cast

import aiosqlite
import structlog
from tortoise.backends.base.client import ConnectionWrapper, TransactionContext
from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionContext,
    SqliteTransactionWrapper,
)
from tortoise.connection import get_connections
from tortoise.exceptions import OperationalError, TransactionManagementError

from app.domain.refusals import Unavailable
from app.telemetry import metrics

log = structlog.get_logger(__name__)

_NO_ROOM: Final = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)


class _ImmediateWrapper(SqliteTransactionWrapper):
    async def begin(self) -> None:
        await self._connection.commit()
        await self._connection.execute("BEGIN IMMEDIATE")


class ImmediateSqliteClient(SqliteClient):
    """A SQLite client whose transactions are immediate.

    Its users are told ``Unavailable`` where the disk takes nothing any more.
    """

    _full = False

    def acquire_connection(self) -> ConnectionWrapper[aiosqlite.Connection]:
        """Take the connection for one statement."""
        return _Lent(self._lock, self)

    def note(self, error: BaseException) -> None:
        """Note why a use failed. Raise ``Unavailable`` when the disk took nothing."""
        if not _finds_no_room(error):
            return
        if not self._full:
            log.error("the database can't be written: is the disk full?")
            metrics.DATABASE_UP.set(0)
        self._full = True
        raise Unavailable from error

    def note_written(self) -> None:
        """Note that the disk took something."""
        if self._full:
            log.warning("the database can be written again")
            metrics.DATABASE_UP.set(1)
        self._full = False

    # Tortoise has no setting for how a transaction begins and ends: this is where it makes one.
    def _in_transaction(self) -> TransactionContext:
        return _Transaction(_ImmediateWrapper(self), self._lock)


class _Lent(ConnectionWrapper[aiosqlite.Connection]):
    """One statement's use of the connection."""

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lock.release()
        if error is not None:
            cast(ImmediateSqliteClient, self.client).note(error)


class _Transaction(SqliteTransactionContext):
    """A transaction's use of the connection: what can't be committed is rolled back."""

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        wrapper = cast(_ImmediateWrapper, self.connection)
        client = cast(ImmediateSqliteClient, wrapper._parent)
        failure = error
        try:
            await _end(wrapper, error)
            if error is None:
                client.note_written()
        except BaseException as ending:
            failure = ending
            raise
        finally:
            get_connections().reset(self.token)
            self._trxlock.release()
            if failure is not None:
                client.note(failure)


async def _end(wrapper: _ImmediateWrapper, error: BaseException | None) -> None:
    if wrapper._finalized or isinstance(error, TransactionManagementError):
        return
    if error is not None:
        await wrapper.rollback()
        return
    try:
        await wrapper.commit()
    except BaseException:
        await wrapper.rollback()  # or the next one's beginning would commit it
        raise


def _finds_no_room(error: BaseException) -> bool:
    if isinstance(error, OperationalError) and error.args:
        error = error.args[0]
    code = getattr(error, "sqlite_errorcode", 0)
    return isinstance(error, sqlite3.Error) and code & 0xFF in _NO_ROOM


client_class = ImmediateSqliteClient
