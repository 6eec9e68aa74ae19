"""SMS: queued in the transaction that causes them (R39); ``sending`` hands them over after it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from app.domain.events import Event, EventType
from app.domain.sms import SmsState, SmsTemplate
from app.models.due import Claim, WorkKind, finish
from app.models.groups import lock_group
from app.models.inserting import insert_rows
from app.models.messages import Sms
from app.services.kernel.env import Env
from app.services.kernel.unit import Unit, unit_of_work

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
    new = {unit.new_id(): message for message in messages}
    rows = [
        {
            "id": key,
            "template": message.template,
            "group_id": message.group_id,
            "caused_by": message.caused_by,
            "phone": message.phone,
            "phone_hash": unit.lookups("phone", message.phone)[0],
            "params": dict(message.params),
            "language": message.language,
            "state": SmsState.QUEUED,
            "attempts": 0,
            "created_at": unit.now,
        }
        for key, message in new.items()
    ]
    await insert_rows(Sms, rows)
    unit.changes(*{one.group_id for one in new.values() if one.group_id is not None})
    codes = {key for key, one in new.items() if one.template is SmsTemplate.VERIFICATION_CODE}
    unit.schedule(WorkKind.SEND_CODE, *codes)
    unit.schedule(WorkKind.SEND_SMS, *(new.keys() - codes))


async def note_messages(env: Env, claim: Claim) -> None:
    """Log that SMS of a group ended, which its managers see; harmless twice (R39)."""
    async with unit_of_work(env, claim.subject_id) as unit:
        if await lock_group(claim.subject_id) is not None:
            await unit.log(claim.subject_id, Event(EventType.MESSAGES_ENDED))
        await finish(claim)


async def fail_sms(unit: Unit, sms_id: UUID) -> None:
    """Show an SMS as failed whose work is dead; what it says is kept, to try it again (R34)."""
    sms = await Sms.get_or_none(id=sms_id, state=SmsState.QUEUED).only("id", "group_id")
    if sms is not None:
        still_queued = Sms.filter(id=sms_id, state=SmsState.QUEUED)
        if await still_queued.update(state=SmsState.FAILED, ended_at=unit.now):
            note_ends(unit, [sms.group_id])


async def requeue_sms(sms_id: UUID) -> UUID | None:
    """Queue an SMS again that ``fail_sms`` ended, if it is still known what it says (R39).

    Return the group whose managers see it.
    """
    sms = await Sms.get_or_none(id=sms_id, state=SmsState.FAILED, params__not_isnull=True)
    if sms is None:
        return None
    await Sms.filter(id=sms_id).update(state=SmsState.QUEUED, ended_at=None)
    return sms.group_id


def note_ends(unit: Unit, group_ids: Collection[UUID | None]) -> None:
    """Have the managers of these groups told that SMS of theirs ended (R39)."""
    groups = {group_id for group_id in group_ids if group_id is not None}
    unit.changes(*groups)
    unit.schedule(WorkKind.NOTE_MESSAGES, *groups, at=unit.now + _TOLD_TOGETHER)
