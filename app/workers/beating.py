"""The heartbeat of a process, by which `groupcode health` knows that it is alive.

It beats on the loop that serves and works, so a loop that is held up misses its beats.
"""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from importlib.metadata import version

import structlog

from app.models.processes import BEAT_EVERY, Process, ProcessKind, forget_dead
from app.ports.clock import SystemClock
from app.ports.ids import RandomIds
from app.workers.tick import Pulse

log = structlog.get_logger(__name__)

_clock = SystemClock()  # not the sandbox's, which may be moved


@asynccontextmanager
async def beating(
    kind: ProcessKind, keys: Sequence[str], pulse: Pulse | None
) -> AsyncIterator[None]:
    """Write that this process is alive until the context ends.

    ``keys``: the names of those it knows, the newest first; ``pulse``: the tick's, if it works.
    """
    now = _clock.now()
    process = Process(
        id=RandomIds().new(),
        kind=kind,
        host=socket.gethostname(),
        pid=os.getpid(),
        version=version("groupcode"),
        keys=",".join(keys),
        started_at=now,
        beat_at=now,
        ticked_at=now if pulse else None,
    )
    await forget_dead(now)
    await process.save()
    task = asyncio.create_task(_beat(process, pulse))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        with suppress(Exception):  # it is forgotten later, if the database is away
            await process.delete()


async def _beat(process: Process, pulse: Pulse | None) -> None:
    while True:
        await asyncio.sleep(BEAT_EVERY.total_seconds())
        changes = {"beat_at": _clock.now()}
        if pulse is not None:
            changes["ticked_at"] = changes["beat_at"] - pulse.age
        try:
            if not await Process.filter(id=process.id).update(**changes):
                await Process.bulk_create([process.update_from_dict(changes)])
        except Exception as error:
            log.warning("no heartbeat written", error=type(error).__name__)
