"""Reminding by a schedule: at a time of the day, on some days of the week (R30, R31)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.domain.daily import DailyTime, Weekday
from app.domain.events import Event, EventType
from app.domain.health import HealthCode
from app.domain.refusals import Refusal, RefusalCode
from app.domain.reminders import ReminderCondition, audience_of, check_condition
from app.domain.roles import Right
from app.models.due import Claim, WorkKind, finish, repeat
from app.models.groups import lock_group
from app.models.judging import read_member_states
from app.models.reminder_schedules import ReminderSchedule
from app.services.health.reminders import remind_members
from app.services.kernel.env import Env, Viewer
from app.services.kernel.rights import require
from app.services.kernel.unit import unit_of_work


@dataclass(frozen=True, slots=True)
class NewSchedule:
    """When whom is reminded, as entered."""

    condition: ReminderCondition
    minute: int
    weekdays: Sequence[Weekday]


async def set_reminder_schedule(env: Env, viewer: Viewer, group_id: UUID, new: NewSchedule) -> None:
    """Have a group's members reminded by themselves, in the place of an earlier schedule (R30).

    Refused: a condition that names nobody, and no day.
    """
    check_condition(new.condition)
    if not new.weekdays:
        raise Refusal(RefusalCode.TIME_INVALID, "weekdays")
    async with unit_of_work(env, group_id) as unit:
        await require(viewer, group_id, Right.MANAGE_MEMBERS)
        before = await ReminderSchedule.get_or_none(id=group_id)
        times = DailyTime(new.minute, new.weekdays, unit.timezone)
        schedule = ReminderSchedule(
            id=group_id,
            group_id=group_id,
            minute=new.minute,
            weekdays=[day for day in Weekday if day in new.weekdays],
            anomalous=new.condition.anomalous,
            no_negative_within=new.condition.no_negative_within,
            health_codes=sorted(new.condition.health_codes),
            ran_on=times.settled_on(unit.now, before.ran_on if before else None),
        )
        await ReminderSchedule.filter(id=group_id).delete()
        await schedule.save(force_create=True)
        await unit.forget(WorkKind.REMIND_GROUP, group_id)
        unit.schedule(WorkKind.REMIND_GROUP, group_id, at=times.next_after(unit.now))
        event = Event(EventType.REMINDERS_SCHEDULED, actor_id=viewer.person_id)
        await unit.log(group_id, event)


async def clear_reminder_schedule(env: Env, viewer: Viewer, group_id: UUID) -> None:
    """Remind by a group's schedule no more; harmless where there is none (R30)."""
    async with unit_of_work(env, group_id) as unit:
        await require(viewer, group_id, Right.MANAGE_MEMBERS)
        if await ReminderSchedule.filter(id=group_id).delete():
            await unit.forget(WorkKind.REMIND_GROUP, group_id)
            event = Event(EventType.REMINDERS_SCHEDULED, actor_id=viewer.person_id)
            await unit.log(group_id, event)


async def remind_by_schedule(env: Env, claim: Claim) -> None:
    """Remind at the time of a group's schedule, once a day, and ask for the next; harmless twice.

    What is sent, that it was, and the next time are one transaction: whoever dies in between has
    sent nothing.
    """
    group_id = claim.subject_id
    async with unit_of_work(env, group_id) as unit:
        group = await lock_group(group_id)
        schedule = await ReminderSchedule.get_or_none(id=group_id)
        if group is None or schedule is None:
            await finish(claim)
            return
        times = times_of(schedule, env)
        day = times.turn_of(unit.now, schedule.ran_on)
        if day is not None:
            await ReminderSchedule.filter(id=group_id).update(ran_on=day)
            unit.changes(group_id)
            members = await read_member_states(group_id)
            audience = audience_of(condition_of(schedule), members, unit.now)
            await remind_members(env, unit, group_id, audience.to_remind, None)
        await repeat(claim, times.next_after(unit.now))


def times_of(schedule: ReminderSchedule, env: Env) -> DailyTime:
    """Return when a schedule reminds."""
    weekdays = tuple(map(Weekday, schedule.weekdays))
    return DailyTime(schedule.minute, weekdays, env.timezone)


def condition_of(schedule: ReminderSchedule) -> ReminderCondition:
    """Return whom a schedule reminds."""
    codes = frozenset(map(HealthCode, schedule.health_codes))
    return ReminderCondition(schedule.anomalous, schedule.no_negative_within, codes)
