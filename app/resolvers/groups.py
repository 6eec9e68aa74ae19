"""Groups as their people see them: the page, and what of it only managers read."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from tortoise.expressions import Q

from app.domain.groups import current_offer, requirement_codes
from app.domain.limits import GROUP_PEOPLE
from app.domain.refusals import NotFound
from app.domain.roles import Role, Standing
from app.models.guardians import Guardianship
from app.models.members import Membership
from app.resolvers.context import RIGHTS_COLUMNS, Context, Info, rights_of, through_member
from app.resolvers.ids import decode_id, encode_id
from app.resolvers.paging import Page, connection
from app.resolvers.rows import Columns, Row, asked_fields, columns_for
from app.services.kernel.env import Viewer

# Read through the viewer's own membership, so that one statement finds right and data.
_VISITS: Final = {"visited_on": "group__visited_on", "created_at": "group__created_at"}
GROUP_COLUMNS: Final[Columns] = {
    "name": {"name": "group__name"},
    "type": {"type": "group__type"},
    "address": {"address": "group__address"},
    "colour": {"colour": "group__colour"},
    "colourReasons": {"reason_counts": "group__reason_counts"},
    "creator": {"creator_name": "group__creator__name"},
    "memberCount": {"member_count": "group__member_count"},
    "membersCount": {"member_count": "group__member_count"},
    "pendingLeaveCount": {"pending_leave_count": "group__pending_leaves"},
    "offer": {"offered_to": "group__offered_to", "offered_until": "group__offered_until"},
    "requirement": {
        "nat_validity": "group__nat_validity",
        "lists_yellow": "group__lists_yellow",
        "lists_unknown": "group__lists_unknown",
    },
    "invitationPolicy": {
        "joining_open": "group__joining_open",
        "remark_prompt": "group__remark_prompt",
        "remark_required": "group__remark_required",
    },
    "refresh": {
        "refresh_run_id": "group__refresh_run_id",
        "refresh_started_at": "group__refresh_started_at",
        **_VISITS,
    },
    "activity": {"refreshed_at": "group__refreshed_at", **_VISITS},
    "anomalyAlerts": {"anomaly_alerts": "alerts"},
}
_ALWAYS: Final = {"id": "group_id", "version": "group__version", **RIGHTS_COLUMNS}


async def load_group(
    info: Info, group_id: UUID, *path: str, always: Iterable[str] = ()
) -> Row | None:
    """Read a group for the viewer, with the fields asked for below ``path``, and ``always``.

    None when it isn't theirs to see; whether it exists makes no difference.
    """
    viewer = await info.context.viewer()
    columns = columns_for(asked_fields(info, *path) | set(always), GROUP_COLUMNS) | _ALWAYS
    values = await through_member(viewer, group_id, columns)
    return group_row(info.context, viewer, values) if values else None


def group_row(context: Context, viewer: Viewer, values: dict[str, Any]) -> Row:
    """Make a row of values; its rights are remembered for the fields below it."""
    rights = rights_of(values, viewer)
    context.scope.rights[values["id"]] = rights
    return Row("Group", rights=rights, standing=rights.standing, **values)


async def group(info: Info, id: str) -> Row:
    """Resolve ``group``: to outsiders it isn't there."""
    found = await load_group(info, decode_id(id, "Group"))
    if found is None:
        raise NotFound
    return found


async def groups_of_viewer(info: Info, roles: list[Role] | None, page: Page) -> Row:
    """Resolve ``me.groups``: those the viewer or who they enrolled is in, as they joined."""
    viewer = await info.context.viewer()
    asked = asked_fields(info, "nodes") | asked_fields(info, "edges", "node")
    query = Membership.filter(await _seats_of(viewer), group__dissolved_at=None)
    if roles is not None:
        query = query.filter(person_id=viewer.person_id, role__in=roles)
    columns = columns_for(asked, GROUP_COLUMNS) | _ALWAYS
    return await connection(
        query, page, "joined_at", columns, lambda row: group_row(info.context, viewer, row)
    )


async def _seats_of(viewer: Viewer) -> Q:
    """One membership for each group that the viewer sees: their own, or one they guard."""
    if viewer.person_id is None:
        return Q(id__in=[])
    guarded = (
        await Guardianship.filter(guardian_id=viewer.person_id)
        .order_by("id")
        .values_list("member__group_id", "member_id")
    )
    if not guarded:
        return Q(person_id=viewer.person_id)
    own = Membership.filter(person_id=viewer.person_id)
    own_groups: list[Any] = await own.values_list("group_id", flat=True)
    seats = {group_id: member_id for group_id, member_id in guarded if group_id not in own_groups}
    return Q(person_id=viewer.person_id) | Q(id__in=list(seats.values()))


def creator(root: Any) -> Row:
    """Resolve ``creator``."""
    return Row("GroupCreator", name=root.creator_name)


def member_limit(root: Any) -> int:
    """Resolve ``memberLimit`` (R2)."""
    return GROUP_PEOPLE


def viewer_role(root: Any) -> Role | None:
    """Resolve ``viewerRole``; a guardian who isn't a member has none."""
    standing = root.standing
    return None if standing is Standing.GUARDIAN else Role(standing.value)


def requirement(root: Any) -> Row:
    """Resolve ``requirement``."""
    codes = requirement_codes(root.lists_yellow, root.lists_unknown)
    return Row("Requirement", nat_validity=root.nat_validity, anomalous_codes=sorted(codes))


def offer(root: Any, info: Info) -> Row | None:
    """Resolve ``offer``: the one that may be accepted (R16)."""
    found = current_offer(root.offered_to, root.offered_until, info.context.env.clock.now())
    if found is None:
        return None
    return Row("GroupOffer", member_id=encode_id("Member", found.member_id), until=found.until)


def colour_reasons(root: Any) -> list[Row]:
    """Resolve ``colourReasons``: every reason that stands, with its count (R21)."""
    return [
        Row("ColourReason", reason=reason, count=count)
        for reason, count in root.reason_counts.items()
    ]


def invitation_policy(root: Any) -> Row:
    """Resolve ``invitationPolicy`` (R9)."""
    return Row(
        "InvitationPolicy",
        admins_may_invite=root.admins_may_invite,
        open=root.joining_open,
        remark_prompt=root.remark_prompt,
        remark_required=root.remark_required,
    )
