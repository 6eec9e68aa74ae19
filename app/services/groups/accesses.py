"""Noting who reads the details of a group's members: true, and cheap while a screen polls.

A row a viewer, group and day holds when they last read (R17); ``Env.viewings`` says which
reading needs no statement.
"""

from uuid import UUID

from app.domain.accesses import AccessKind
from app.models.accesses import note_access
from app.services.kernel.env import Env, Viewer


async def note_viewing(env: Env, viewer: Viewer, group_id: UUID, version: int | None) -> None:
    """Note that a manager reads details of members, at the group's ``version`` if it is known."""
    assert viewer.person_id is not None, "who reads as a manager is a member"
    now = env.clock.now()
    today = env.day_of(now)
    viewed = (viewer.person_id, group_id, today)
    if version is not None and env.viewings.shows_nothing_new(*viewed, version):
        return
    await note_access(env.ids.new(), group_id, viewer.person_id, today, AccessKind.VIEWED, now)
    if version is not None:
        env.viewings.remember(*viewed, version)
