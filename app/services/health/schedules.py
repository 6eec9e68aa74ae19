"""The schedule of a group that was read, be it as a row or to be changed (R24, R27)."""

from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from app.domain.activity import Schedule
from app.services.kernel.env import Env


class Visited(Protocol):
    """A group as far as its schedule goes."""

    @property
    def id(self) -> UUID:
        """The group's id."""

    @property
    def visited_on(self) -> date | None:
        """The day of the last refresh by hand, None before the first."""

    @property
    def created_at(self) -> datetime:
        """When the group was created."""


def schedule_of(env: Env, group: Visited) -> Schedule:
    """Return when a group is refreshed by itself; creating it counts as a visit (R27)."""
    last_visit = group.visited_on or env.day_of(group.created_at)
    return Schedule(group.id, last_visit, env.timezone)
