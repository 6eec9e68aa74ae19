"""Whether a group's managers look after it, and when it is refreshed by itself (R24, R27)."""

from dataclasses import dataclass
from datetime import date, datetime

from app.domain.activity import ActivityState, activity_on, last_visit_on, next_run_at
from app.domain.refresh import next_allowed_at
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
    return ActivityRow(
        activity_on(info.context.env.today(), _last_visit(root, info)), root.refreshed_at
    )


def scheduled_at(root: GroupRow, info: Info) -> datetime:
    """Return when the group is next refreshed by itself: when a run begins (R24, R25)."""
    env = info.context.env
    now = env.clock.now()
    allowed_at = next_allowed_at(root.refresh_started_at, now)
    return next_run_at(root.id, _last_visit(root, info), env.timezone, now, allowed_at)


def _last_visit(root: GroupRow, info: Info) -> date:
    return last_visit_on(root.visited_on, info.context.env.day_of(root.created_at))
