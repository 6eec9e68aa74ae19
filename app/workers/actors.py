"""The actors: an id in, one service call out; any of them may run twice."""

from collections.abc import Awaitable, Callable
from typing import Any, Final
from uuid import UUID

import dramatiq
import structlog

from app.models.due import Claim, WorkKind, begin
from app.services.accounts.families import sync_due
from app.services.groups.erasure import erase_former, erase_group, erase_old
from app.services.groups.leaves import end_leave_due
from app.services.health.alerts import alert_due
from app.services.health.judging import judge_due
from app.services.health.records import fetch_due
from app.services.health.refresh import run_refresh, start_due
from app.services.kernel.env import Env
from app.services.sms.outbox import send_sms

log = structlog.get_logger(__name__)

Work = Callable[[Env, Claim], Awaitable[None]]
Dispatch = Callable[[Claim], None]

# Kinds that may hang have queues, and so threads, of their own: they never hold up the rest.
QUEUES: Final = {
    WorkKind.FETCH_PERSON: "fetches",
    WorkKind.JUDGE_GROUP: "judging",
    WorkKind.REFRESH_GROUP: "refreshes",
    WorkKind.SEND_SMS: "sms",
    WorkKind.FETCH_FAMILY: "fetches",
    WorkKind.START_REFRESH: "judging",
    WorkKind.ALERT_MANAGERS: "judging",
    WorkKind.END_LEAVE: "leaves",
    WorkKind.ERASE_FORMER: "erasure",
    WorkKind.ERASE_GROUP: "erasure",
    WorkKind.ERASE_OLD: "erasure",
}
WORK: Final[dict[WorkKind, Work]] = {
    WorkKind.FETCH_PERSON: fetch_due,
    WorkKind.JUDGE_GROUP: judge_due,
    WorkKind.REFRESH_GROUP: run_refresh,
    WorkKind.SEND_SMS: send_sms,
    WorkKind.FETCH_FAMILY: sync_due,
    WorkKind.START_REFRESH: start_due,
    WorkKind.ALERT_MANAGERS: alert_due,
    WorkKind.END_LEAVE: end_leave_due,
    WorkKind.ERASE_FORMER: erase_former,
    WorkKind.ERASE_GROUP: erase_group,
    WorkKind.ERASE_OLD: erase_old,
}
_TIME_LIMIT_MS: Final = 31 * 60 * 1000  # beyond the deadline of a refresh run (R25)


def declare_actors(broker: dramatiq.Broker, env: Env) -> Dispatch:
    """Declare one actor a kind of work on ``broker``; answers how to hand work to them."""
    actors = {kind: _declare(broker, env, kind) for kind in WorkKind}

    def dispatch(claim: Claim) -> None:
        actors[claim.kind].send(str(claim.subject_id), str(claim.stamp), claim.attempts)

    return dispatch


def _declare(broker: dramatiq.Broker, env: Env, kind: WorkKind) -> dramatiq.Actor[Any, Any]:
    # The broker has no Retries middleware: the row comes due again when its claim runs out.
    @dramatiq.actor(
        broker=broker,
        actor_name=kind.value.lower(),
        queue_name=QUEUES[kind],
        time_limit=_TIME_LIMIT_MS,
    )
    async def act(subject_id: str, stamp: str, attempts: int) -> None:
        claim = Claim(kind, UUID(subject_id), UUID(stamp), attempts)
        try:
            if await begin(claim, env.clock.now()):
                await WORK[kind](env, claim)
        except Exception as error:
            log.exception("work failed", work=claim.key, error=type(error).__name__)

    return act
