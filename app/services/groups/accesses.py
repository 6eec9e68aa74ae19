"""Noting who reads the details of a group's members: true, and cheap while a screen polls.

A row a viewer, group and day holds when they last read (R17), its spells about whom (R43);
``Env.viewings`` says which reading needs no statement.
"""

from uuid import UUID

from app.domain.accesses import AccessedPeople, Viewing
from app.models.accesses import NewAccess, note_access
from app.services.kernel.env import Env, Viewer


async def note_viewing(
    env: Env,
    viewer: Viewer,
    group_id: UUID,
    version: int | None,
    people: AccessedPeople = AccessedPeople.MEMBERS,
) -> None:
    """Note that a manager reads details of members, at the group's ``version`` if it is known.

    ``people`` says whether of the members or of those who left.
    """
    assert viewer.person_id is not None, "who reads as a manager is a member"
    now = env.clock.now()
    today = env.day_of(now)
    viewing = Viewing(viewer.person_id, group_id, people)
    if version is not None and env.viewings.shows_nothing_new(viewing, today, version):
        return
    access = NewAccess(group_id, viewer.person_id, today, now, people=people)
    await note_access(access, env.ids.new)
    if version is not None:
        env.viewings.remember(viewing, today, version)
