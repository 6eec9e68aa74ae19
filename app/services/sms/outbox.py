"""SMS: queued in the transaction that causes them, sent after it (R39)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from app.domain.limits import CODE_LIFE
from app.domain.messages import SmsState
from app.models.due import Claim, WorkKind, finish, postpone
from app.models.messages import Sms
from app.ports.http import GatewayError
from app.services.kernel.env import Env
from app.services.kernel.unit import Unit
from app.services.sms.texts import render_sms

_ATTEMPTS: Final = 8
_FIRST_WAIT: Final = timedelta(seconds=5)
_USELESS_AFTER: Final = {"verification_code": CODE_LIFE}


@dataclass(frozen=True, slots=True)
class NewSms:
    """An SMS to be sent: to whom, what, and where its state is shown."""

    phone: str
    template: str
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
            params=dict(message.params),
            language=message.language,
            created_at=unit.now,
        )
        for message in messages
    ]
    await Sms.bulk_create(rows)
    await unit.schedule(WorkKind.SEND_SMS, *(row.id for row in rows))


async def send_sms(env: Env, claim: Claim) -> None:
    """Hand one SMS to the gateway under its id as idempotency key; harmless twice (R39).

    A refusal for good, or the last of the attempts, leaves it visibly failed.
    """
    sms = await Sms.get_or_none(id=claim.subject_id, state=SmsState.QUEUED)
    if sms is None:
        await finish(claim)
        return
    if _is_useless(env, sms):
        await _end(env, claim, SmsState.FAILED)
        return
    await Sms.filter(id=sms.id).update(attempts=sms.attempts + 1)
    params = sms.params or {}
    text = render_sms(sms.template, sms.language, params)
    try:
        await env.sms.send(str(sms.id), sms.phone, sms.template, params, text)
    except GatewayError as error:
        if error.permanent or sms.attempts + 1 >= _ATTEMPTS:
            await _end(env, claim, SmsState.FAILED)
        else:
            await postpone(claim, env.clock.now() + _FIRST_WAIT * 2**sms.attempts)
        return
    await _end(env, claim, SmsState.SENT)


def _is_useless(env: Env, sms: Sms) -> bool:
    life = _USELESS_AFTER.get(sms.template)
    return life is not None and env.clock.now() >= sms.created_at + life


async def _end(env: Env, claim: Claim, state: SmsState) -> None:
    """End an SMS; what it said is forgotten with it."""
    await Sms.filter(id=claim.subject_id, state=SmsState.QUEUED).update(
        state=state, ended_at=env.clock.now(), params=None
    )
    await finish(claim)
