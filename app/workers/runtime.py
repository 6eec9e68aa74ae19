"""Running the workers inside a process that has an event loop already.

The embedded server and the worker process do the same: Dramatiq's threads hand each
message to the process's own loop, where the database and the gateways live.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Final

import dramatiq
from dramatiq.asyncio import EventLoopThread, set_event_loop_thread
from dramatiq.brokers.redis import RedisBroker
from dramatiq.brokers.stub import StubBroker
from dramatiq.logging import get_logger
from dramatiq.middleware import AsyncIO, TimeLimit

from app.models.due import WorkKind, schedule
from app.services.groups.erasure import EVERYTHING_OLD
from app.services.kernel.env import Env
from app.workers.actors import QUEUES, declare_actors
from app.workers.tick import tick

_LONGEST_PAUSE_MS: Final = 2_000
# What isn't done by then comes due again when its claim lapses.
_STOP_MS: Final = 8_000
_THREADS: Final = {
    "fetches": 8,
    "judging": 4,
    "refreshes": 8,
    "sms": 4,
    "leaves": 2,
    "erasure": 1,
}


class _RunningLoop(EventLoopThread):
    """Stands for the loop of the process, which runs whether or not Dramatiq does."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(get_logger(__name__))  # type: ignore[no-untyped-call]
        self.loop.close()
        self.loop = loop

    def run_coroutine(self, coro: Coroutine[Any, Any, Any]) -> Any:  # type: ignore[override]
        """Run it on the loop, waiting out a pause: whoever owns the loop may rest it a moment."""
        pause = threading.Event()
        for _ in range(_LONGEST_PAUSE_MS // 10):
            if self.loop.is_running() or self.loop.is_closed():
                break
            pause.wait(0.01)
        if not self.loop.is_running():
            coro.close()  # never begun; its row comes due again
        return super().run_coroutine(coro)


class OwnLoop(AsyncIO):
    """Dramatiq's asyncio middleware on a loop that runs already."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._loop = _RunningLoop(loop)

    def before_worker_boot(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        """Offer the loop to async actors."""
        set_event_loop_thread(self._loop)

    def after_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        """Leave the loop alone: it isn't Dramatiq's to stop."""


def embedded_broker() -> dramatiq.Broker:
    """The broker within one process; what it forgets, the rows of due work remember."""
    return StubBroker(middleware=[TimeLimit(), OwnLoop(asyncio.get_running_loop())])


def shared_broker(redis_url: str) -> dramatiq.Broker:
    """The broker between processes.

    The maintenance settings return a killed worker's messages within half a minute.
    """
    return RedisBroker(  # type: ignore[no-untyped-call]
        url=redis_url,
        middleware=[TimeLimit(), OwnLoop(asyncio.get_running_loop())],
        heartbeat_timeout=15_000,
        maintenance_chance=100_000,
    )


@asynccontextmanager
async def background_work(broker: dramatiq.Broker, env: Env, *, work: bool) -> AsyncIterator[None]:
    """Run the tick, and with ``work`` the workers too, until the context ends."""
    await schedule(WorkKind.ERASE_OLD, env.clock.now(), EVERYTHING_OLD)
    dispatch = declare_actors(broker, env)
    workers = [_worker(broker, queue) for queue in sorted(set(QUEUES.values()))] if work else []
    if work:
        broker.emit_after("process_boot")
    for worker in workers:
        worker.start()
    ticking = asyncio.create_task(tick(env, dispatch))
    try:
        yield
    finally:
        ticking.cancel()
        await asyncio.gather(ticking, return_exceptions=True)
        # Stopping waits for threads that wait for this loop: it must not block it.
        await asyncio.gather(*(asyncio.to_thread(worker.stop, _STOP_MS) for worker in workers))


def _worker(broker: dramatiq.Broker, queue: str) -> dramatiq.Worker:
    # One worker a queue: workers share no threads, so a hung queue holds up no other.
    return dramatiq.Worker(
        broker, queues={queue}, worker_threads=_THREADS[queue], worker_timeout=200
    )
