"""Groups: the page that everyone in them sees, and what only managers read."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from app.resolvers import groups as resolve
from app.resolvers import invitations as resolve_invitations
from app.resolvers import leaves as resolve_leaves
from app.resolvers import lists as resolve_lists
from app.resolvers import members as resolve_members
from app.resolvers import messages as resolve_messages
from app.resolvers import oversight as resolve_oversight
from app.resolvers import refresh as resolve_refresh
from app.resolvers.context import Info
from app.resolvers.lists import Direction, MemberOrderField, MemberQuery
from app.resolvers.paging import Page
from app.schema.enums import (
    AnomalyReason,
    GroupColour,
    GroupType,
    HealthCode,
    NatValidity,
    Role,
)
from app.schema.invitations import Invitation
from app.schema.lists import Exact, MemberFilter, MemberOrder, OrderBy, Search, Where
from app.schema.members import Anomaly, FormerMember, LeaveRequest, Member
from app.schema.messages import Message
from app.schema.nodes import After, Before, Connection, First, Last, Node, computed, paged
from app.schema.oversight import (
    Activity,
    DayReport,
    ReminderAudience,
    ReminderCondition,
    RequirementPreview,
    Statistics,
)
from app.schema.permissions import PreviewsRequirement, SeesInvitations, SeesMembers
from app.schema.refresh import Refresh


@strawberry.type(description="How often one reason stands in a group.")
class ColourReason:
    """A reason behind the colour (R21)."""

    reason: AnomalyReason = strawberry.field(description="The reason.")
    count: int = strawberry.field(description="How many members it stands against.")


@strawberry.type(description="What a group asks of its members.")
class Requirement:
    """The requirement (R19)."""

    nat_validity: NatValidity = strawberry.field(description="How long a negative test holds.")
    anomalous_codes: list[HealthCode] = strawberry.field(
        description=(
            "The codes beside RED that are listed as anomalies; the colour counts every code."
        )
    )


@strawberry.type(description="Who may invite, and how people join.")
class InvitationPolicy:
    """The invitation policy (R9)."""

    admins_may_invite: bool = strawberry.field(description="Whether admins may invite.")
    open: bool = strawberry.field(description="Whether joining is open now.")
    remark_prompt: str = strawberry.field(description="What the remark should say.")
    remark_required: bool = strawberry.field(description="Whether joining needs a remark.")


@strawberry.type(description="Who owns a group.")
class GroupCreator:
    """The creator as members see them (R17)."""

    name: str = strawberry.field(description="The creator's name.")


@strawberry.type(description="The group is offered to an admin, who may accept it.")
class GroupOffer:
    """An offer (R16)."""

    member_id: strawberry.ID = strawberry.field(description="The admin it is offered to.")
    until: datetime = strawberry.field(description="Until when it can be accepted.")


def _wish(
    search: str, exact: bool, order_by: MemberOrder | None, where: MemberFilter | None
) -> MemberQuery:
    field = order_by.field if order_by else MemberOrderField.JOINED_AT
    descending = order_by is not None and order_by.direction is Direction.DESC
    return MemberQuery(search.strip(), exact, field, descending, where)


async def _members(
    root: strawberry.Parent[Any],
    info: Info,
    search: Search = "",
    exact: Exact = False,
    order_by: OrderBy = None,
    where: Where = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Any:
    page = Page(first, after, last, before)
    return await resolve_lists.members(root, info, page, _wish(search, exact, order_by, where))


async def _members_count(
    root: strawberry.Parent[Any],
    info: Info,
    search: Search = "",
    exact: Exact = False,
    where: Where = None,
) -> int:
    return await resolve_lists.members_count(root, info, _wish(search, exact, None, where))


async def _anomalies(
    root: strawberry.Parent[Any],
    info: Info,
    where: Where = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Any:
    page = Page(first, after, last, before)
    return await resolve_lists.anomalies(root, info, page, where)


async def _requirement_preview(
    root: strawberry.Parent[Any],
    info: Info,
    nat_validity: Annotated[
        NatValidity, strawberry.argument(description="The requirement to try.")
    ],
) -> Any:
    return await resolve_oversight.requirement_preview(root, info, nat_validity)


async def _reminder_audience(
    root: strawberry.Parent[Any],
    info: Info,
    condition: Annotated[ReminderCondition, strawberry.argument(description="Whom to remind.")],
) -> Any:
    return await resolve_oversight.reminder_audience(root, info, condition)


async def _reports(
    root: strawberry.Parent[Any],
    info: Info,
    days: Annotated[int, strawberry.argument(description="How many days, seven at most.")] = 7,
) -> Any:
    return await resolve_oversight.reports(root, info, days)


async def _messages(
    root: strawberry.Parent[Any],
    info: Info,
    caused_by_me: Annotated[
        bool, strawberry.argument(description="Only those that the viewer's doing caused.")
    ] = False,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Any:
    page = Page(first, after, last, before)
    return await resolve_messages.messages(root, info, page, caused_by_me)


@strawberry.type(description="An organisation's group; it carries one colour.")
class Group(Node):
    """A group (R1-R7, R17, R21)."""

    name: str = strawberry.field(description="The group's name.")
    type: GroupType = strawberry.field(description="The kind of organisation.")
    address: str = strawberry.field(description="The group's address.")
    colour: GroupColour = strawberry.field(description="The colour that the group carries now.")
    creator: GroupCreator = computed(resolve.creator, "Who owns the group.")
    viewer_role: Role | None = computed(
        resolve.viewer_role, "What the viewer is in it; null for who only enrolled others."
    )
    viewer_members: list[Member] = computed(
        resolve_members.viewer_members, "The viewer's own membership, and those they enrolled."
    )
    requirement: Requirement = computed(resolve.requirement, "What the group asks of its members.")
    colour_reasons: list[ColourReason] | None = computed(
        resolve.colour_reasons, "Why the group isn't green, with counts. Managers.", SeesMembers
    )
    member_count: int | None = strawberry.field(
        permission_classes=[SeesMembers], description="How many people it has. Managers."
    )
    member_limit: int | None = computed(
        resolve.member_limit, "How many people it can have. Managers.", SeesMembers
    )
    members_count: int | None = computed(
        _members_count, "How many members the list would hold. Managers.", SeesMembers
    )
    version: int | None = strawberry.field(
        permission_classes=[SeesMembers], description="The number of its newest event. Managers."
    )
    pending_leave_count: int | None = strawberry.field(
        permission_classes=[SeesMembers],
        description="How many ask to leave: the red dot. Managers.",
    )
    offer: GroupOffer | None = computed(
        resolve.offer, "The standing offer of the group to an admin. Managers.", SeesMembers
    )
    activity: Activity | None = computed(
        resolve_oversight.activity, "Whether managers look after it. Managers.", SeesMembers
    )
    anomaly_alerts: bool | None = strawberry.field(
        permission_classes=[SeesMembers],
        description="Whether the viewer gets SMS about new anomalies. Managers.",
    )
    requirement_preview: RequirementPreview | None = computed(
        _requirement_preview,
        "Who would turn anomalous under another requirement. The creator.",
        PreviewsRequirement,
    )
    reminder_audience: ReminderAudience | None = computed(
        _reminder_audience, "How many a reminder would be for. Managers.", SeesMembers
    )
    statistics: Statistics | None = computed(
        resolve_oversight.statistics, "Counts over the members, now. Managers.", SeesMembers
    )
    reports: list[DayReport] | None = computed(
        _reports, "Today and the days before, newest first. Managers.", SeesMembers
    )
    refresh: Refresh | None = computed(
        resolve_refresh.refresh, "How fresh the data is. Managers.", SeesMembers
    )
    invitation_policy: InvitationPolicy | None = computed(
        resolve.invitation_policy, "Who may invite, and how people join. Managers.", SeesMembers
    )

    members: Connection[Member] | None = computed(
        _members, "The people of the group: searched, filtered, ordered. Managers.", SeesMembers
    )
    anomalies: Connection[Anomaly] | None = computed(
        _anomalies,
        "The members who don't meet the requirement now, oldest first. Managers.",
        SeesMembers,
    )
    leave_requests: Connection[LeaveRequest] | None = computed(
        paged(resolve_leaves.leave_requests),
        "Who asks to leave, oldest first. Managers.",
        SeesMembers,
    )
    former_members: Connection[FormerMember] | None = computed(
        paged(resolve_leaves.former_members),
        "Who left within 30 days, newest first. Managers.",
        SeesMembers,
    )
    messages: Connection[Message] | None = computed(
        _messages, "The SMS of this group, newest first; kept 30 days. Managers.", SeesMembers
    )
    invitations: Connection[Invitation] | None = computed(
        paged(resolve_invitations.invitations),
        "The invitations that still let people in. Creator; admins if they may invite.",
        SeesInvitations,
    )
