"""Who asks to leave, and who is out (R32, R34)."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from tortoise.expressions import Subquery

from app.domain.accesses import AccessedPeople
from app.domain.consents import BY_WITHDRAWAL, reason_in_words
from app.domain.health import HealthCode, NucleicAcidTest
from app.domain.limits import FORMER_KEPT
from app.domain.members import DepartureCause, why_not_completed
from app.domain.roles import Right
from app.domain.sections import is_in_charge
from app.models.details import StoredTest, read_tests
from app.models.leaves import FormerMember, LeaveRequest
from app.models.members import Membership
from app.models.reading import read
from app.resolvers.accesses import note
from app.resolvers.charges import in_charge, narrowed
from app.resolvers.context import Info
from app.resolvers.filters import EVERYONE, MemberFilter, members_where
from app.resolvers.group_row import GroupRow
from app.resolvers.member_fields import MEMBER_COLUMNS
from app.resolvers.member_row import LeaveRequestRow, MemberRow
from app.resolvers.member_selection import selected_of_members, selected_of_owners, through
from app.resolvers.members import ACCESS_COLUMNS, readable
from app.resolvers.paging import ConnectionRow, Page, connection
from app.resolvers.rows import Columns, Row, columns_for
from app.resolvers.section_row import SectionRow
from app.resolvers.selection import selected_fields, selected_nodes

FORMER_COLUMNS: Final[Columns] = {
    "name": {"name": "person__name"},
    "remark": {"remark": "remark"},
    "section": {"section_id": "section_id", "section_name": "section__name"},
    "cause": {"cause": "cause"},
    "reason": {"reason": "reason"},
    "byWithdrawal": {"reason": "reason"},
    "healthCode": {"health_code": "health_code"},
    "latestTest": {"stored_test": "latest_test"},
    "doses": {"doses": "doses"},
    "asOf": {"as_of": "as_of"},
    "joinedAt": {"joined_at": "joined_at"},
    "leftAt": {"left_at": "left_at"},
    "keptUntil": {"left_at": "left_at"},
}


class FormerMemberRow(Row):
    """Someone who is out, as they were at that moment (R34)."""

    typename: ClassVar[str] = "FormerMember"

    id: UUID
    group_id: UUID
    section_id: UUID | None
    section_name: str
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
    def kept_until(self) -> datetime:
        """When the entry is erased."""
        return self.left_at + FORMER_KEPT

    @property
    def section(self) -> SectionRow | None:
        """The section that they were in; None for none, or one that is no more (R50)."""
        return None if self.section_id is None else SectionRow(self.section_id, self.section_name)

    @property
    def by_withdrawal(self) -> bool:
        """Whether a withdrawn consent asked for it (R42)."""
        return self.reason == BY_WITHDRAWAL

    @property
    def latest_test(self) -> NucleicAcidTest | None:
        """The newest test at that moment."""
        return read_tests([self.stored_test])[0] if self.stored_test else None


async def leave_requests(
    root: GroupRow, info: Info, where: MemberFilter, page: Page
) -> ConnectionRow[LeaveRequestRow | None]:
    """Resolve ``group.leaveRequests``: those that wait, oldest first (R32)."""
    selected = selected_of_owners(info) | {"leaveRequest"}
    columns = columns_for(selected, MEMBER_COLUMNS, "id")
    chosen = members_where(narrowed(where, root), info.context.env.clock.now())
    query = LeaveRequest.filter(group_id=root.id)
    if where != EVERYONE or root.rights.is_bound:
        of_group = Membership.filter(chosen, group_id=root.id)
        query = query.filter(member_id__in=Subquery(of_group.values("id")))
    await note(info, root.id, root.version)
    return await connection(
        query,
        page,
        "requested_at",
        through("leave_request", columns),
        lambda values: MemberRow(values).leave_request,
    )


def reason(root: LeaveRequestRow | FormerMemberRow, info: Info) -> str | None:
    """Resolve the reason of a leave; one by a withdrawn consent in the reader's language (R42)."""
    if root.reason is None:
        return None
    return reason_in_words(root.reason, info.context.language)


async def viewer_may_complete(root: LeaveRequestRow, info: Info) -> bool:
    """Resolve ``leaveRequest.viewerMayComplete``: a manager may, but for their own (R32)."""
    rights = await info.context.rights(root.member.group_id)
    if not rights.allows(Right.MANAGE_CHARGE):
        return False
    if not is_in_charge(rights.charge, root.member.section_id):
        return False
    viewer = await info.context.viewer()
    concerned = (root.requested_by, root.member.person_id)
    return why_not_completed(viewer.person_id, concerned) is None


async def former_members(root: GroupRow, info: Info, page: Page) -> ConnectionRow[FormerMemberRow]:
    """Resolve ``group.formerMembers``: who left within 30 days, newest first (R34)."""
    columns = columns_for(selected_nodes(info), FORMER_COLUMNS, "id")
    kept_since = info.context.env.clock.now() - FORMER_KEPT
    in_sections = in_charge(root.rights.charge)
    query = FormerMember.filter(in_sections, group_id=root.id, left_at__gt=kept_since)
    await note(info, root.id, root.version, AccessedPeople.FORMER)
    return await connection(query, page, "left_at", columns, FormerMemberRow, newest=True)


async def load_formers(info: Info, ids: Sequence[UUID]) -> dict[UUID, FormerMemberRow]:
    """Read former members for a manager of the groups they were in."""
    columns = columns_for(selected_fields(info), FORMER_COLUMNS, "id", "group_id", "section_id")
    kept_since = info.context.env.clock.now() - FORMER_KEPT
    kept = FormerMember.filter(left_at__gt=kept_since, group__dissolved_at=None)
    found = map(FormerMemberRow, await read(kept.filter(id__in=list(ids)), columns))
    rows = {row.id: row for row in found}
    charges = await info.context.charges({row.group_id for row in rows.values()})
    seen = {
        key: row
        for key, row in rows.items()
        if row.group_id in charges and is_in_charge(charges[row.group_id], row.section_id)
    }
    for group_id in {row.group_id for row in seen.values()}:
        await note(info, group_id, people=AccessedPeople.FORMER)
    return seen


async def load_leave_requests(info: Info, ids: Sequence[UUID]) -> dict[UUID, LeaveRequestRow]:
    """Read leave requests for who may read the member."""
    selected = selected_of_members(info, "member") | {"leaveRequest"}
    columns = columns_for(selected, MEMBER_COLUMNS, "id") | ACCESS_COLUMNS
    waiting = LeaveRequest.filter(id__in=list(ids), group__dissolved_at=None)
    found = await read(waiting, through("leave_request", columns))
    rows = await readable(info, [MemberRow(values) for values in found])
    requests = (row.leave_request for row in rows)
    return {request.id: request for request in requests if request is not None}
