"""Health reminders (R29-R31)."""

from datetime import datetime
from math import ceil

import strawberry

from app.domain.reminders import SkipReason
from app.resolvers.context import Info
from app.resolvers.ids import decode_id
from app.schema.once import once
from app.schema.operations.reading import Input
from app.schema.payloads import RemindersPayload
from app.schema.reminders import ReminderCondition, SkippedReminders
from app.services.health import reminders


@strawberry.input(description="Whom a group reminds.")
class SendHealthRemindersInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")
    condition: ReminderCondition = strawberry.field(description="Whom to remind.")


async def send_health_reminders(
    info: Info, input: Input[SendHealthRemindersInput]
) -> RemindersPayload:
    """Remind members by SMS (R29-R31)."""
    group_id = decode_id(input.group_id, "Group")
    viewer = await info.context.viewer()
    done = await once(info, reminders.send_reminders, viewer, group_id, input.condition.read())
    now = info.context.env.clock.now()
    return RemindersPayload(
        sent=done.sent,
        skipped=sum(done.skipped.values()),
        skipped_because=[
            SkippedReminders(
                reason=reason, count=count, retry_after_seconds=_seconds_left(reason, done, now)
            )
            for reason, count in done.skipped.items()
        ],
    )


def _seconds_left(reason: SkipReason, done: reminders.Reminded, now: datetime) -> int | None:
    if reason is not SkipReason.REMINDED_WITHIN_AN_HOUR or done.all_at is None:
        return None
    return max(0, ceil((done.all_at - now).total_seconds()))
