"""How many a reminder would be for, before it is sent (R30)."""

from dataclasses import dataclass

from app.domain.reminders import ReminderCondition
from app.resolvers.context import Info
from app.resolvers.group_row import GroupRow
from app.services.health.reminders import find_audience


@dataclass(frozen=True, slots=True)
class ReminderAudienceRow:
    """How many a reminder would be for."""

    count: int
    already_reminded: int


async def reminder_audience(
    root: GroupRow, info: Info, condition: ReminderCondition
) -> ReminderAudienceRow:
    """Resolve ``reminderAudience``: the same people that a reminder would go to (R30)."""
    env = info.context.env
    audience = await find_audience(env, root.id, condition, root.rights.charge)
    return ReminderAudienceRow(len(audience.members), len(audience.reminded))
