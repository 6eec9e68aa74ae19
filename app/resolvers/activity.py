"""Whether a group's managers look after it, and when it is refreshed by itself (R24, R27)."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.activity import ActivityState
from app.resolvers.context import Info
from app.resolvers.group_row import GroupRow
from app.services.health.schedules import schedule_of


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """A group's activity."""

    state: ActivityState
    last_refreshed_at: datetime | None

    @property
    def refresh_due(self) -> bool:
        """Whether a refresh by hand is due, which makes the group active again (R27)."""
        return self.state is ActivityState.INACTIVE


def activity(root: GroupRow, info: Info) -> ActivityRow:
    """Resolve ``activity`` (R27)."""
    env = info.context.env
    return ActivityRow(schedule_of(env, root).activity_at(env.clock.now()), root.refreshed_at)


def scheduled_at(root: GroupRow, info: Info) -> datetime:
    """Return when the group is next refreshed by itself: when a run begins (R24, R25)."""
    env = info.context.env
    return schedule_of(env, root).next_run(env.clock.now(), root.refresh_started_at)
