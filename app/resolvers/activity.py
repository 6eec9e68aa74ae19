"""Whether a group's managers look after it, and when it is refreshed by itself (R24, R27)."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.activity import ActivityState, activity_on, last_visit_on, next_scheduled_at
from app.resolvers.context import Info
from app.resolvers.group_row import GroupRow


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
    return ActivityRow(_state(root, info), root.refreshed_at)


def scheduled_at(root: GroupRow, info: Info) -> datetime:
    """Return when the group is next refreshed by itself (R24)."""
    return next_scheduled_at(root.id, _state(root, info), info.context.env.clock.now())


def _state(root: GroupRow, info: Info) -> ActivityState:
    env = info.context.env
    last_visit = last_visit_on(root.visited_on, env.day_of(root.created_at))
    return activity_on(env.today(), last_visit)
