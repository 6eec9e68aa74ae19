"""Work that hangs is ended by Dramatiq's time limit, on the process's own loop."""

import asyncio
from typing import cast
from uuid import uuid4

import pytest

from app.models.due import Claim, WorkKind
from app.services.kernel.env import Env
from app.workers import runtime

PATIENCE = 10.0  # seconds; the limit is checked once a second


async def test_work_beyond_its_time_is_cancelled_and_its_thread_is_free_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cancelled, free = asyncio.Event(), asyncio.Event()

    async def hang(env: Env, claim: Claim) -> None:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    monkeypatch.setattr(runtime, "do_work", hang)
    monkeypatch.setattr(runtime, "_TIME_LIMIT_MS", 100)
    workers = runtime._Workers(cast(Env, None), free.set)
    threads = {one.kind: one.pieces for one in workers.capacities()}
    workers.start()
    try:
        for _ in range(threads[WorkKind.ERASE_OLD]):
            workers.begin(Claim(WorkKind.ERASE_OLD, uuid4(), uuid4()))
        assert WorkKind.ERASE_OLD not in {one.kind for one in workers.capacities()}
        async with asyncio.timeout(PATIENCE):
            await cancelled.wait()
            await free.wait()
        assert {one.kind: one.pieces for one in workers.capacities()} == threads
    finally:
        await workers.stop()
