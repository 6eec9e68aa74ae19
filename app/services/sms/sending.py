"""Handing SMS to the gateway, and noting what became of them (R39).

Of many that wait the gateway is what takes time. So there are more at work than are handed over
at once: while some are with the gateway, those ahead of them are read and those behind them ended,
which is done for all of one moment by the same statements.
"""

from collections.abc import Collection, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.domain.limits import CODE_LIFE, SMS_TRIED_FOR
from app.domain.sms import SmsState, SmsTemplate
from app.models.due import Claim, finish
from app.models.finishing import finish_all
from app.models.messages import Outgoing, count_attempts, end_messages, read_messages
from app.ports.http import GatewayError
from app.services.kernel.env import Env
from app.services.kernel.unit import unit_of_work
from app.services.sms.away import note_failure, note_success
from app.services.sms.outbox import note_ends
from app.services.sms.texts import render_sms
from app.telemetry import metrics


async def send_code(env: Env, claim: Claim) -> None:
    """Send a verification code, which someone waits for: no other SMS delays it (R40)."""
    await send_sms(env, claim)


async def send_sms(env: Env, claim: Claim) -> None:
    """Hand one SMS to the gateway under its id as idempotency key; harmless twice (R39).

    A refusal for good, or one after six hours (of a code, its five minutes), leaves it visibly
    failed; so does a wait until then. Raises ``GatewayError`` when it is to be tried again.
    """
    sms = await _begin(env, claim.subject_id)
    if sms is None:
        await finish(claim)
        return
    if _is_late_code(sms, env.clock.now()):
        await _end(env, claim, sms, SmsState.FAILED)
        return
    try:
        async with nullcontext() if _is_code(sms) else env.sms_turns:
            await _hand_over(env, sms)
    except GatewayError as error:
        if _is_code(sms):
            await note_failure(env, error)
        wait = timedelta(seconds=error.retry_after or 0)
        if not error.permanent and env.clock.now() + wait < _tried_until(sms):
            raise
        await _end(env, claim, sms, SmsState.FAILED)
        return
    if _is_code(sms):
        await note_success()
    await _end(env, claim, sms, SmsState.SENT)


async def _hand_over(env: Env, sms: Outgoing) -> None:
    await env.sms.send(str(sms.id), sms.phone, sms.template, sms.params or {}, _text_of(sms))


def _text_of(sms: Outgoing) -> str:
    return render_sms(sms.template, sms.language, sms.params or {})


def _can_be_written(sms: Outgoing) -> bool:
    try:
        _text_of(sms)
    except Exception:  # it is raised again where it is that SMS's alone
        return False
    return True


def _is_code(sms: Outgoing) -> bool:
    return sms.template is SmsTemplate.VERIFICATION_CODE


def _tried_until(sms: Outgoing) -> datetime:
    return sms.created_at + (CODE_LIFE if _is_code(sms) else SMS_TRIED_FOR)


def _is_late_code(sms: Outgoing, now: datetime) -> bool:
    return _is_code(sms) and now >= _tried_until(sms)


async def _begin(env: Env, sms_id: UUID) -> Outgoing | None:
    """Read an SMS that waits to be sent; None when it doesn't wait.

    An attempt is counted of what the gateway is to see.
    """

    async def begin(ids: Collection[UUID]) -> Mapping[UUID, Outgoing]:
        async with unit_of_work(env) as unit:
            found = {one.id: one for one in await read_messages(ids)}
            tried = [
                one.id
                for one in found.values()
                if not _is_late_code(one, unit.now) and _can_be_written(one)
            ]
            counted = await count_attempts(tried) if tried else ()
            unit.changes(*{group_id for group_id in counted if group_id is not None})
        return found

    return await env.sms_together.read("begin", begin, sms_id)


@dataclass(frozen=True, eq=False, slots=True)
class _Ended:
    """One SMS that ended, and the work that ends by it."""

    sms_id: UUID
    state: SmsState
    claim: Claim


async def _end(env: Env, claim: Claim, sms: Outgoing, state: SmsState) -> None:
    """End an SMS and its work in one transaction; what it said is forgotten with it.

    Killed ahead of that, it is handed over again, under the same key.
    """

    async def end(ended: Collection[_Ended]) -> Mapping[_Ended, None]:
        async with unit_of_work(env) as unit:
            for how in sorted({one.state for one in ended}):
                ids = [one.sms_id for one in ended if one.state is how]
                note_ends(unit, await end_messages(ids, how, unit.now))
            await finish_all([one.claim for one in ended])
        return {}

    await env.sms_together.read("end", end, _Ended(sms.id, state, claim))
    metrics.SMS.labels(sms.template, state).inc()
