"""Members as someone may read them: their own memberships, and those of a group they manage."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from app.domain.members import shown_phone
from app.domain.sections import Charge, is_in_charge
from app.models.guardians import Guardianship
from app.models.members import Membership
from app.models.reading import Statement, read
from app.resolvers.accesses import note
from app.resolvers.context import Info
from app.resolvers.group_of_session import RIGHTS_ALONE
from app.resolvers.group_row import GroupRow
from app.resolvers.member_row import MemberRow
from app.resolvers.member_selection import member_columns
from app.services.kernel.env import Viewer

_PERSONS: Final = {"person_id": "person_id", "enrolled_by_id": "enrolled_by_id"}
# By which of a member's columns it is known who may read them.
ACCESS_COLUMNS: Final = {
    **_PERSONS,
    "group_id": "group_id",
    "group_version": "group__version",
    "section_id": "section_id",
}

_MEMBER: Final = Statement(
    lambda member_id: Membership.filter(id=member_id, group__dissolved_at=None)
)


async def viewer_members(root: GroupRow, info: Info) -> list[MemberRow]:
    """Resolve ``viewerMembers``: the viewer and who they enrolled in a group (R12, R17)."""
    viewer = await info.context.viewer()
    columns = member_columns(info) | ACCESS_COLUMNS | {"joined_at": "joined_at"}

    async def load(group_ids: list[UUID]) -> list[list[MemberRow]]:
        rows = await _own_and_guarded(viewer, group_ids, columns)
        charges = await info.context.charges(group_ids)
        await _mask_phones(viewer, [row for row in rows if not _is_managed(row, charges)])
        return [[row for row in rows if row.group_id == group_id] for group_id in group_ids]

    loader = info.context.scope.loader(("viewerMembers", *sorted(columns)), load)
    return await loader.load(root.id)


async def viewer_member(root: GroupRow, info: Info) -> MemberRow | None:
    """Resolve ``viewerMember``: the viewer's own membership, None for who only enrolled others."""
    viewer = await info.context.viewer()
    rows = await viewer_members(root, info)
    return next((row for row in rows if row.person_id == viewer.person_id), None)


async def _own_and_guarded(
    viewer: Viewer, group_ids: list[UUID], columns: dict[str, str]
) -> list[MemberRow]:
    """Read the viewer's own memberships of these groups, then those they hold as a guardian."""
    if viewer.person_id is None:
        return []
    of_groups = Membership.filter(group_id__in=group_ids, group__dissolved_at=None)
    rows = await read(of_groups.filter(person_id=viewer.person_id), columns)
    guarded = of_groups.filter(guardianships__guardian_id=viewer.person_id)
    rows += await read(guarded.order_by("joined_at", "id"), columns)
    return [MemberRow(row) for row in rows]


async def load_member(info: Info, member_id: UUID, *path: str) -> MemberRow | None:
    """Read a member for the viewer: their own, or one of a group they manage (R15, R17)."""
    return (await load_members(info, [member_id], *path)).get(member_id)


async def load_members(info: Info, ids: Sequence[UUID], *path: str) -> dict[UUID, MemberRow]:
    """Read those of some members that the viewer may read."""
    columns = member_columns(info, *path) | ACCESS_COLUMNS
    if len(ids) == 1:  # as of most who join
        found = await _MEMBER.read(columns, ids[0])
    else:
        wanted = Membership.filter(id__in=list(ids), group__dissolved_at=None)
        found = await read(wanted, columns)
    return {row.id: row for row in await readable(info, [MemberRow(row) for row in found])}


async def readable(info: Info, rows: Sequence[MemberRow]) -> list[MemberRow]:
    """Return the rows that the viewer may read, as they may read them (R15, R17).

    Their own, those of their wards, and those in their charge in groups they manage, which is
    noted (R51). The rows have the ``ACCESS_COLUMNS``.
    """
    if rows:  # who asks is found along with their right
        await info.context.group_around(RIGHTS_ALONE, rows[0].group_id)
    viewer = await info.context.viewer()
    others = [row for row in rows if row.person_id != viewer.person_id]
    if not others and not any(hasattr(row, "phone") for row in rows):
        return list(rows)  # one's own, of which nothing is masked
    charges = await info.context.charges({row.group_id for row in rows})
    managed = [row for row in others if _is_managed(row, charges)]
    for group_id, version in {row.group_id: row.group_version for row in managed}.items():
        await note(info, group_id, version)
    outside = [row for row in others if not _is_managed(row, charges)]
    hidden = {row.id for row in outside} - await _wards_among(viewer, outside)
    seen = [row for row in rows if row.id not in hidden]
    await _mask_phones(viewer, [row for row in seen if not _is_managed(row, charges)])
    return seen


def _is_managed(row: MemberRow, charges: Mapping[UUID, Charge]) -> bool:
    """Whether a member is in one of the viewer's charges in the groups."""
    return row.group_id in charges and is_in_charge(charges[row.group_id], row.section_id)


async def _wards_among(viewer: Viewer, rows: Sequence[MemberRow]) -> set[UUID]:
    if viewer.person_id is None or not rows:
        return set()
    held = Guardianship.filter(guardian_id=viewer.person_id, member_id__in=[r.id for r in rows])
    return {guardianship.member_id for guardianship in await held.only("id", "member_id")}


async def _mask_phones(viewer: Viewer, rows: list[MemberRow]) -> None:
    """Mask the phones that aren't the viewer's: a member may be reached by another guardian's."""
    if not any(hasattr(row, "phone") for row in rows):
        return
    held = Guardianship.filter(guardian_id=viewer.person_id, member_id__in=[r.id for r in rows])
    proved = dict(await held.values_list("member_id", "phone"))
    for row in rows:
        own = row.person_id == viewer.person_id and row.enrolled_by_id is None
        row.phone = shown_phone(row.phone, own=own, proved=proved.get(row.id))
