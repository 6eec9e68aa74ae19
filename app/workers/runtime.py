"""Running the workers inside a process that has an event loop already.

The rows of due work are the queue. Dramatiq's broker lives in the process and holds only what
has a place: it gives each piece of work, or several that are done together, a thread and a decent
end. The threads hand them to the process's own loop, where the database and the gateways live.
"""

import asyncio
import threading
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from queue import PriorityQueue, Queue
from typing import Any, Final, TypeAlias
from uuid import UUID

import dramatiq
from dramatiq.brokers.stub import StubBroker
from dramatiq.middleware import Middleware

from app.models.claiming import Capacity
from app.models.due import Claim, WorkKind, schedule
from app.ports.bus import DUE
from app.services.groups.erasure import EVERYTHING_OLD
from app.services.kernel.env import Env
from app.workers.kinds import KINDS
from app.workers.running import do_together, do_work
from app.workers.tick import Pulse, tick
from app.workers.timekeeping import Timekeeper

# What isn't done by then comes due again when its claim lapses.
_STOP_MS: Final = 8_000
_LAST_LOOK: Final = 2.0  # seconds, for the tick to end by itself
# How often a thread that was told to end looks whether it may: until then none looks up.
_LOOK_UP_MS: Final = 10
_TIME_LIMIT: Final = 31 * 60.0  # seconds, beyond the deadline of a refresh run (R25)

# A claim as a message holds it: subject, stamp, attempts and trace.
_Piece: TypeAlias = tuple[str, str, int, str | None]


class QuietQueue(Queue[Any]):
    """One that threads wait at without looking up, until it is told to end.

    Dramatiq's threads look up several times a second, each of them: dozens that have nothing to
    do would cost as much as some that have. They do so from ``end`` on, and see that it is over.
    """

    def __init__(self) -> None:
        super().__init__()
        self._ends = False

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """Wait for the next item; raise ``Empty`` when there is none and it ends."""
        with self.not_empty:
            while not self._ends and not self._qsize():
                self.not_empty.wait()
        return super().get(block, timeout)

    def end(self) -> None:
        """Have whoever waits look up from now on."""
        with self.not_empty:
            self._ends = True
            self.not_empty.notify_all()


class _QuietWork(QuietQueue, PriorityQueue[Any]):
    """The same, in the order that Dramatiq's threads take work."""


class InFlight(Middleware):
    """Counts what this process has claimed and not ended, by kind: an actor's name is its kind.

    ``on_free`` is called on the loop when a kind that had no free thread has one again.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, on_free: Callable[[], None]) -> None:
        self._loop, self._on_free = loop, on_free
        self._counts: Counter[str] = Counter()
        self._messages = 0  # each of which has a thread, and holds one piece or more
        self._lock = threading.Lock()  # pieces begin on the loop and end on their threads

    def capacities(self) -> list[Capacity]:
        """Return the kinds that have free threads, and how many."""
        with self._lock:
            free = {kind: row.threads - self._counts[kind] for kind, row in KINDS.items()}
        return [Capacity(kind, some, KINDS[kind].lease) for kind, some in free.items() if some > 0]

    def messages(self) -> int:
        """Return how many threads that takes."""
        with self._lock:
            return self._messages

    def before_enqueue(
        self, broker: dramatiq.Broker, message: dramatiq.Message[object], delay: int | None
    ) -> None:
        """Count the pieces that begin."""
        with self._lock:
            self._counts[message.actor_name] += len(message.args[0])
            self._messages += 1

    def after_process_message(
        self, broker: dramatiq.Broker, message: dramatiq.MessageProxy, **ended: object
    ) -> None:
        """Count the pieces that ended, however they did."""
        with self._lock:
            kind = WorkKind(message.actor_name)
            was_full = self._counts[kind] >= KINDS[kind].threads
            self._counts[kind] -= len(message.args[0])
            self._messages -= 1
        if was_full:
            with suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(self._on_free)

    after_skip_message = after_process_message


class _Workers:
    """The threads of this process, and an actor a kind.

    There are as many threads as there were pieces at once so far: kinds have places for dozens,
    and threads begun for nothing would be most of what a start and an end cost.
    """

    def __init__(self, env: Env, on_free: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()
        self._in_flight = InFlight(loop, on_free)
        self._broker = StubBroker(middleware=[self._in_flight])
        self._actors = {kind: _declare(self._broker, loop, env, kind) for kind in WorkKind}
        self._broker.queues = {name: QuietQueue() for name in self._broker.queues}
        self._worker = dramatiq.Worker(self._broker, worker_threads=1, worker_timeout=_LOOK_UP_MS)
        self._worker.queue_prefetch = sum(row.threads for row in KINDS.values())
        self._worker.work_queue = work = _QuietWork()
        self._queues: list[QuietQueue] = [*self._broker.queues.values(), work]

    def capacities(self) -> list[Capacity]:
        return self._in_flight.capacities()

    def begin(self, claims: Sequence[Claim]) -> None:
        together: defaultdict[WorkKind, list[Claim]] = defaultdict(list)
        for claim in claims:
            # By itself, what was begun before and didn't end: it may be what ends processes.
            if KINDS[claim.kind].do_all is None or claim.attempts > 1:
                self._send([claim])
            else:
                together[claim.kind].append(claim)
        for pieces in together.values():
            self._send(pieces)

    def _send(self, pieces: Sequence[Claim]) -> None:
        """Have pieces of one kind done together."""
        written = [(str(one.subject_id), str(one.stamp), one.attempts, one.trace) for one in pieces]
        self._actors[pieces[0].kind].send(written)
        if self._in_flight.messages() > len(self._worker.workers):
            self._worker._add_worker()

    def start(self) -> None:
        self._worker.start()

    async def stop(self) -> None:
        for queue in self._queues:
            queue.end()
        # Stopping waits for threads that wait for this loop: it must not block it.
        await asyncio.to_thread(self._worker.stop, _STOP_MS)


def _declare(
    broker: dramatiq.Broker, loop: asyncio.AbstractEventLoop, env: Env, kind: WorkKind
) -> dramatiq.Actor[[list[_Piece]], None]:
    async def work(claims: Sequence[Claim]) -> None:
        async with asyncio.timeout(_TIME_LIMIT):
            await (do_work(env, claims[0]) if len(claims) == 1 else do_together(env, claims))

    # The broker has no Retries middleware: the row comes due again.
    @dramatiq.actor(broker=broker, actor_name=kind)
    def act(pieces: list[_Piece]) -> None:
        claims = [
            Claim(kind, UUID(subject_id), UUID(stamp), attempts, trace)
            for subject_id, stamp, attempts, trace in pieces
        ]
        _wait_for(work(claims), loop)

    return act


def _wait_for(work: Coroutine[None, None, None], loop: asyncio.AbstractEventLoop) -> None:
    """Wait in a thread for what is done on the loop; once that is closed, nothing is begun."""
    try:
        future = asyncio.run_coroutine_threadsafe(work, loop)
    except RuntimeError:
        work.close()  # its row comes due again
        return
    future.result()


@asynccontextmanager
async def background_work(
    env: Env, pulse: Pulse | None = None, timekeeper: Timekeeper | None = None
) -> AsyncIterator[None]:
    """Run the tick and the workers until the context ends."""
    await schedule(WorkKind.ERASE_OLD, env.clock.now(), EVERYTHING_OLD)
    async with env.bus.listen(DUE) as listener:
        workers = _Workers(env, listener.nudge)
        workers.start()
        ticking = asyncio.create_task(tick(env, workers, listener, pulse, timekeeper))
        try:
            yield
        finally:
            # What the tick is claiming it begins: cut off, that would wait for its lease to lapse.
            listener.close()
            await asyncio.wait([ticking], timeout=_LAST_LOOK)
            ticking.cancel()
            await asyncio.gather(ticking, return_exceptions=True)
            await workers.stop()
