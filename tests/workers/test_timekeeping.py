"""A clock that jumps is compared with the database's at once, and so is one that comes back."""

from datetime import UTC, datetime, timedelta

import pytest

from app.ports.clock import MovableClock
from app.workers import timekeeping
from app.workers.timekeeping import Timekeeper

YEAR = timedelta(days=365)


@pytest.mark.parametrize("jump", [YEAR, -YEAR])
async def test_a_jump_is_noticed_without_asking_the_database_all_the_time(
    monkeypatch: pytest.MonkeyPatch, jump: timedelta
) -> None:
    looks = 0

    async def database_now() -> datetime:
        nonlocal looks
        looks += 1
        return datetime.now(UTC)

    monkeypatch.setattr(timekeeping, "database_now", database_now)
    clock = MovableClock()
    keeper = Timekeeper(clock)
    assert await keeper.right() and await keeper.right()
    assert looks == 1
    clock.advance(jump)
    assert not await keeper.right()
    clock.advance(-jump)
    assert await keeper.right() and await keeper.right()
    assert looks == 3
