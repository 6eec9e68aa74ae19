"""A process opens a database, and another after it, without a memory of the first."""

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from app.models.database import database, newest_moment, ping, transaction
from app.models.quotas import Quota
from app.models.statements import fetch
from tests.support.processes import ROOT
from tests.support.servers import PostgresServer

AT = datetime(2022, 9, 1, tzinfo=UTC)
# What outlives the transaction on a connection, and would reach whoever has it next.
LASTING = (
    "pg_advisory_lock",
    "pg_try_advisory_lock",
    "LISTEN ",
    "set_config(",
    "SET SESSION",
    "SET LOCAL",
    "DECLARE ",
    " TEMP ",
)


async def write_and_erase() -> None:
    row = await Quota.create(key="a key", window="a window", used=1, last_at=AT)
    await Quota.filter(key="a key").update(used=2)
    assert (await Quota.get(key="a key")).used == 2
    await row.delete()


async def test_one_process_opens_databases_of_both_kinds(
    tmp_path: Path, sqlite_template: Path, postgres: PostgresServer, postgres_template: str
) -> None:
    """Tortoise keeps its statements by table, not by database: they are in the first's dialect."""
    path = tmp_path / "groupcode.sqlite3"
    shutil.copyfile(sqlite_template, path)
    url = postgres.create_database("after_sqlite", postgres_template)
    try:
        for opened in (f"sqlite://{path}", url, f"sqlite://{path}"):
            async with database(opened):
                await write_and_erase()
    finally:
        postgres.drop_database("after_sqlite")


async def test_on_sqlite_nobody_else_writes_once_a_transaction_has_begun(
    tmp_path: Path, sqlite_template: Path
) -> None:
    """One that reads and then writes would fail if another process wrote between."""
    path = tmp_path / "groupcode.sqlite3"
    shutil.copyfile(sqlite_template, path)
    async with database(f"sqlite://{path}"):
        async with transaction():
            await fetch("SELECT 1 AS one")
            with (
                closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as other,
                pytest.raises(sqlite3.OperationalError, match="locked"),
            ):
                other.execute("BEGIN IMMEDIATE")
            await write_and_erase()
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")


async def test_an_empty_database_answers_and_has_no_newest_moment(database_url: str) -> None:
    async with database(database_url):
        await ping()
        assert await newest_moment() is None


async def test_giving_a_connection_back_costs_no_statement(
    postgres: PostgresServer, postgres_template: str
) -> None:
    url = postgres.create_database("given_back", postgres_template)
    async with database(url):
        await ping()
        other = await asyncpg.connect(url)
        newest = await other.fetchval(
            "SELECT query FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        await other.close()
    assert newest == "SELECT 1 AS one"
    postgres.drop_database("given_back")


async def test_postgres_ends_by_itself_what_hears_no_more_of_us(
    postgres: PostgresServer, postgres_template: str
) -> None:
    url = postgres.create_database("ending", postgres_template)
    bounds = {
        "statement_timeout": "6s",
        "idle_in_transaction_session_timeout": "10s",
        "tcp_user_timeout": "20000",
    }
    async with database(url, hurried=True):
        for name, bound in bounds.items():
            assert [row[name] for row in await fetch(f"SHOW {name}")] == [bound]
    postgres.drop_database("ending")


def test_no_statement_sets_what_would_have_to_be_undone_then() -> None:
    # The lock of migrations is taken on a connection of its own, which is closed.
    files = [path for path in (ROOT / "app").rglob("*.py") if path.name != "migrating.py"]
    setting = {path.name for path in files for word in LASTING if word in path.read_text()}
    assert files and not setting
