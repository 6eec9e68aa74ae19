"""The database of the floor: a pool of PostgreSQL connections, or SQLite's one."""

from collections.abc import Sequence
from typing import Any, Protocol, TypeAlias
from uuid import UUID

import aiosqlite
import asyncpg

Row: TypeAlias = Sequence[Any]


class Tables(Protocol):
    """What statements are asked of; keys and times come as the driver has them."""

    is_postgres: bool

    async def open(self) -> None:
        """Connect."""

    async def fetch(self, sql: str, *params: object) -> Sequence[Row]:
        """Run one statement with ``$1`` parameters."""


async def _as_it_is(connection: object) -> None:
    """Reset nothing when a connection goes back into the pool: nothing here sets its state."""


class PostgresTables:
    """PostgreSQL."""

    is_postgres = True

    def __init__(self, url: str) -> None:
        self._url = url

    async def open(self) -> None:
        """Open the pool, as large as the server's."""
        self._pool = await asyncpg.create_pool(self._url, min_size=1, max_size=10, reset=_as_it_is)

    async def fetch(self, sql: str, *params: object) -> Sequence[Row]:
        """Run one statement."""
        async with self._pool.acquire() as connection:
            rows: Sequence[Row] = await connection.fetch(sql, *params)
        return rows


class LiteTables:
    """SQLite, where keys and times are text."""

    is_postgres = False

    def __init__(self, path: str) -> None:
        self._path = path

    async def open(self) -> None:
        """Open the file."""
        self._connection = await aiosqlite.connect(self._path)

    async def fetch(self, sql: str, *params: object) -> Sequence[Row]:
        """Run one statement."""
        given = [str(one) if isinstance(one, UUID) else one for one in params]
        return list(await self._connection.execute_fetchall(sql.replace("$", "?"), given))


def tables_of(url: str) -> Tables:
    """Return the tables at a database URL."""
    if url.startswith("sqlite"):
        return LiteTables(url.removeprefix("sqlite://"))
    return PostgresTables(url)
