"""Noting who reads the details of a group's members: true, and cheap while a screen polls.

A row a viewer, group and day holds when they last read. Whoever reads again on the same day,
with nothing new in the group's log, is remembered by the process and costs no statement.
"""

from datetime import date
from typing import Final
from uuid import UUID

from app.domain.accesses import AccessKind
from app.models.accesses import note_access
from app.services.kernel.env import Env, Viewer

_MOST_REMEMBERED: Final = 10_000
_noted: dict[tuple[UUID, UUID], tuple[date, int]] = {}


async def note_viewing(env: Env, viewer: Viewer, group_id: UUID, version: int | None) -> None:
    """Note that a manager reads details of members, at the group's ``version`` if it is known."""
    assert viewer.person_id is not None, "who reads as a manager is a member"
    now = env.clock.now()
    today = env.day_of(now)
    key = (viewer.person_id, group_id)
    if version is not None and _noted.get(key) == (today, version):
        return
    await note_access(env.ids.new(), group_id, viewer.person_id, today, AccessKind.VIEWED, now)
    if version is not None:
        if len(_noted) >= _MOST_REMEMBERED:
            _noted.clear()
        _noted[key] = (today, version)
