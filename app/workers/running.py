"""Doing one piece of work: renewing its claim, trying it again, and parking it as dead."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from time import perf_counter
from typing import Final

import structlog

from app.domain.refusals import Unavailable
from app.models.due import Claim, park, renew, retry
from app.ports.http import GatewayError
from app.services.kernel.env import Env
from app.services.kernel.outlasting import outlasting
from app.services.kernel.unit import unit_of_work
from app.telemetry import metrics, traces
from app.telemetry.traces import Side
from app.workers.kinds import KINDS

log = structlog.get_logger(__name__)

LAPSED: Final = "Lapsed"  # the error of work whose process died, time and again


class _RequestedAnew(Exception):
    """The work was scheduled anew while it was being parked: it isn't dead."""


async def do_work(env: Env, claim: Claim) -> None:
    """Do claimed work. When it fails it comes due again after a pause, or is dead at last."""
    began = perf_counter()
    with traces.span(f"work {claim.kind}", Side.CONSUMER, parent=claim.trace):
        outcome = await _do(env, claim)
    _measure(claim, outcome, began)


async def do_together(env: Env, claims: Sequence[Claim]) -> None:
    """Do several pieces of one kind at once, each of which ends as by ``do_work``.

    Where that fails as a whole, each is done by itself: one may be what spoils it.
    """
    began, first = perf_counter(), claims[0]
    do_all = KINDS[first.kind].do_all
    assert do_all is not None, "work of this kind is done together"
    async with _kept(env, claims) as kept:
        try:
            # A span has one parent: it goes on with the trace of the first.
            with traces.span(f"work {first.kind}", Side.CONSUMER, parent=first.trace):
                failed = await do_all(env, claims)
        except Exception as error:
            name = type(error).__name__
            log.warning("work failed together", kind=first.kind, pieces=len(claims), error=name)
        else:
            for claim in claims:
                kept.discard(claim)  # renewed once more, it would wait for longer
                refused = failed.get(claim)
                outcome = "DONE" if refused is None else await _end_failed(env, claim, refused)
                _measure(claim, outcome, began)
            return
        for claim in claims:
            kept.discard(claim)  # it is kept for itself now
            await do_work(env, claim)


def _measure(claim: Claim, outcome: str, began: float) -> None:
    metrics.WORK.labels(claim.kind, outcome).inc()
    metrics.WORK_SECONDS.labels(claim.kind).observe(perf_counter() - began)


async def _do(env: Env, claim: Claim) -> str:
    """Return how it ended: DONE, FAILED or DEAD."""
    kind = KINDS[claim.kind]
    if claim.attempts > kind.attempts:  # no process was left to say what went wrong
        await _park(env, claim, LAPSED)
        return "DEAD"
    try:
        async with _kept(env, [claim]):
            await kind.do(env, claim)
        return "DONE"
    except Exception as error:
        return await _end_failed(env, claim, error)


async def _end_failed(env: Env, claim: Claim, error: Exception) -> str:
    """Have work that failed tried again after a pause, or mark it as dead; return which."""
    kind = KINDS[claim.kind]
    if _was_interrupted(error):
        log.warning("work interrupted", work=claim.key, error=Unavailable.__name__)
        await _again(claim, env.clock.now(), Unavailable.__name__, claim.attempts - 1)
        return "FAILED"
    name = type(error).__name__
    if isinstance(error, GatewayError):
        log.warning("work failed", work=claim.key, attempts=claim.attempts, error=name)
    else:
        about = {"work": claim.key, "attempts": claim.attempts, "error": name}
        log.error("work failed", **about, exc_info=error)
    outlasts = kind.outlasts and isinstance(error, GatewayError)
    if claim.attempts >= kind.attempts and not outlasts:
        await _park(env, claim, name)
        return "DEAD"
    pause = max(kind.pause_after(claim.attempts), _wait_asked_for(error))
    # Half of them are left to whatever else goes wrong.
    used = min(claim.attempts, kind.attempts // 2) if outlasts else claim.attempts
    await _again(claim, env.clock.now() + pause, name, used)
    return "FAILED"


def _was_interrupted(error: Exception) -> bool:
    """Return whether the database went away, also under one of several things done at once."""
    if isinstance(error, ExceptionGroup):
        return error.subgroup(Unavailable) is not None
    return isinstance(error, Unavailable)


async def _again(claim: Claim, at: datetime, error: str, attempts: int) -> None:
    """Have work tried again; while the database is away, wait: nobody else could do it either."""
    await outlasting(partial(retry, claim, at, error, attempts))


def _wait_asked_for(error: Exception) -> timedelta:
    """Return how long an outside system asked us to wait, if the error is one's."""
    seconds = error.retry_after if isinstance(error, GatewayError) else None
    return timedelta(seconds=seconds or 0)


async def _is_renewed(claim: Claim, until: datetime) -> bool:
    """Renew a claim; False where it isn't ours any more."""
    try:
        return await renew(claim, until)
    except Exception as error:  # the next renewal is still in time
        log.warning("claim not renewed", work=claim.key, error=type(error).__name__)
        return True


@asynccontextmanager
async def _kept(env: Env, claims: Sequence[Claim]) -> AsyncIterator[set[Claim]]:
    """Renew claims of one kind while their work goes on; a killed process lets them lapse.

    Those are renewed that are left in the set: whoever ends one takes it out first.
    """
    lease, kept = KINDS[claims[0].kind].lease, set(claims)

    async def keep() -> None:
        while kept:
            await asyncio.sleep(lease.total_seconds() / 3)
            for claim in claims:
                if claim in kept and not await _is_renewed(claim, env.clock.now() + lease):
                    kept.discard(claim)

    keeping = asyncio.create_task(keep())
    try:
        yield kept
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)


async def _park(env: Env, claim: Claim, error: str) -> None:
    """Mark work as dead, and change its subject accordingly in the same transaction."""
    on_dead = KINDS[claim.kind].on_dead

    async def park_with_subject() -> None:
        async with unit_of_work(env) as unit:
            if on_dead is not None:
                await on_dead(unit, claim.subject_id)  # ahead of due work, as everywhere
            if not await park(claim, unit.now, error):
                raise _RequestedAnew

    try:
        await outlasting(park_with_subject)
    except _RequestedAnew:
        return
    except Exception as failure:  # the work must not come back for ever
        log.exception("subject not changed", work=claim.key, error=type(failure).__name__)
        await park(claim, env.clock.now(), error)
    log.error("work is dead", work=claim.key, attempts=claim.attempts, error=error)
