"""The connection to the database: its configuration, migrations and raw statements."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Literal
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg
from tortoise import Tortoise, connections
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.migrations.api import migrate as apply_migrations
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.executor import PlanStep
from tortoise.migrations.writer import MigrationWriter
from tortoise.transactions import in_transaction

_MIGRATION_LOCK = 0x67_63_6F_64  # any number that nothing else locks


def database_config(url: str, pool_size: int) -> dict[str, Any]:
    """Tortoise's configuration for a database URL."""
    if urlsplit(url).scheme == "sqlite":
        connection: Any = {
            "engine": "app.models.sqlite",
            "credentials": {"file_path": url.removeprefix("sqlite://"), "busy_timeout": 5000},
        }
    else:
        connection = expand_db_url(url)
        connection["credentials"] |= {"minsize": 1, "maxsize": pool_size}
    return {
        "connections": {"default": connection},
        "apps": {"app": {"models": ["app.models"], "migrations": "app.models.migrations"}},
        "use_tz": True,
        "timezone": "UTC",
    }


@asynccontextmanager
async def database(url: str, pool_size: int = 10) -> AsyncIterator[None]:
    """Open the database for this process, and close it whatever happens."""
    await Tortoise.init(config=database_config(url, pool_size), _enable_global_fallback=True)
    try:
        yield
    finally:
        await _close()


async def _close() -> None:
    await Tortoise.close_connections()
    EXECUTOR_CACHE.clear()  # its statements are in this database's dialect


@asynccontextmanager
async def transaction() -> AsyncIterator[None]:
    """A transaction on one connection, which is given back whatever happens.

    Tortoise gives it back only after the transaction has begun: one that is cancelled or fails
    before that would keep SQLite's lock, or a connection of PostgreSQL's pool, for ever.
    """
    context = in_transaction()
    try:
        await context.__aenter__()
    except BaseException as error:
        if hasattr(context, "token"):  # the last thing that it sets before it begins
            with suppress(asyncpg.InterfaceError):  # there is nothing to roll back
                await context.__aexit__(type(error), error, error.__traceback__)
        raise
    async with AsyncExitStack() as stack:
        stack.push_async_exit(context)
        yield


async def migrate(url: str) -> list[str]:
    """Bring the database to the newest shape; answers the migrations applied.

    On PostgreSQL an advisory lock lets several processes start at once: one migrates, the
    others wait and find nothing to do.
    """
    config = database_config(url, pool_size=2)
    applied: list[str] = []

    def note(event: str, app: str, name: str) -> None:
        if event == "apply_done":
            applied.append(name)

    async with _migration_lock(url):
        try:
            await apply_migrations(config=config, progress=note)
        finally:
            await _close()
    return applied


async def pending_migrations(url: str) -> list[str]:
    """The migrations that a database still lacks."""
    pending: list[str] = []

    def note(connection: str, plan: list[PlanStep], fake: bool, dry_run: bool) -> None:
        pending.extend(step.migration.name for step in plan)

    try:
        await apply_migrations(
            config=database_config(url, pool_size=2), dry_run=True, reporter=note
        )
    finally:
        await _close()
    return pending


@asynccontextmanager
async def _migration_lock(url: str) -> AsyncIterator[None]:
    if urlsplit(url).scheme == "sqlite":
        yield
        return
    # A connection of its own: Tortoise opens its pool anew while it migrates.
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", _MIGRATION_LOCK)
        yield
    finally:
        await connection.close()  # which gives the lock back


async def missing_migrations() -> list[str]:
    """Changes of the models that no migration makes yet, described one a line."""
    return [str(operation) for writer in await _detect() for operation in writer.operations]


async def write_migrations() -> list[str]:
    """Write the migrations that the models' changes need; answers their paths."""
    return [str(writer.write()) for writer in await _detect()]


async def _detect() -> list[MigrationWriter]:
    config = database_config("sqlite://:memory:", pool_size=1)
    async with database("sqlite://:memory:"):
        apps = Tortoise.apps
        if apps is None:
            raise RuntimeError("the models did not load")
        for model in apps["app"].values():
            # Docstrings are for readers of the code: they make no comments in the database.
            model._meta.table_description = ""
        return await MigrationAutodetector(apps, config["apps"]).changes()


async def newest_moment() -> datetime | None:
    """The latest time that any of the rows which grow with every use bears."""
    rows = await fetch(
        "SELECT MAX(at) AS at FROM ("
        "SELECT MAX(at) AS at FROM group_event"
        " UNION ALL SELECT MAX(last_seen_at) FROM account"
        " UNION ALL SELECT MAX(as_of) FROM health_record) AS moments"
    )
    return to_datetime(rows[0]["at"])


async def ping() -> None:
    """Raise when the database doesn't answer."""
    await fetch("SELECT 1 AS one")


def dialect() -> Literal["sqlite", "postgres"]:
    """Which SQL the database speaks."""
    return "sqlite" if connections.get("default").capabilities.dialect == "sqlite" else "postgres"


def placeholders(count: int, start: int = 1) -> str:
    """``$start, $start+1, …`` for ``count`` parameters."""
    return ", ".join(f"${number}" for number in range(start, start + count))


async def fetch(sql: str, *params: object) -> list[dict[str, Any]]:
    """Run one statement written with ``$1`` parameters; answers its rows."""
    connection = connections.get("default")
    if dialect() == "sqlite":
        sql = re.sub(r"\$(\d+)", r"?\1", sql)
    rows: list[dict[str, Any]] = await connection.execute_query_dict(
        sql, [_to_db(value) for value in params]
    )
    return rows


def _to_db(value: object) -> object:
    match value:
        case UUID():
            return str(value)
        case Enum():
            return value.value
        case _:
            return value


def to_datetime(value: object) -> datetime | None:
    """Read a time that a raw statement answered; SQLite answers text."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value.astimezone(UTC) if isinstance(value, datetime) else None
