"""Who asks to leave, and who is out (R32, R34)."""

from typing import Any, Final
from uuid import UUID

from app.domain.limits import FORMER_KEPT
from app.domain.roles import Right
from app.models.health import read_tests
from app.models.leaves import FormerMember, LeaveRequest
from app.resolvers.accesses import note
from app.resolvers.context import Info
from app.resolvers.members import MEMBER_COLUMNS, asked_of_members, member_row, through
from app.resolvers.paging import Page, connection
from app.resolvers.rows import Columns, Row, asked_fields, columns_for

_FORMER_COLUMNS: Final[Columns] = {
    "name": {"name": "name"},
    "remark": {"remark": "remark"},
    "cause": {"cause": "cause"},
    "reason": {"reason": "reason"},
    "healthCode": {"health_code": "health_code"},
    "latestTest": {"test_value": "latest_test"},
    "doses": {"doses": "doses"},
    "asOf": {"as_of": "as_of"},
    "joinedAt": {"joined_at": "joined_at"},
    "leftAt": {"left_at": "left_at"},
}


async def leave_requests(root: Any, info: Info, page: Page) -> Row:
    """Resolve ``group.leaveRequests``: those that wait, oldest first (R32)."""
    asked = asked_of_members(info, "nodes", "member")
    asked |= asked_of_members(info, "edges", "node", "member")
    columns = columns_for(asked | {"leaveRequest"}, MEMBER_COLUMNS, "id")
    query = LeaveRequest.filter(group_id=root.id)
    await note(info, root.id, root.version)
    return await connection(
        query,
        page,
        "requested_at",
        through("leave_request", columns),
        lambda values: member_row(values).leave_request,
    )


async def former_members(root: Any, info: Info, page: Page) -> Row:
    """Resolve ``group.formerMembers``: who left within 30 days, newest first (R34)."""
    asked = asked_fields(info, "nodes") | asked_fields(info, "edges", "node")
    columns = columns_for(asked, _FORMER_COLUMNS, "id")
    kept_since = info.context.env.clock.now() - FORMER_KEPT
    query = FormerMember.filter(group_id=root.id, left_at__gt=kept_since)
    await note(info, root.id, root.version)
    return await connection(query, page, "left_at", columns, _former_row, newest=True)


def _former_row(values: dict[str, Any]) -> Row:
    row = Row("FormerMember", **values)
    if "test_value" in values:
        row.latest_test = next(iter(read_tests([row.test_value] if row.test_value else [])), None)
    return row


async def load_former(info: Info, member_id: UUID) -> Row | None:
    """Read a former member for a manager of the group they were in."""
    columns = columns_for(asked_fields(info), _FORMER_COLUMNS, "id", "group_id")
    kept_since = info.context.env.clock.now() - FORMER_KEPT
    rows = await FormerMember.filter(
        id=member_id, left_at__gt=kept_since, group__dissolved_at=None
    ).values(**columns)
    if not rows:
        return None
    if not (await info.context.rights(rows[0]["group_id"])).allows(Right.VIEW_MEMBERS):
        return None
    await note(info, rows[0]["group_id"])
    return _former_row(rows[0])
