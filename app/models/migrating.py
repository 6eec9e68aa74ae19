"""Migrations: applying them, and writing those that changed models need."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from urllib.parse import urlsplit

from tortoise import Tortoise
from tortoise.migrations.api import migrate as apply_migrations
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.executor import PlanStep
from tortoise.migrations.writer import MigrationWriter

from app.models.database import close_database, database, database_config
from app.models.postgres import connect

_MIGRATION_LOCK: Final = 0x67_63_6F_64  # any number that nothing else locks


async def migrate(url: str) -> list[str]:
    """Bring the database to the newest shape; return the migrations applied.

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
            await close_database()
    return applied


async def pending_migrations(url: str) -> list[str]:
    """Return the migrations that a database still lacks, once nobody migrates it any more."""
    pending: list[str] = []

    def note(connection: str, plan: list[PlanStep], fake: bool, dry_run: bool) -> None:
        pending.extend(step.migration.name for step in plan)

    # Only to ask, Tortoise makes its table of what was applied: not beside another who makes it.
    async with _migration_lock(url):
        try:
            await apply_migrations(
                config=database_config(url, pool_size=2), dry_run=True, reporter=note
            )
        finally:
            await close_database()
    return pending


@asynccontextmanager
async def _migration_lock(url: str) -> AsyncIterator[None]:
    if urlsplit(url).scheme == "sqlite":
        yield
        return
    # A connection of its own: Tortoise opens its pool anew while it migrates.
    connection = await connect(url)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", _MIGRATION_LOCK)
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
        apps_config = {label: app.to_dict() for label, app in config.apps.items()}
        return await MigrationAutodetector(apps, apps_config).changes()
