"""Who looked at the viewer's details or exported them, and when."""

from typing import Any, Final
from uuid import UUID

from tortoise.expressions import Q

from app.models.accesses import AccessDay
from app.models.leaves import FormerMember
from app.models.members import Membership
from app.resolvers.context import Info
from app.resolvers.paging import Page, connection
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


async def note(info: Info, group_id: UUID, version: int | None = None) -> None:
    """Note that the viewer, a manager, is about to read details of a group's members."""
    await note_viewing(info.context.env, await info.context.viewer(), group_id, version)


async def accesses(info: Info, page: Page) -> Row:
    """Resolve ``me.accesses``: by others, while the viewer or their wards were there."""
    viewer = await info.context.viewer()
    query = AccessDay.filter(await _times_of(viewer)).exclude(viewer_id=viewer.person_id)
    return await connection(
        query, page, "last_at", _COLUMNS, lambda values: Row("AccessRecord", **values), newest=True
    )


async def _times_of(viewer: Viewer) -> Q:
    """The groups and times in which someone's details could be read."""
    if viewer.person_id is None:
        return Q(id__in=[])
    mine = Q(person_id=viewer.person_id)
    guarded = Q(guardianships__guardian_id=viewer.person_id)
    rows: list[Any] = await Membership.filter(mine | guarded).values("group_id", "joined_at")
    times = [Q(group_id=row["group_id"], last_at__gte=row["joined_at"]) for row in rows]
    rows = await FormerMember.filter(mine).values("group_id", "joined_at", "left_at")
    times += [
        Q(group_id=row["group_id"], last_at__gte=row["joined_at"], first_at__lte=row["left_at"])
        for row in rows
    ]
    return Q(*times, join_type=Q.OR) if times else Q(id__in=[])
