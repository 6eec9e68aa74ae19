"""Transactions and statements that fail or are cancelled: nothing is kept from others."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import closing
from pathlib import Path

import pytest
from tortoise.backends.asyncpg.client import TransactionWrapper
from tortoise.exceptions import OperationalError

from app.models.database import database, transaction
from app.models.statements import fetch, records
from tests.support.servers import PostgresServer
from tests.support.waiting import PATIENCE

POOL = 2
MOMENTS = 150  # turns of the loop that a beginning surely takes less than


@pytest.fixture
async def opened(database_url: str) -> AsyncIterator[None]:
    """A database that no server works on, with few connections."""
    async with database(database_url, pool_size=POOL):
        yield


async def use() -> None:
    async with transaction():
        await fetch("SELECT 1 AS n")


async def look() -> None:
    await records("SELECT 1", [])


async def everyone_is_served() -> None:
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(use() for _ in range(2 * POOL)))


@pytest.mark.parametrize("act", [use, look])
async def test_one_cancelled_at_any_moment_keeps_nothing(
    opened: None, act: Callable[[], Coroutine[None, None, None]]
) -> None:
    await everyone_is_served()
    for moment in range(MOMENTS):
        using = asyncio.create_task(act())
        for _ in range(moment):
            await asyncio.sleep(0)
        using.cancel()
        await asyncio.wait([using], timeout=PATIENCE)
        assert using.done()
        assert using.cancelled() or using.exception() is None
    await everyone_is_served()


async def test_one_that_cannot_begin_keeps_nothing(tmp_path: Path) -> None:
    path = tmp_path / "groupcode.sqlite3"
    async with database(f"sqlite://{path}"):
        await fetch("PRAGMA busy_timeout = 10")
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises((OperationalError, sqlite3.OperationalError)):
                await use()
        await everyone_is_served()


async def test_what_was_committed_stands_though_its_connection_is_lost_right_after(
    postgres: PostgresServer, postgres_template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgres.create_database("lost_after", postgres_template)
    commit = TransactionWrapper.commit

    async def commit_and_lose(wrapper: TransactionWrapper) -> None:
        await commit(wrapper)
        wrapper._connection._transport.abort()

    async with database(url, pool_size=POOL):
        with monkeypatch.context() as losing:
            losing.setattr(TransactionWrapper, "commit", commit_and_lose)
            await use()
        await everyone_is_served()
    postgres.drop_database("lost_after")
