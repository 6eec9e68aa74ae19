"""Threads of work: as many as there are pieces at once, and free again when a piece hangs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast
from uuid import uuid4

import pytest

from app.models.due import Claim, WorkKind
from app.services.kernel.env import Env
from app.workers import runtime
from app.workers.kinds import KINDS
from tests.support.waiting import eventually

PATIENCE = 10.0  # seconds


@asynccontextmanager
async def working(free: asyncio.Event) -> AsyncIterator[runtime._Workers]:
    """Workers whose pieces are whatever `do_work` is."""
    workers = runtime._Workers(cast(Env, None), free.set)
    workers.start()
    try:
        yield workers
    finally:
        await workers.stop()


def begin_all(workers: runtime._Workers, *kinds: WorkKind) -> None:
    for kind in kinds:
        for _ in range(KINDS[kind].threads):
            workers.begin([Claim(kind, uuid4(), uuid4())])


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
    monkeypatch.setattr(runtime, "_TIME_LIMIT", 0.1)
    async with working(free) as workers:
        threads = {one.kind: one.pieces for one in workers.capacities()}
        begin_all(workers, WorkKind.ERASE_OLD)
        assert WorkKind.ERASE_OLD not in {one.kind for one in workers.capacities()}
        async with asyncio.timeout(PATIENCE):
            await cancelled.wait()
            await free.wait()
        assert {one.kind: one.pieces for one in workers.capacities()} == threads


async def test_kinds_that_hang_hold_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """R39: codes to sign in go out whatever else waits."""
    held, done = asyncio.Event(), list[WorkKind]()

    async def hang_but_codes(env: Env, claim: Claim) -> None:
        if claim.kind is not WorkKind.SEND_CODE:
            await held.wait()
        done.append(claim.kind)

    async def ended() -> int:
        return len(done)

    monkeypatch.setattr(runtime, "do_work", hang_but_codes)
    others = [kind for kind in WorkKind if kind is not WorkKind.SEND_CODE]
    async with working(asyncio.Event()) as workers:
        begin_all(workers, *others)
        begin_all(workers, WorkKind.SEND_CODE)
        await eventually(ended, KINDS[WorkKind.SEND_CODE].threads.__eq__)
        assert set(done) == {WorkKind.SEND_CODE}
        held.set()
        await eventually(ended, sum(row.threads for row in KINDS.values()).__eq__)
