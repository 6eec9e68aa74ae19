"""The connection to the database: its configuration, opening and closing, transactions."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import datetime
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import asyncpg
from tortoise import Tortoise, connections
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.config import AppConfig, ConnectionConfig, TortoiseConfig
from tortoise.transactions import in_transaction

from app.models.postgres import credentials_of
from app.models.statements import fetch, fetch_value
from app.models.traced import trace_statements


def database_config(url: str, pool_size: int, *, hurried: bool = False) -> TortoiseConfig:
    """Return Tortoise's configuration for a database URL; ``pool_size`` is PostgreSQL's.

    ``hurried``: nobody waits for PostgreSQL for long: connecting and statements have time limits.
    """
    return TortoiseConfig(
        connections={"default": _connection_config(url, pool_size, hurried=hurried)},
        apps={"app": AppConfig(models=["app.models"], migrations="app.models.migrations")},
        use_tz=True,
        timezone="UTC",
    )


def _connection_config(url: str, pool_size: int, *, hurried: bool) -> ConnectionConfig:
    if urlsplit(url).scheme == "sqlite":
        path = url.removeprefix("sqlite://")
        return ConnectionConfig("app.models.sqlite", {"file_path": path, "busy_timeout": 5000})
    pool = {
        "minsize": 0,
        "maxsize": pool_size,
        "max_inactive_connection_lifetime": 0.0,  # each would be timed anew at each statement
        "reset": _undo_nothing,
        "init": trace_statements,
    }
    return ConnectionConfig("app.models.pool", credentials_of(url, hurried=hurried) | pool)


async def _undo_nothing(connection: object) -> None:
    """Leave a connection that is given back as it is: nothing was set on it that lasts.

    asyncpg would ask the server each time to undo settings, locks, cursors and channels. What is
    left of a transaction it rolls back all the same.
    """


@asynccontextmanager
async def database(url: str, pool_size: int = 10, *, hurried: bool = False) -> AsyncIterator[None]:
    """Open the database for this process, and close it whatever happens; ``hurried`` as above."""
    # Tortoise keeps connections in a context variable: without the fallback, tasks that were
    # begun elsewhere, as a request's are, would find no database.
    config = database_config(url, pool_size, hurried=hurried)
    await Tortoise.init(config=config, _enable_global_fallback=True)
    try:
        yield
    finally:
        await close_database()


async def close_database() -> None:
    """Close the database's connections, and forget what was made for it."""
    await Tortoise.close_connections()
    # Tortoise keeps the statements of each table, not of each database: one that is opened
    # next, of the other kind, would be spoken to in this one's dialect.
    EXECUTOR_CACHE.clear()


@asynccontextmanager
async def transaction() -> AsyncIterator[None]:
    """Run a transaction on one connection, which is given back whatever happens.

    Tortoise gives it back only after the transaction has begun: one that is cancelled or fails
    before that would keep SQLite's lock, or a connection of PostgreSQL's pool, for ever.
    """
    context = in_transaction()
    try:
        await context.__aenter__()
    except BaseException as error:
        # ``token`` is the last attribute that it sets before it begins: with it, the connection
        # or lock is taken and is given back by leaving, which may say that there is nothing
        # to roll back. Without it, the wait for them was cancelled, and nothing is held.
        if hasattr(context, "token"):
            with suppress(asyncpg.InterfaceError):
                await context.__aexit__(type(error), error, error.__traceback__)
        raise
    async with AsyncExitStack() as stack:
        stack.push_async_exit(context)
        yield


_USED: Final = """
    SELECT MAX(at) AS at FROM group_event UNION ALL SELECT MAX(last_seen_at) FROM account
"""


async def newest_moment() -> datetime | None:
    """Return the latest time that any of the rows which grow with every use bears.

    It reads all health records: of a clock that is moved, which there is in development alone.
    """
    fetched = "SELECT MAX(as_of) FROM health_record"
    return await _newest(f"{_USED} UNION ALL {fetched}")


async def newest_use() -> datetime | None:
    """Return when somebody last used the server, by indexes however many rows there are."""
    return await _newest(_USED)


async def _newest(moments: str) -> datetime | None:
    return await fetch_value(datetime, f"SELECT MAX(at) AS at FROM ({moments}) AS moments")


class PoolUse(NamedTuple):
    """How many connections to the database are busy, and how many more could be."""

    busy: int
    free: int


def pool_use() -> PoolUse:
    """Return how the connections are used; SQLite has one, which counts as free."""
    pool = getattr(connections.get("default"), "_pool", None)
    if not isinstance(pool, asyncpg.Pool):
        return PoolUse(0, 1)
    busy = pool.get_size() - pool.get_idle_size()
    return PoolUse(busy, pool.get_max_size() - busy)


async def now() -> datetime:
    """Return the time by PostgreSQL's clock."""
    found = await fetch_value(datetime, "SELECT now() AS at")
    assert found is not None, "it is one row"
    return found


def table_names() -> list[str]:
    """Return the names of the open database's tables."""
    apps = Tortoise.apps
    return [model._meta.db_table for model in apps["app"].values()] if apps else []


async def ping() -> None:
    """Raise when the database doesn't answer."""
    await fetch("SELECT 1 AS one")
