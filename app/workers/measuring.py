"""What waits to be done, measured for those who run the server."""

import asyncio
from typing import Final

import structlog

from app.models.dead_work import dead_by_kind, due_by_kind
from app.models.due import WorkKind
from app.services.kernel.env import Env
from app.telemetry import metrics

log = structlog.get_logger(__name__)

_MEASURE_EVERY: Final = 15.0  # seconds: as often as Prometheus asks


async def measure_work(env: Env) -> None:
    """Measure time and again until cancelled; a failure is logged, and shows by standing still."""
    while True:
        try:
            await _measure(env)
        except Exception as error:
            log.warning("work not measured", error=type(error).__name__)
        await asyncio.sleep(_MEASURE_EVERY)


async def _measure(env: Env) -> None:
    now = env.clock.now()
    due = {count.kind: count for count in await due_by_kind(now)}
    dead = await dead_by_kind()
    for kind in WorkKind:
        count = due.get(kind)
        waited = (now - count.oldest_at).total_seconds() if count else 0
        metrics.DUE_WORK.labels(kind).set(count.due if count else 0)
        metrics.DUE_WORK_AGE.labels(kind).set(waited)
        metrics.DEAD_WORK.labels(kind).set(dead.get(kind, 0))
