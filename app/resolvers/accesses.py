"""Who looked at the viewer's details or exported them, and when."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from tortoise.expressions import Q

from app.domain.accesses import AccessKind
from app.models.accesses import AccessDay
from app.models.leaves import FormerMember
from app.models.members import Membership
from app.resolvers.context import Info
from app.resolvers.paging import ConnectionRow, Page, connection
from app.resolvers.rows import Row
from app.services.groups.accesses import note_viewing
from app.services.kernel.env import Viewer

_COLUMNS: Final = {
    "by": "viewer__name",
    "group_name": "group__name",
    "kind": "kind",
    "day": "day",
    "first_at": "first_at",
    "last_at": "last_at",
}


class AccessRow(Row):
    """One viewer's access on one day."""

    by: str
    group_name: str
    kind: AccessKind
    day: date
    first_at: datetime
    last_at: datetime


async def note(info: Info, group_id: UUID, version: int | None = None) -> None:
    """Note that the viewer, a manager, is about to read details of a group's members."""
    await note_viewing(info.context.env, await info.context.viewer(), group_id, version)


async def accesses(info: Info, page: Page) -> ConnectionRow[AccessRow]:
    """Resolve ``me.accesses``: by others, while the viewer or their wards were there."""
    viewer = await info.context.viewer()
    query = AccessDay.filter(await _times_of(viewer)).exclude(viewer_id=viewer.person_id)
    return await connection(query, page, "last_at", _COLUMNS, AccessRow, newest=True)


async def _times_of(viewer: Viewer) -> Q:
    """Return the groups and times in which someone's details could be read."""
    if viewer.person_id is None:
        return Q(id__in=[])
    mine = Q(person_id=viewer.person_id)
    guarded = Q(guardianships__guardian_id=viewer.person_id)
    now_in = await Membership.filter(mine | guarded).values_list("group_id", "joined_at")
    times = [Q(group_id=group_id, last_at__gte=joined_at) for group_id, joined_at in now_in]
    once_in = await FormerMember.filter(mine).values_list("group_id", "joined_at", "left_at")
    times += [
        Q(group_id=group_id, last_at__gte=joined_at, first_at__lte=left_at)
        for group_id, joined_at, left_at in once_in
    ]
    return Q(*times, join_type=Q.OR) if times else Q(id__in=[])
