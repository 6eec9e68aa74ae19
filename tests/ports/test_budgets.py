"""Points counted in one process and, once a second, over several by way of Redis."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import pytest

from app.ports import budgets
from app.ports.budgets import LocalBudgets
from app.ports.shared_budgets import SharedBudgets
from tests.support.servers import RedisServer
from tests.support.waiting import eventually


def test_each_window_begins_anew() -> None:
    local = LocalBudgets()
    local.spend("a", 5, window=1)
    local.spend("a", 2, window=1)
    local.spend("b", 1, window=1)
    assert (local.spent("a", 1), local.spent("b", 1), local.spent("a", 2)) == (7, 1, 0)
    local.spend("a", 3, window=2)
    assert (local.spent("a", 2), local.spent("b", 2), local.spent("a", 1)) == (3, 0, 0)


def test_a_flood_of_keys_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "_MOST_KEYS", 10)
    local = LocalBudgets()
    for number in range(50):
        local.spend(f"key {number}", 1, window=1)
    assert [local.spent(f"key {number}", 1) for number in range(50)] == [0] * 40 + [1] * 10


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    with RedisServer() as server:
        yield server


@pytest.fixture
async def two(redis: RedisServer) -> AsyncIterator[tuple[SharedBudgets, SharedBudgets]]:
    """The budgets of two processes, each sharing once a second."""
    async with AsyncExitStack() as stack:
        pair = SharedBudgets(redis.url), SharedBudgets(redis.url)
        for one in pair:
            await stack.enter_async_context(one.running())
        yield pair


async def test_what_one_process_counted_the_others_know_soon(
    two: tuple[SharedBudgets, SharedBudgets],
) -> None:
    first, second = two
    first.spend("a", 5, window=7)
    assert first.spent("a", 7) == 5  # here at once
    second.spend("a", 3, window=7)
    await first.share()
    await second.share()
    assert second.spent("a", 7) == 8
    first.spend("a", 1, window=7)

    async def known() -> tuple[int, int]:
        second.spend("a", 0, window=7)
        return first.spent("a", 7), second.spent("a", 7)

    await eventually(known, (9, 9).__eq__)
    second.spend("a", 4, window=8)
    await second.share()
    assert (second.spent("a", 8), second.spent("a", 7), first.spent("a", 7)) == (4, 0, 9)


async def test_what_is_known_stays_when_redis_is_emptied(
    redis: RedisServer, two: tuple[SharedBudgets, SharedBudgets]
) -> None:
    first, second = two
    first.spend("emptied", 5, window=9)
    await first.share()
    second.spend("emptied", 3, window=9)
    await second.share()
    assert second.spent("emptied", 9) == 8
    await asyncio.to_thread(redis.flush)
    second.spend("emptied", 1, window=9)
    await second.share()
    assert second.spent("emptied", 9) == 9


async def test_while_redis_is_away_each_process_counts_alone() -> None:
    alone = SharedBudgets("redis://127.0.0.1:1")
    async with alone.running():
        alone.spend("a", 5, window=7)
        with pytest.raises(Exception, match="connect"):
            await alone.share()
        alone.spend("a", 5, window=7)
        assert alone.spent("a", 7) == 10
