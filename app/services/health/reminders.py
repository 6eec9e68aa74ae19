"""Reminding members by SMS of what the group asks of them (R29-R31)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.domain.events import Event, EventType
from app.domain.identity import mask_name
from app.domain.reminders import (
    Audience,
    ReminderCondition,
    SkipReason,
    audience_of,
    check_condition,
)
from app.domain.roles import Right
from app.domain.sections import Charge, is_in_charge
from app.domain.sms import SmsTemplate
from app.models.judging import read_member_states
from app.models.members import Membership
from app.services.kernel.env import Env, Viewer
from app.services.kernel.rights import require_charge
from app.services.kernel.unit import Unit, unit_of_work
from app.services.sms.notices import Notice, queue_notices
from app.services.sms.recipients import phones_of


@dataclass(frozen=True, slots=True)
class Reminded:
    """How many members were sent a reminder, and how many were skipped for which reason.

    ``all_at``: when the last of those who had one just now may be reminded again.
    """

    sent: int
    skipped: Mapping[SkipReason, int]
    all_at: datetime | None


async def find_audience(
    env: Env, group_id: UUID, condition: ReminderCondition, charge: Charge
) -> Audience:
    """Return the members whom a condition means now: what is shown is what is sent (R29, R30).

    Of those in the ``charge`` of who asks (R51). Raise ``Refusal`` for a condition that names
    nobody.
    """
    check_condition(condition)
    states = await read_member_states(group_id)
    members = [state for state in states if is_in_charge(charge, state.section_id)]
    return audience_of(condition, members, env.clock.now())


async def send_reminders(
    env: Env, viewer: Viewer, group_id: UUID, condition: ReminderCondition
) -> Reminded:
    """Remind whom the condition means, as a manager; an enrolled member by their guardians (R31).

    A phone gets one SMS, however many members it answers for. Skipped is who was reminded within
    the hour, who is reached nowhere, and who was chosen and can't be reminded.
    """
    check_condition(condition)
    async with unit_of_work(env, group_id) as unit:
        _, rights = await require_charge(viewer, group_id, Right.MANAGE_CHARGE)
        audience = await find_audience(env, group_id, condition, rights.charge)
        members = audience.to_remind
        reached = await remind_members(env, unit, group_id, members, viewer.person_id)
        counts = {
            SkipReason.REMINDED_WITHIN_AN_HOUR: len(audience.reminded),
            SkipReason.NO_PHONE: len(members) - reached,
            SkipReason.NOT_REMINDABLE: audience.not_remindable,
        }
        skipped = {reason: count for reason, count in counts.items() if count}
        return unit.returns(Reminded(reached, skipped, audience.all_at))


async def remind_members(
    env: Env, unit: Unit, group_id: UUID, members: Sequence[UUID], actor_id: UUID | None
) -> int:
    """Remind these members in the open transaction; return how many are reached (R31).

    ``actor_id`` is whose doing it is, None for the schedule's.
    """
    phones_by_member = await phones_of(members)
    reached = {one: phones_by_member[one] for one in members if phones_by_member[one]}
    if reached:
        await _remind(env, unit, actor_id, group_id, reached)
    return len(reached)


async def _remind(
    env: Env, unit: Unit, actor_id: UUID | None, group_id: UUID, reached: Mapping[UUID, list[str]]
) -> None:
    of_reached = Membership.filter(id__in=list(reached))
    await of_reached.update(reminded_at=unit.now)
    names = dict(await of_reached.values_list("id", "person__name"))
    named: defaultdict[str, list[str]] = defaultdict(list)
    for member_id, phones in reached.items():
        for phone in dict.fromkeys(phones):
            named[phone].append(mask_name(names[member_id]))
    notices = [(_reminder(group_id, actor_id, members), phone) for phone, members in named.items()]
    await queue_notices(env, unit, group_id, notices)
    details = {"count": str(len(reached))}
    await unit.log(group_id, Event(EventType.REMINDERS_SENT, actor_id=actor_id, details=details))


def _reminder(group_id: UUID, actor_id: UUID | None, members: Sequence[str]) -> Notice:
    """Return what a phone is told that answers for these members."""
    params = {"member": members[0]}
    if len(members) == 1:
        return Notice(group_id, SmsTemplate.HEALTH_REMINDER, actor_id, params)
    params["count"] = str(len(members))
    return Notice(group_id, SmsTemplate.HEALTH_REMINDERS, actor_id, params)
