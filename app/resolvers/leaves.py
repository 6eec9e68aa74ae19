"""Who asks to leave, and who is out (R32, R34)."""

from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from app.domain.accesses import AccessedPeople
from app.domain.health import HealthCode, NucleicAcidTest
from app.domain.limits import FORMER_KEPT
from app.domain.members import DepartureCause
from app.domain.roles import Right
from app.models.health import StoredTest, read_tests
from app.models.leaves import FormerMember, LeaveRequest
from app.resolvers.accesses import note
from app.resolvers.context import Info
from app.resolvers.group_row import GroupRow
from app.resolvers.member_row import (
    MEMBER_COLUMNS,
    LeaveRequestRow,
    MemberRow,
    selected_of_owners,
    through,
)
from app.resolvers.paging import ConnectionRow, Page, connection
from app.resolvers.rows import Columns, Row, columns_for
from app.resolvers.selection import selected_fields, selected_nodes

FORMER_COLUMNS: Final[Columns] = {
    "name": {"name": "person__name"},
    "remark": {"remark": "remark"},
    "cause": {"cause": "cause"},
    "reason": {"reason": "reason"},
    "healthCode": {"health_code": "health_code"},
    "latestTest": {"stored_test": "latest_test"},
    "doses": {"doses": "doses"},
    "asOf": {"as_of": "as_of"},
    "joinedAt": {"joined_at": "joined_at"},
    "leftAt": {"left_at": "left_at"},
}


class FormerMemberRow(Row):
    """Someone who is out, as they were at that moment (R34)."""

    typename: ClassVar[str] = "FormerMember"

    id: UUID
    group_id: UUID
    name: str
    remark: str
    cause: DepartureCause
    reason: str | None
    health_code: HealthCode
    stored_test: StoredTest | None
    doses: int
    as_of: datetime | None
    joined_at: datetime
    left_at: datetime

    @property
    def latest_test(self) -> NucleicAcidTest | None:
        """The newest test at that moment."""
        return read_tests([self.stored_test])[0] if self.stored_test else None


async def leave_requests(
    root: GroupRow, info: Info, page: Page
) -> ConnectionRow[LeaveRequestRow | None]:
    """Resolve ``group.leaveRequests``: those that wait, oldest first (R32)."""
    selected = selected_of_owners(info) | {"leaveRequest"}
    columns = columns_for(selected, MEMBER_COLUMNS, "id")
    query = LeaveRequest.filter(group_id=root.id)
    await note(info, root.id, root.version)
    return await connection(
        query,
        page,
        "requested_at",
        through("leave_request", columns),
        lambda values: MemberRow(values).leave_request,
    )


async def former_members(root: GroupRow, info: Info, page: Page) -> ConnectionRow[FormerMemberRow]:
    """Resolve ``group.formerMembers``: who left within 30 days, newest first (R34)."""
    columns = columns_for(selected_nodes(info), FORMER_COLUMNS, "id")
    kept_since = info.context.env.clock.now() - FORMER_KEPT
    query = FormerMember.filter(group_id=root.id, left_at__gt=kept_since)
    await note(info, root.id, root.version, AccessedPeople.FORMER)
    return await connection(query, page, "left_at", columns, FormerMemberRow, newest=True)


async def load_former(info: Info, member_id: UUID) -> FormerMemberRow | None:
    """Read a former member for a manager of the group they were in."""
    columns = columns_for(selected_fields(info), FORMER_COLUMNS, "id", "group_id")
    kept_since = info.context.env.clock.now() - FORMER_KEPT
    found = await FormerMember.filter(
        id=member_id, left_at__gt=kept_since, group__dissolved_at=None
    ).values(**columns)
    if not found:
        return None
    row = FormerMemberRow(found[0])
    if not (await info.context.rights(row.group_id)).allows(Right.VIEW_MEMBERS):
        return None
    await note(info, row.group_id, people=AccessedPeople.FORMER)
    return row
