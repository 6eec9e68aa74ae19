"""The tick: claims as much due work as the process can begin at once, no more.

Every process with workers runs it: claims exclude each other in the database. It wakes when the
bus says that work was written, when a kind that was full has room again, at the next moment
that something is due, and as a slow sweep.
"""

import asyncio
from collections.abc import Sequence
from typing import Final, Protocol

import structlog

from app.models.due import Claim, Room, claim_due, next_due_at
from app.ports.bus import Listener
from app.services.kernel.env import Env

log = structlog.get_logger(__name__)

_SWEEP_SECONDS: Final = 5.0
_SHORTEST_WAIT_SECONDS: Final = 0.02


class Hands(Protocol):
    """Whoever does the work: how much more they can take, and how to give it to them."""

    def rooms(self) -> Sequence[Room]:
        """Return the kinds with a free thread, and how many threads are free."""

    def begin(self, claim: Claim) -> None:
        """Begin claimed work on a free thread."""


async def tick(env: Env, hands: Hands, listener: Listener) -> None:
    """Run until the bus closes; a failure is logged and tried again with the next sweep."""
    ticking = True
    while ticking:
        try:
            wait = await _hand_out(env, hands)
        except Exception as error:
            log.exception("tick failed", error=type(error).__name__)
            wait = _SWEEP_SECONDS
        ticking = await _wait(listener, wait)


async def _hand_out(env: Env, hands: Hands) -> float:
    """Begin what is due and has room; return the seconds until to look again.

    A kind without room is left out: the end of one of its pieces wakes the tick.
    """
    for claim in await claim_due(env.clock.now(), hands.rooms()):
        hands.begin(claim)
    due_at = await next_due_at([room.kind for room in hands.rooms()])
    if due_at is None:
        return _SWEEP_SECONDS
    seconds = (due_at - env.clock.now()).total_seconds()
    return min(max(seconds, _SHORTEST_WAIT_SECONDS), _SWEEP_SECONDS)


async def _wait(listener: Listener, seconds: float) -> bool:
    """Wait until nudged or ``seconds`` passed; False when the process is to end."""
    try:
        async with asyncio.timeout(seconds):
            return await listener.nudged()
    except TimeoutError:
        return True
