"""What several ask for at the same moment is read once, and nobody takes an end for an answer."""

import asyncio
from collections.abc import Collection

import pytest

from app.domain.refusals import Unavailable
from app.services.kernel.together import Together


async def test_what_is_asked_for_at_one_moment_is_read_once() -> None:
    asked: list[set[int]] = []

    async def double(keys: Collection[int]) -> dict[int, int]:
        asked.append(set(keys))
        return {key: 2 * key for key in keys if key}

    together = Together()
    found = await asyncio.gather(*(together.read("doubles", double, key) for key in (0, 1, 2, 2)))
    assert (found, asked) == ([None, 2, 4, 4], [{0, 1, 2}])


async def test_a_read_that_is_cut_off_found_nothing_out() -> None:
    async def hang(keys: Collection[int]) -> dict[int, int]:
        await asyncio.Event().wait()
        return {}

    together = Together()
    reading = asyncio.create_task(together.read("nothing", hang, 1))
    await asyncio.sleep(0)
    [cut_off] = together._tasks
    await asyncio.sleep(0)  # it has begun
    cut_off.cancel()
    with pytest.raises(Unavailable):
        await reading
