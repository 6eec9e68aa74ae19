"""Who is on a group's roster and hasn't joined (R15)."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from app.domain.sections import is_in_charge
from app.models.reading import read
from app.models.rosters import RosterEntry
from app.resolvers.charges import in_charge
from app.resolvers.context import Info
from app.resolvers.group_row import GroupRow
from app.resolvers.paging import ConnectionRow, Page, connection
from app.resolvers.rows import Columns, Row, columns_for
from app.resolvers.selection import selected_fields, selected_nodes

_OF: Final = "of_"  # the section
_COLUMNS: Final[Columns] = {
    "name": {"name": "name"},
    "remark": {"remark": "remark"},
    "section": {"section": "section"},
    "importedAt": {"imported_at": "imported_at"},
}


class RosterEntryRow(Row):
    """A name of a roster."""

    typename: ClassVar[str] = "RosterEntry"

    id: UUID
    group_id: UUID
    of_section_id: UUID | None
    name: str
    remark: str
    section: str
    imported_at: datetime


async def not_joined(root: GroupRow, info: Info, page: Page) -> ConnectionRow[RosterEntryRow]:
    """Resolve ``group.notJoined``, in the order of importing; to who is bound, theirs (R51)."""
    columns = columns_for(selected_nodes(info), _COLUMNS, "id")
    theirs = in_charge(root.rights.charge, _OF)
    query = RosterEntry.filter(theirs, group_id=root.id, member_id=None)
    return await connection(query, page, "imported_at", columns, RosterEntryRow)


async def load_roster_entries(info: Info, ids: Sequence[UUID]) -> dict[UUID, RosterEntryRow]:
    """Read names of rosters, joined or not, for managers of their groups and sections."""
    columns = columns_for(selected_fields(info), _COLUMNS, "id", "group_id", "of_section_id")
    listed = RosterEntry.filter(id__in=list(ids), group__dissolved_at=None)
    rows = list(map(RosterEntryRow, await read(listed, columns)))
    charges = await info.context.charges({row.group_id for row in rows})
    return {
        row.id: row
        for row in rows
        if row.group_id in charges and is_in_charge(charges[row.group_id], row.of_section_id)
    }
