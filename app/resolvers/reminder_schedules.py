"""A group's reminder schedule, as its managers see it (R30)."""

from dataclasses import dataclass
from datetime import date, datetime

from app.domain.daily import Weekday, write_minute
from app.domain.groups import NatValidity
from app.domain.health import HealthCode
from app.models.reminder_schedules import ReminderSchedule
from app.resolvers.context import Info
from app.resolvers.group_row import GroupRow
from app.services.health.reminder_schedules import condition_of, times_of


@dataclass(frozen=True, slots=True)
class ReminderScheduleRow:
    """When whom a group reminds by itself."""

    at: str
    weekdays: list[Weekday]
    anomalous: bool
    no_negative_within: NatValidity
    health_codes: list[HealthCode]
    next_at: datetime
    last_on: date | None


async def reminder_schedule(root: GroupRow, info: Info) -> ReminderScheduleRow | None:
    """Resolve ``group.reminderSchedule``: None without one."""
    schedule = await ReminderSchedule.get_or_none(id=root.id)
    if schedule is None:
        return None
    condition, times = condition_of(schedule), times_of(schedule, info.context.env)
    return ReminderScheduleRow(
        at=write_minute(times.minute),
        weekdays=list(times.weekdays),
        anomalous=condition.anomalous,
        no_negative_within=condition.no_negative_within,
        health_codes=sorted(condition.health_codes),
        next_at=times.next_after(info.context.env.clock.now()),
        last_on=schedule.ran_on,
    )
