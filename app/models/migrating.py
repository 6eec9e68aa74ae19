"""Migrations: applying them, and writing those that changed models need."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final
from urllib.parse import urlsplit

import asyncpg
from tortoise import Tortoise, connections
from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.config import ConnectionConfig, TortoiseConfig
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.writer import MigrationWriter

from app.models.database import close_database, database, database_config
from app.models.gently import GentleEditor, GentleExecutor, wait_briefly
from app.models.indexing import make_missing_indexes
from app.models.postgres import connect

_MIGRATION_LOCK: Final = 0x67_63_6F_64  # any number that nothing else locks
_ASK_AGAIN: Final = 0.1  # seconds
_ATTEMPTS: Final = 60
_PAUSE: Final = 2.0  # seconds in which those who waited behind a migration get on


class TablesInUse(Exception):
    """A table stayed in use; the message is a sentence for whoever migrates."""


async def migrate(url: str) -> list[str]:
    """Bring the database to the newest shape; return the migrations applied.

    On PostgreSQL an advisory lock lets several processes start at once: one migrates, the
    others wait and find nothing to do. Those who use the database meanwhile are held up for a
    second at most. Raise ``TablesInUse`` when a table stays in use for minutes.
    """
    applied: list[str] = []

    def note(event: str, app: str, name: str) -> None:
        if event == "apply_done":
            applied.append(name)

    async with _migration_lock(url), _executor(url) as executor:
        await _insist(executor, note)
        apps, client = Tortoise.apps, connections.get("default")
        if apps is not None and isinstance(client, AsyncpgDBClient):
            models = list(apps["app"].values())
            await make_missing_indexes(url, models, GentleEditor(client))
    return applied


async def _insist(executor: GentleExecutor, note: Callable[[str, str, str], None]) -> None:
    """Apply what is to be applied, giving way to who uses a table, time and again."""
    for _ in range(_ATTEMPTS):
        try:
            await executor.migrate(progress=note)
            return
        except asyncpg.LockNotAvailableError:
            await asyncio.sleep(_PAUSE)
    raise TablesInUse(
        "A table that is to change stays in use by a long transaction. Nothing of it was changed:"
        " end that transaction (pg_stat_activity shows it), and run `groupcode migrate` again."
    )


async def pending_migrations(url: str) -> list[str]:
    """Return the migrations that a database still lacks, once nobody migrates it any more."""
    async with _migration_lock(url), _executor(url) as executor:
        return [step.migration.name for step in await executor.plan()]


@asynccontextmanager
async def _executor(url: str) -> AsyncIterator[GentleExecutor]:
    """Open the database for what applies migrations, and close it."""
    config = database_config(url, pool_size=2)
    default = config.connections["default"]
    if urlsplit(url).scheme != "sqlite" and isinstance(default, ConnectionConfig):
        default.credentials["init"] = wait_briefly
    await Tortoise.init(config=config, init_connections=False)
    try:
        yield GentleExecutor(connections.get("default"), _apps(config))
    finally:
        await close_database()


def _apps(config: TortoiseConfig) -> dict[str, dict[str, object]]:
    return {label: app.to_dict() for label, app in config.apps.items()}


@asynccontextmanager
async def _migration_lock(url: str) -> AsyncIterator[None]:
    if urlsplit(url).scheme == "sqlite":
        yield
        return
    # A connection of its own: Tortoise opens its pool anew while it migrates.
    connection = await connect(url)
    try:
        # Asked for again and again: who waits in a statement would have an index wait for them.
        while True:
            if await connection.fetchval("SELECT pg_try_advisory_lock($1)", _MIGRATION_LOCK):
                break
            await asyncio.sleep(_ASK_AGAIN)
        yield
    finally:
        await connection.close()  # which gives the lock back


async def missing_migrations() -> list[str]:
    """Return the changes of the models that no migration makes yet, described one a line."""
    return [operation.describe() for writer in await _detect() for operation in writer.operations]


async def write_migrations() -> list[str]:
    """Write the migrations that the models' changes need; return their paths."""
    return [str(writer.write()) for writer in await _detect()]


async def _detect() -> list[MigrationWriter]:
    config = database_config("sqlite://:memory:", pool_size=1)
    async with database("sqlite://:memory:"):
        apps = Tortoise.apps
        if apps is None:
            raise RuntimeError("the models did not load")
        for model in apps["app"].values():
            # Docstrings are for readers of the code: they make no comments in the database.
            # Tortoise has no setting for that, so what it read of the class is taken away.
            model._meta.table_description = ""
        return await MigrationAutodetector(apps, _apps(config)).changes()
