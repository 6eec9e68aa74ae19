"""Noting who reads the details of a group's members: true, and cheap while a screen polls.

A row a viewer, group and day holds when they last read (R17), its spells about whom (R43);
``Env.viewings`` says which reading needs no statement.
"""

from app.domain.accesses import Viewing
from app.models.accesses import NewAccess, note_access
from app.services.kernel.env import Env


async def note_viewing(env: Env, viewing: Viewing, version: int | None) -> None:
    """Note that a manager reads details of members, at the group's ``version`` if it is known."""
    assert viewing.viewer_id is not None, "who reads as a manager is a member"
    now = env.clock.now()
    today = env.day_of(now)
    if version is not None and env.viewings.shows_nothing_new(viewing, today, version):
        return
    access = NewAccess(
        viewing.group_id,
        viewing.viewer_id,
        today,
        now,
        people=viewing.people,
        charge=viewing.charge,
    )
    await note_access(access, env.ids.new)
    if version is not None:
        env.viewings.remember(viewing, today, version)
