"""Groups: one, or all of the viewer's; and what of a group needs more than its row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from tortoise.expressions import Q

from app.domain.groups import current_offer
from app.domain.refusals import NotFound
from app.domain.roles import Role
from app.models.columns import Values
from app.models.guardians import Guardianship
from app.models.members import Membership
from app.models.reading import Statement
from app.resolvers.charges import count_anew
from app.resolvers.context import Info
from app.resolvers.first_groups import cursors_for
from app.resolvers.group_of_session import GroupOfSession
from app.resolvers.group_row import (
    GROUP_ALWAYS,
    GROUP_COLUMNS,
    GroupRow,
    read_groups,
)
from app.resolvers.ids import encode_id
from app.resolvers.paging import ConnectionRow, Page, connection, first_page
from app.resolvers.rows import columns_for
from app.resolvers.selection import (
    is_always_selected,
    made_once,
    selected_fields,
    selected_nodes,
)
from app.services.kernel.env import Viewer

_OPENING: Final = Page()


async def load_group(
    info: Info, group_id: UUID, *path: str, always: Iterable[str] = ()
) -> GroupRow | None:
    """Read a group for the viewer, with the fields selected below ``path``, and ``always``.

    None when it isn't theirs to see; whether it exists makes no difference.
    """
    return (await load_groups(info, [group_id], *path, always=always)).get(group_id)


async def load_groups(
    info: Info, group_ids: Sequence[UUID], *path: str, always: Iterable[str] = ()
) -> dict[UUID, GroupRow]:
    """Read those of some groups that are the viewer's to see, as ``load_group`` does."""
    columns = columns_for(selected_fields(info, *path) | set(always), GROUP_COLUMNS)
    if len(group_ids) == 1 and not info.context.scope.viewer_known:  # as after a mutation
        first = await _first_read(info, group_ids[0], GroupOfSession(columns))
        if first is not None:
            return {first.id: first}
    rows = await read_groups(await info.context.viewer(), group_ids, columns)
    await count_anew(rows.values(), info.context.env.clock)
    return _remembered(info, rows)


async def _first_read(info: Info, group_id: UUID, reading: GroupOfSession) -> GroupRow | None:
    """Read a group along with who asks, unless that is known; None where it isn't so simple."""
    row = await info.context.look_along(reading, group_id)
    if row is not None:
        await count_anew((row,), info.context.env.clock)
    return row


def _of_session(info: Info) -> GroupOfSession:
    columns = columns_for(selected_fields(info), GROUP_COLUMNS)
    return GroupOfSession(columns, counted=is_always_selected(info, "statistics"))


async def get_group(info: Info, group_id: UUID, *, always: Iterable[str] = ()) -> GroupRow:
    """Read a group as ``load_group`` does. Raise ``NotFound`` when it isn't the viewer's to see."""
    found = await load_group(info, group_id, always=always)
    if found is None:
        raise NotFound
    return found


async def group(info: Info, id: str) -> GroupRow:
    """Resolve ``group``: to outsiders it isn't there.

    Raise ``Unauthenticated`` when nobody is signed in.
    """
    group_id = await info.context.decode(id, "Group")
    first = await _first_read(info, group_id, made_once(info, _of_session))
    if first is not None:
        return first
    await info.context.viewer()  # known, so that the group isn't looked for in this way again
    return await get_group(info, group_id)


async def groups_of_viewer(
    info: Info, roles: list[Role] | None, page: Page
) -> ConnectionRow[GroupRow]:
    """Resolve ``me.groups``: those the viewer or who they enrolled is in, as they joined."""
    viewer = await info.context.viewer()
    columns, scope = made_once(info, _columns_of_nodes), info.context.scope
    rights, first = scope.rights, scope.first_groups

    def to_row(values: Values) -> GroupRow:
        row = GroupRow(values, viewer)
        rights[row.id] = row.rights
        return row

    if first and roles is None and page == _OPENING and columns.keys() <= first.columns:
        found = first_page(first.rows, to_row, more=first.more)
        await count_anew(found.nodes, info.context.env.clock)
        return found
    query = Membership.filter(await _one_membership_a_group(viewer), group__dissolved_at=None)
    if roles is not None:
        query = query.filter(person_id=viewer.person_id, role__in=roles)
    found = await connection(query, page, "joined_at", columns, to_row)
    await count_anew(found.nodes, info.context.env.clock)
    return found


def _columns_of_nodes(info: Info) -> Mapping[str, str]:
    columns = columns_for(selected_nodes(info), GROUP_COLUMNS) | GROUP_ALWAYS
    return {**columns, **cursors_for(selected_fields(info))}


def _remembered(info: Info, rows: dict[UUID, GroupRow]) -> dict[UUID, GroupRow]:
    """Remember the rights that came with groups' rows, for the fields below them."""
    info.context.scope.rights.update({group_id: row.rights for group_id, row in rows.items()})
    return rows


_GUARDED: Final = Statement(
    lambda guardian_id: Guardianship.filter(guardian_id=guardian_id).order_by("id")
)
_MEMBERS: Final = {"group_id": "member__group_id", "member_id": "member_id"}


async def _one_membership_a_group(viewer: Viewer) -> Q:
    """Return one membership for each group that the viewer sees: their own, or one they guard."""
    if viewer.person_id is None:
        return Q(id__in=[])
    guarded = await _GUARDED.read(_MEMBERS, viewer.person_id)
    if not guarded:
        return Q(person_id=viewer.person_id)
    own = Membership.filter(person_id=viewer.person_id)
    own_groups = await own.values_list("group_id", flat=True)
    members = {
        row["group_id"]: row["member_id"] for row in guarded if row["group_id"] not in own_groups
    }
    return Q(person_id=viewer.person_id) | Q(id__in=list(members.values()))


@dataclass(frozen=True, slots=True)
class OfferRow:
    """The offer of a group to an admin (R16)."""

    member_id: str
    until: datetime


async def offer(root: GroupRow, info: Info) -> OfferRow | None:
    """Resolve ``offer``: the one that may be accepted (R16); of a section admin their own (R51)."""
    found = current_offer(root.offered_to, root.offered_until, info.context.env.clock.now())
    if found is None:
        return None
    if root.rights.is_bound:
        viewer = await info.context.viewer()
        if not await Membership.exists(id=found.member_id, person_id=viewer.person_id):
            return None
    return OfferRow(encode_id("Member", found.member_id), found.until)
