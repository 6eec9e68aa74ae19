"""SMS: queued in the transaction that causes them, sent after it (R39)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from tortoise.expressions import F

from app.domain.events import Event, EventType
from app.domain.limits import CODE_LIFE, SMS_TRIED_FOR
from app.domain.sms import SmsState, SmsTemplate
from app.models.due import Claim, WorkKind, finish
from app.models.groups import lock_group
from app.models.messages import Sms
from app.ports.http import GatewayError
from app.services.kernel.env import Env
from app.services.kernel.unit import Unit, unit_of_work
from app.services.sms.away import note_failure, note_success
from app.services.sms.texts import render_sms
from app.telemetry import metrics

# What ends within this time is one event of the group, however many SMS it is.
_TOLD_TOGETHER: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class NewSms:
    """An SMS to be sent: to whom, what, and where its state is shown."""

    phone: str
    template: SmsTemplate
    params: Mapping[str, str]
    language: str
    group_id: UUID | None = None
    caused_by: UUID | None = None


async def queue_sms(unit: Unit, *messages: NewSms) -> None:
    """Write SMS into the outbox of the open transaction (R39)."""
    rows = [
        Sms(
            id=unit.new_id(),
            template=message.template,
            group_id=message.group_id,
            caused_by=message.caused_by,
            phone=message.phone,
            phone_hash=unit.lookups("phone", message.phone)[0],
            params=dict(message.params),
            language=message.language,
            created_at=unit.now,
        )
        for message in messages
    ]
    await Sms.bulk_create(rows)
    unit.changes(*{row.group_id for row in rows if row.group_id is not None})
    codes = {row.id for row in rows if row.template is SmsTemplate.VERIFICATION_CODE}
    unit.schedule(WorkKind.SEND_CODE, *codes)
    unit.schedule(WorkKind.SEND_SMS, *({row.id for row in rows} - codes))


async def send_code(env: Env, claim: Claim) -> None:
    """Send a verification code, which someone waits for: no other SMS delays it (R40)."""
    await send_sms(env, claim)


async def send_sms(env: Env, claim: Claim) -> None:
    """Hand one SMS to the gateway under its id as idempotency key; harmless twice (R39).

    A refusal for good, or one after six hours (of a code, its five minutes), leaves it visibly
    failed; so does a wait until then. Raises ``GatewayError`` when it is to be tried again.
    """
    sms = await Sms.get_or_none(id=claim.subject_id, state=SmsState.QUEUED)
    if sms is None:
        await finish(claim)
        return
    if _is_useless(env, sms):
        await _end(env, claim, sms, SmsState.FAILED)
        return
    params = sms.params or {}
    text = render_sms(sms.template, sms.language, params)
    await _count_attempt(env, sms)
    try:
        await env.sms.send(str(sms.id), sms.phone, sms.template, params, text)
    except GatewayError as error:
        if sms.template is SmsTemplate.VERIFICATION_CODE:
            await note_failure(env, error)
        wait = timedelta(seconds=error.retry_after or 0)
        if not error.permanent and env.clock.now() + wait < _tried_until(sms):
            raise
        await _end(env, claim, sms, SmsState.FAILED)
        return
    if sms.template is SmsTemplate.VERIFICATION_CODE:
        await note_success()
    await _end(env, claim, sms, SmsState.SENT)


async def note_messages(env: Env, claim: Claim) -> None:
    """Log that SMS of a group ended, which its managers see; harmless twice (R39)."""
    async with unit_of_work(env, claim.subject_id) as unit:
        if await lock_group(claim.subject_id) is not None:
            await unit.log(claim.subject_id, Event(EventType.MESSAGES_ENDED))
        await finish(claim)


async def fail_sms(unit: Unit, sms_id: UUID) -> None:
    """Show an SMS as failed whose work is dead; what it says is kept, to try it again (R34)."""
    sms = await Sms.get_or_none(id=sms_id, state=SmsState.QUEUED)
    if sms is not None:
        await _end_in(unit, sms, SmsState.FAILED)


async def requeue_sms(sms_id: UUID) -> UUID | None:
    """Queue an SMS again that ``fail_sms`` ended, if it is still known what it says (R39).

    Return the group whose managers see it.
    """
    sms = await Sms.get_or_none(id=sms_id, state=SmsState.FAILED, params__not_isnull=True)
    if sms is None:
        return None
    await Sms.filter(id=sms_id).update(state=SmsState.QUEUED, ended_at=None)
    return sms.group_id


async def _count_attempt(env: Env, sms: Sms) -> None:
    async with unit_of_work(env) as unit:
        await Sms.filter(id=sms.id).update(attempts=F("attempts") + 1)
        if sms.group_id is not None:
            unit.changes(sms.group_id)


def _tried_until(sms: Sms) -> datetime:
    is_code = sms.template is SmsTemplate.VERIFICATION_CODE
    return sms.created_at + (CODE_LIFE if is_code else SMS_TRIED_FOR)


def _is_useless(env: Env, sms: Sms) -> bool:
    is_code = sms.template is SmsTemplate.VERIFICATION_CODE
    return is_code and env.clock.now() >= _tried_until(sms)


async def _end(env: Env, claim: Claim, sms: Sms, state: SmsState) -> None:
    """End an SMS and its work; what it said is forgotten with it."""
    async with unit_of_work(env) as unit:
        await _end_in(unit, sms, state, params=None)
        await finish(claim)
    metrics.SMS.labels(sms.template, state).inc()


async def _end_in(unit: Unit, sms: Sms, state: SmsState, **changes: None) -> None:
    still_queued = Sms.filter(id=sms.id, state=SmsState.QUEUED)
    if await still_queued.update(state=state, ended_at=unit.now, **changes) and sms.group_id:
        unit.changes(sms.group_id)
        unit.schedule(WorkKind.NOTE_MESSAGES, sms.group_id, at=unit.now + _TOLD_TOGETHER)
