"""What a group does by itself at a time of the day: reminders and digests (R28, R30)."""

import strawberry

from app.domain.daily import Weekday, read_minute
from app.domain.reminders import ReminderCondition
from app.resolvers.context import Info
from app.resolvers.ids import decode_id
from app.schema.enums import HealthCode, NatValidity
from app.schema.once import once
from app.schema.operations.reading import Input, the_group
from app.schema.payloads import GroupPayload
from app.services.health import digests, reminder_schedules


@strawberry.input(description="When whom a group reminds by itself: whoever meets any condition.")
class SetReminderScheduleInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")
    at: str = strawberry.field(
        description="The time of the day, from 00:00 to 23:59, in the configured zone."
    )
    weekdays: list[Weekday] = strawberry.field(description="On which days, at least one.")
    anomalous: bool | None = strawberry.field(
        default=None, description="Everyone who is anomalous then."
    )
    no_negative_within: NatValidity | None = strawberry.field(
        default=None, description="Everyone without a negative test within this time."
    )
    health_codes: list[HealthCode] | None = strawberry.field(
        default=None, description="Everyone with one of these codes."
    )


async def set_reminder_schedule(info: Info, input: Input[SetReminderScheduleInput]) -> GroupPayload:
    """Have members reminded by themselves (R30)."""
    group_id = decode_id(input.group_id, "Group")
    condition = ReminderCondition(
        anomalous=bool(input.anomalous),
        no_negative_within=input.no_negative_within or NatValidity.NONE,
        health_codes=frozenset(input.health_codes or ()),
    )
    new = reminder_schedules.NewSchedule(condition, read_minute(input.at, "at"), input.weekdays)
    viewer = await info.context.viewer()
    await once(info, reminder_schedules.set_reminder_schedule, viewer, group_id, new)
    return await the_group(info, group_id)


@strawberry.input(description="Which group reminds by itself no more.")
class ClearReminderScheduleInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")


async def clear_reminder_schedule(
    info: Info, input: Input[ClearReminderScheduleInput]
) -> GroupPayload:
    """Remind by a schedule no more (R30)."""
    group_id = decode_id(input.group_id, "Group")
    viewer = await info.context.viewer()
    await once(info, reminder_schedules.clear_reminder_schedule, viewer, group_id)
    return await the_group(info, group_id)


@strawberry.input(description="When the viewer is sent a digest of a group each day.")
class SetDailyDigestInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")
    at: str | None = strawberry.field(
        default=None,
        description="The time of the day, as 08:30, in the configured zone; null or left out: no "
        "digest.",
    )


async def set_daily_digest(info: Info, input: Input[SetDailyDigestInput]) -> GroupPayload:
    """Choose one's own digest (R28)."""
    group_id = decode_id(input.group_id, "Group")
    minute = None if input.at is None else read_minute(input.at, "at")
    await once(info, digests.set_daily_digest, await info.context.viewer(), group_id, minute)
    return await the_group(info, group_id)
