"""Doing one piece of work: keeping its claim, trying it again, and giving it up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import structlog

from app.models.due import Claim, bury, renew, retry
from app.ports.http import GatewayError
from app.services.kernel.env import Env
from app.services.kernel.unit import unit_of_work
from app.workers.kinds import KINDS

log = structlog.get_logger(__name__)

LAPSED: Final = "Lapsed"  # the error of work whose process died, time and again


class _AskedAnew(Exception):
    """The work was asked for again while it was given up: it lives."""


async def do_work(env: Env, claim: Claim) -> None:
    """Do claimed work. When it fails it comes due again after a pause, or is dead at last."""
    kind = KINDS[claim.kind]
    if claim.attempts > kind.attempts:  # nobody lived to say what went wrong
        await _give_up(env, claim, LAPSED)
        return
    try:
        async with _kept(env, claim):
            await kind.do(env, claim)
    except Exception as error:
        name = type(error).__name__
        if isinstance(error, GatewayError):
            log.warning("work failed", work=claim.key, attempts=claim.attempts, error=name)
        else:
            log.exception("work failed", work=claim.key, attempts=claim.attempts, error=name)
        if claim.attempts >= kind.attempts:
            await _give_up(env, claim, name)
        else:
            await retry(claim, env.clock.now() + kind.pause_after(claim.attempts), name)


@asynccontextmanager
async def _kept(env: Env, claim: Claim) -> AsyncIterator[None]:
    """Renew a claim for as long as its work goes on; a killed process lets it lapse."""
    lease = KINDS[claim.kind].lease

    async def keep() -> None:
        kept = True
        while kept:
            await asyncio.sleep(lease.total_seconds() / 3)
            try:
                kept = await renew(claim, env.clock.now() + lease)
            except Exception as error:  # the next renewal is still in time
                log.warning("claim not renewed", work=claim.key, error=type(error).__name__)

    keeping = asyncio.create_task(keep())
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)


async def _give_up(env: Env, claim: Claim, error: str) -> None:
    """Put work among the dead, and tell its subject in the same transaction."""
    give_up = KINDS[claim.kind].give_up
    try:
        async with unit_of_work(env) as unit:
            if give_up is not None:
                await give_up(unit, claim.subject_id)  # ahead of due work, as everywhere
            if not await bury(claim, unit.now, error):
                raise _AskedAnew
    except _AskedAnew:
        return
    except Exception as failure:  # what can't even be given up must not come back for ever
        log.exception("subject not told", work=claim.key, error=type(failure).__name__)
        await bury(claim, env.clock.now(), error)
    log.error("work is dead", work=claim.key, attempts=claim.attempts, error=error)
