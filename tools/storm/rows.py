"""The database as it is, read past the API, on PostgreSQL and SQLite alike."""

import asyncio
import sqlite3
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias
from uuid import UUID

import asyncpg

Row: TypeAlias = dict[str, Any]
_PATIENCE_SECONDS: Final = 60.0
_AWAY: Final = (
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a connection that broke in the middle of its greeting
    sqlite3.OperationalError,
)


class Database:
    """Reads whole answers, again while the database is away."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def read(self, sql: str) -> list[Row]:
        """Read one statement's rows; keys come as text, times as times."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while True:
                try:
                    rows = await self._read(sql)
                    return [{key: _plain(key, row[key]) for key in row} for row in rows]
                except _AWAY:
                    await asyncio.sleep(0.1)

    async def _read(self, sql: str) -> list[Row]:
        if self._url.startswith("sqlite"):
            return await asyncio.to_thread(_read_sqlite, self._url.removeprefix("sqlite://"), sql)
        connection = await asyncpg.connect(self._url, timeout=5)
        try:
            return [dict(row) for row in await connection.fetch(sql, timeout=20)]
        finally:
            connection.terminate()


def _read_sqlite(path: str, sql: str) -> list[Row]:
    connection = sqlite3.connect(path, timeout=10)
    try:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(sql)]
    finally:
        connection.close()


def _plain(key: str, value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if not key.endswith("_at") or value is None:
        return value
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return at.astimezone(UTC)
