"""Who looked at the viewer's details or exported them, and when."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import ClassVar, Final
from uuid import UUID

from tortoise.expressions import Subquery
from tortoise.queryset import QuerySet

from app.domain.accesses import AccessedPeople, AccessKind, Stay, Viewing
from app.models.accesses import AccessDay, is_about, spells_about
from app.models.reading import read
from app.resolvers.context import Info
from app.resolvers.paging import ConnectionRow, Page, connection
from app.resolvers.rows import Row
from app.services.accounts.stays import stays_of
from app.services.groups.accesses import note_viewing

_COLUMNS: Final = {
    "id": "id",
    "group_id": "group_id",
    "by": "viewer__name",
    "group_name": "group__name",
    "kind": "kind",
    "day": "day",
}


class AccessRow(Row):
    """One viewer's access on one day, as far as it is about who reads of it."""

    typename: ClassVar[str] = "AccessRecord"

    id: UUID
    group_id: UUID
    person_names: list[str]
    by: str
    group_name: str
    kind: AccessKind
    day: date
    first_at: datetime
    last_at: datetime


async def note(
    info: Info,
    group_id: UUID,
    version: int | None = None,
    people: AccessedPeople = AccessedPeople.MEMBERS,
) -> None:
    """Note that the viewer, a manager, is about to read details of a group's people."""
    viewer = await info.context.viewer()
    charge = (await info.context.rights(group_id)).charge
    viewing = Viewing(viewer.person_id, group_id, people, charge)
    await note_viewing(info.context.env, viewing, version)


async def accesses(info: Info, page: Page) -> ConnectionRow[AccessRow]:
    """Resolve ``me.accesses``: by others, to the viewer's or their wards' details (R43).

    Ordered by the first access of the day, which no later one moves.
    """
    stays, others = await _about_viewer(info)
    found = await connection(others, page, "first_at", _COLUMNS, AccessRow, newest=True)
    await _tell_of(stays, {row.id: row for row in found.nodes})
    return found


async def load_accesses(info: Info, ids: Sequence[UUID]) -> dict[UUID, AccessRow]:
    """Read those of some accesses that ``me.accesses`` lists."""
    stays, others = await _about_viewer(info)
    found = map(AccessRow, await read(others.filter(id__in=list(ids)), _COLUMNS))
    rows = {row.id: row for row in found}
    await _tell_of(stays, rows)
    return rows


async def _about_viewer(info: Info) -> tuple[list[Stay], QuerySet[AccessDay]]:
    """Return when the viewer and their wards were in groups, and the days of others about them."""
    viewer = await info.context.viewer()
    stays = await stays_of(viewer.person_id)
    days = AccessDay.filter(id__in=Subquery(spells_about(stays).values("access_id")))
    return stays, days.exclude(viewer_id=viewer.person_id)


async def _tell_of(stays: Sequence[Stay], rows: Mapping[UUID, AccessRow]) -> None:
    """Tell each row whose details were read, and when, by the spells about these stays."""
    spells = spells_about(stays).filter(access_id__in=list(rows)).order_by("first_at")
    names: defaultdict[UUID, set[str]] = defaultdict(set)
    for spell in await spells:
        row = rows[spell.access_id]
        row.first_at = min(getattr(row, "first_at", spell.first_at), spell.first_at)
        row.last_at = max(getattr(row, "last_at", spell.last_at), spell.last_at)
        own = [stay for stay in stays if stay.group_id == row.group_id]
        names[row.id].update(stay.person_name for stay in own if is_about(spell, stay))
    for row in rows.values():
        row.person_names = sorted(names[row.id])
