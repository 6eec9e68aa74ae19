"""Remarks of many members at once (R16)."""

import strawberry

from app.domain.limits import BULK_ROWS, REMARK_LENGTH
from app.resolvers.context import Info
from app.resolvers.ids import decode_id
from app.schema.bulk import outcomes
from app.schema.everyday_payloads import RowsPayload
from app.schema.once import once
from app.schema.operations.reading import Input, group_now
from app.services.groups import remarks


@strawberry.input(description="A member and their new remark.")
class MemberRemarkInput:
    member_id: strawberry.ID = strawberry.field(description="Which member.")
    remark: str = strawberry.field(description=f"Up to {REMARK_LENGTH} characters; empty: none.")


@strawberry.input(description="Whose remarks are edited.")
class UpdateMemberRemarksInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")
    rows: list[MemberRemarkInput] = strawberry.field(
        description=f"1 to {BULK_ROWS}, each member once."
    )


async def update_member_remarks(info: Info, input: Input[UpdateMemberRemarksInput]) -> RowsPayload:
    """Edit the remarks of many members (R16)."""
    group_id = decode_id(input.group_id, "Group")
    rows = [remarks.NewRemark(decode_id(row.member_id, "Member"), row.remark) for row in input.rows]
    viewer = await info.context.viewer()
    results = await once(info, remarks.update_remarks, viewer, group_id, rows)
    return RowsPayload(rows=outcomes(results), group=await group_now(info, group_id))
