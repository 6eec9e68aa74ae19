"""The roster of a group: imported and cleared (R15)."""

import strawberry

from app.domain.limits import (
    BULK_ROWS,
    PERSON_NAME_LENGTH,
    REMARK_LENGTH,
    SECTION_NAME_LENGTH,
)
from app.resolvers.context import Info
from app.resolvers.ids import decode_id
from app.schema.bulk import outcomes
from app.schema.everyday_payloads import RowsPayload
from app.schema.once import once
from app.schema.operations.reading import Input, group_now, the_group
from app.schema.payloads import GroupPayload
from app.services.groups import rosters


@strawberry.input(description="Somebody who should be in the group.")
class RosterRowInput:
    name: str = strawberry.field(description=f"1 to {PERSON_NAME_LENGTH} characters.")
    remark: str | None = strawberry.field(
        default=None,
        description=f"Up to {REMARK_LENGTH} characters: what they are to enter as their remark. "
        "Two of one name are told apart by it.",
    )
    section: str | None = strawberry.field(
        default=None,
        description=f"Up to {SECTION_NAME_LENGTH} characters: their section's name. "
        "One that the group hasn't is made.",
    )


@strawberry.input(description="Who should be in a group, beside whom it expects already.")
class ImportRosterInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")
    rows: list[RosterRowInput] = strawberry.field(
        description=f"1 to {BULK_ROWS}. A row whose name and remark are there already brings it up "
        "to date."
    )


async def import_roster(info: Info, input: Input[ImportRosterInput]) -> RowsPayload:
    """Put names on a group's roster (R15)."""
    group_id = decode_id(input.group_id, "Group")
    rows = [rosters.RosterRow(row.name, row.remark or "", row.section or "") for row in input.rows]
    viewer = await info.context.viewer()
    results = await once(info, rosters.import_roster, viewer, group_id, rows)
    return RowsPayload(rows=outcomes(results), group=await group_now(info, group_id))


@strawberry.input(description="Whose roster is erased.")
class ClearRosterInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")


async def clear_roster(info: Info, input: Input[ClearRosterInput]) -> GroupPayload:
    """Erase a group's roster (R15)."""
    group_id = decode_id(input.group_id, "Group")
    await once(info, rosters.clear_roster, await info.context.viewer(), group_id)
    return await the_group(info, group_id)
