"""The tick: claims work that came due and hands it to the actors.

Every process may run it: claims exclude each other in the database. It wakes when the bus
says that work was written, at the next moment that something is due, and as a slow sweep.
"""

import asyncio
from datetime import timedelta
from typing import Final

import structlog

from app.models.due import Claim, claim_due, next_due_at, postpone
from app.ports.bus import DUE, Listener
from app.services.kernel.env import Env
from app.workers.actors import Dispatch

log = structlog.get_logger(__name__)

_CLAIMS_AT_ONCE: Final = 100
_SWEEP_SECONDS: Final = 5.0
_SHORTEST_WAIT_SECONDS: Final = 0.02
_BROKER_AWAY: Final = timedelta(seconds=2)


async def tick(env: Env, dispatch: Dispatch) -> None:
    """Run until the bus closes; a failure is logged and tried again with the next sweep."""
    async with env.bus.listen(DUE) as listener:
        ticking = True
        while ticking:
            try:
                wait = await _hand_out(env, dispatch)
            except Exception as error:
                log.exception("tick failed", error=type(error).__name__)
                wait = _SWEEP_SECONDS
            ticking = await _wait(listener, wait)


async def _hand_out(env: Env, dispatch: Dispatch) -> float:
    """Hand out what is due; answers the seconds until something is again."""
    more = True
    while more:
        claims = await claim_due(env.clock.now(), _CLAIMS_AT_ONCE)
        more = len(claims) == _CLAIMS_AT_ONCE
        try:
            # A broker over the network blocks: not on the loop.
            await asyncio.to_thread(_send_all, dispatch, claims)
        except Exception:
            for claim in claims:
                await postpone(claim, env.clock.now() + _BROKER_AWAY)
            raise
    due_at = await next_due_at()
    if due_at is None:
        return _SWEEP_SECONDS
    seconds = (due_at - env.clock.now()).total_seconds()
    return min(max(seconds, _SHORTEST_WAIT_SECONDS), _SWEEP_SECONDS)


def _send_all(dispatch: Dispatch, claims: list[Claim]) -> None:
    for claim in claims:
        dispatch(claim)


async def _wait(listener: Listener, seconds: float) -> bool:
    """Wait until nudged or ``seconds`` passed; False when the process is to end."""
    try:
        async with asyncio.timeout(seconds):
            return await listener.nudged()
    except TimeoutError:
        return True
