"""The tick: claims as much due work as the process can begin at once, no more.

Every process with workers runs it: claims exclude each other in the database. It wakes when the
bus says that work was written, when a kind that was full has a free thread, at the next moment
that something is due, and as a slow sweep.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Final, Protocol

import structlog

from app.domain.refusals import Unavailable
from app.models.claiming import Capacity, take_due
from app.models.due import Claim
from app.ports.bus import Listener
from app.services.kernel.env import Env
from app.telemetry import metrics
from app.workers.timekeeping import Timekeeper
from app.workers.unanswered import Unanswered

log = structlog.get_logger(__name__)

_SWEEP_SECONDS: Final = 5.0
_LOOK_FOR_DATABASE: Final = 1.0  # seconds, while it is away
_SHORTEST_WAIT_SECONDS: Final = 0.02
_BREATH_SECONDS: Final = 0.02  # after a look that found nothing: nudges come in bursts


class Workers(Protocol):
    """What does the work: how much more it can begin, and how to begin it."""

    def capacities(self) -> Sequence[Capacity]:
        """Return the kinds with a free thread, and how many threads are free."""

    def begin(self, claims: Sequence[Claim]) -> None:
        """Begin claimed work, for which there are free threads."""


class Pulse:
    """When the tick looked for work last, so that one which stands still is noticed.

    By the loop's time, which doesn't jump as clocks do.
    """

    def __init__(self) -> None:
        self.beat()

    def beat(self) -> None:
        """Note that it looked just now."""
        self._at = asyncio.get_running_loop().time()

    @property
    def age(self) -> timedelta:
        """How long ago it looked."""
        return timedelta(seconds=asyncio.get_running_loop().time() - self._at)


async def tick(
    env: Env,
    workers: Workers,
    listener: Listener,
    pulse: Pulse | None = None,
    timekeeper: Timekeeper | None = None,
) -> None:
    """Run until the bus closes; a failure is logged and tried again with the next sweep.

    Nothing is begun, nor ``pulse`` beaten, while ``timekeeper`` finds the clock wrong.
    """
    ticking, unanswered = True, Unanswered()
    while ticking:
        try:
            if timekeeper is not None and not await timekeeper.right():
                ticking = await _wait(listener, _SWEEP_SECONDS)
                continue
            began, wait = await _begin_due(env, workers, unanswered)
            if pulse is not None:
                pulse.beat()
            metrics.TICKED_AT.set(env.clock.now().timestamp())
            if not began:
                await asyncio.sleep(_BREATH_SECONDS)
        except Unavailable:  # the database says so itself
            wait = _LOOK_FOR_DATABASE
        except Exception as error:
            log.exception("tick failed", error=type(error).__name__)
            wait = _SWEEP_SECONDS
        ticking = await _wait(listener, wait)


async def _begin_due(env: Env, workers: Workers, unanswered: Unanswered) -> tuple[int, float]:
    """Begin what is due and has a free thread.

    Return how many pieces began, and the seconds until to look again.

    A kind without room is left out: the end of one of its pieces wakes the tick.
    """
    now, capacities = env.clock.now(), workers.capacities()
    await unanswered.hand_back(now)
    try:
        taken = await take_due(now, capacities)
    except Unavailable:
        unanswered.note(now, capacities)
        raise
    workers.begin(taken.claims)
    began = len(taken.claims)
    if any(one.kind in taken.filled for one in workers.capacities()):
        return began, 0  # it has room again: pieces ended while we looked
    if taken.next_at is None:
        return began, _SWEEP_SECONDS
    seconds = (taken.next_at - env.clock.now()).total_seconds()
    return began, min(max(seconds, _SHORTEST_WAIT_SECONDS), _SWEEP_SECONDS)


async def _wait(listener: Listener, seconds: float) -> bool:
    """Wait until nudged or ``seconds`` passed; False when the process is to end."""
    try:
        async with asyncio.timeout(seconds):
            return await listener.nudged()
    except TimeoutError:
        return True
