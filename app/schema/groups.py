"""Groups: the page that everyone in them sees, and what only managers read."""

from typing import Annotated

import strawberry

from app.domain.costs import STATEMENT
from app.domain.health import HealthCode
from app.resolvers import activity as resolve_activity
from app.resolvers import groups as resolve
from app.resolvers import invitations as resolve_invitations
from app.resolvers import leaves as resolve_leaves
from app.resolvers import members as resolve_members
from app.resolvers import messages as resolve_messages
from app.resolvers import previews as resolve_previews
from app.resolvers import refresh as resolve_refresh
from app.resolvers import reminders as resolve_reminders
from app.resolvers.context import Info
from app.resolvers.group_row import GroupRow
from app.resolvers.messages import MessageRow
from app.resolvers.paging import ConnectionRow, Page
from app.resolvers.previews import RequirementPreviewRow
from app.resolvers.reminders import ReminderAudienceRow
from app.schema import lists
from app.schema.activity import Activity
from app.schema.cost_directives import costs
from app.schema.enums import GroupColour, GroupType, NatValidity, Role
from app.schema.everyday import GroupEveryday
from app.schema.fields import computed, listed
from app.schema.group_numbers import GroupNumbers
from app.schema.group_parts import (
    ColourReason,
    GroupCreator,
    GroupOffer,
    InvitationPolicy,
    Requirement,
)
from app.schema.invitations import Invitation
from app.schema.members import Anomaly, FormerMember, LeaveRequest, Member
from app.schema.messages import Message
from app.schema.nodes import Connection, Node
from app.schema.organisations_above import GroupBelow
from app.schema.permissions import PreviewsRequirement, SeesCharge, SeesInvitations
from app.schema.previews import RequirementPreview
from app.schema.refresh import Refresh
from app.schema.reminders import ReminderAudience, ReminderCondition


async def _requirement_preview(
    root: GroupRow,
    info: Info,
    nat_validity: Annotated[
        NatValidity, strawberry.argument(description="The requirement to try.")
    ],
    anomalous_codes: Annotated[
        list[HealthCode] | None,
        strawberry.argument(description="The codes beside red to try; null, as they are now."),
    ] = None,
) -> RequirementPreviewRow:
    return await resolve_previews.requirement_preview(root, info, nat_validity, anomalous_codes)


async def _reminder_audience(
    root: GroupRow,
    info: Info,
    condition: Annotated[ReminderCondition, strawberry.argument(description="Whom to remind.")],
) -> ReminderAudienceRow:
    return await resolve_reminders.reminder_audience(root, info, condition.read())


async def _messages(
    root: GroupRow,
    info: Info,
    page: Page,
    caused_by_me: Annotated[
        bool | None,
        strawberry.argument(description="True: only those that the viewer's doing caused."),
    ] = None,
) -> ConnectionRow[MessageRow]:
    return await resolve_messages.messages(root, info, caused_by_me or False, page)


@strawberry.type(description="An organisation's group; it carries one colour.")
class Group(Node, GroupBelow, GroupNumbers, GroupEveryday):  # R1-R7, R17, R21
    name: str = strawberry.field(description="The group's name.")
    type: GroupType = strawberry.field(description="The kind of organisation.")
    address: str = strawberry.field(description="The group's address.")
    colour: GroupColour = strawberry.field(description="The colour that the group carries now.")
    creator: GroupCreator = strawberry.field(description="Who owns the group.")
    viewer_role: Role | None = strawberry.field(
        description="What the viewer is in it; null for who only enrolled others."
    )
    viewer_member: Member | None = computed(
        resolve_members.viewer_member,
        "The viewer's own membership; null for who only enrolled others.",
        weight=STATEMENT,
    )
    viewer_members: list[Member] = computed(
        resolve_members.viewer_members,
        "The viewer's own membership, and those they enrolled.",
        weight=STATEMENT,
        size=5,
    )
    requirement: Requirement = strawberry.field(description="What the group asks of its members.")
    colour_reasons: list[ColourReason] | None = strawberry.field(
        permission_classes=[SeesCharge],
        description="Why the group isn't green, with counts. Managers.",
        directives=costs(size=6),
    )
    member_count: int | None = strawberry.field(
        permission_classes=[SeesCharge], description="How many people it has. Managers."
    )
    member_limit: int | None = strawberry.field(
        permission_classes=[SeesCharge], description="How many people it can have. Managers."
    )
    members_count: int | None = computed(
        lists.members_count,
        "How many members the list would hold. Managers.",
        SeesCharge,
        weight=100,
        at_once=lists.members_counts,
    )
    version: int | None = strawberry.field(
        permission_classes=[SeesCharge], description="The number of its newest event. Managers."
    )
    pending_leave_count: int | None = strawberry.field(
        permission_classes=[SeesCharge],
        description="How many ask to leave: the red dot. Managers.",
    )
    offer: GroupOffer | None = computed(
        resolve.offer,
        "The offer of the group to an admin, while it may be accepted. Managers.",
        SeesCharge,
        weight=STATEMENT,
    )
    activity: Activity | None = computed(
        resolve_activity.activity,
        "Whether managers look after it. Managers.",
        SeesCharge,
        weight=STATEMENT,
    )
    anomaly_alerts: bool | None = strawberry.field(
        permission_classes=[SeesCharge],
        description="Whether the viewer gets SMS about new anomalies. Managers.",
    )
    requirement_preview: RequirementPreview | None = computed(
        _requirement_preview,
        "Who would turn anomalous under another requirement. The creator.",
        PreviewsRequirement,
        weight=500,
    )
    reminder_audience: ReminderAudience | None = computed(
        _reminder_audience,
        "How many a reminder would be for. Managers.",
        SeesCharge,
        weight=200,
    )
    refresh: Refresh | None = computed(
        resolve_refresh.refresh,
        "How fresh the data is. Managers.",
        SeesCharge,
        weight=STATEMENT,
    )
    invitation_policy: InvitationPolicy | None = strawberry.field(
        permission_classes=[SeesCharge],
        description="Who may invite, and how people join. Managers.",
    )

    members: Connection[Member] | None = listed(
        lists.members,
        "The people of the group: searched, filtered, ordered. Managers.",
        SeesCharge,
    )
    anomalies: Connection[Anomaly] | None = listed(
        lists.anomalies,
        "The members who don't meet the requirement now, oldest first. Managers.",
        SeesCharge,
    )
    leave_requests: Connection[LeaveRequest] | None = listed(
        lists.leave_requests,
        "Who asks to leave, oldest first. Managers.",
        SeesCharge,
    )
    former_members: Connection[FormerMember] | None = listed(
        resolve_leaves.former_members,
        "Who left within 30 days, newest first. Managers.",
        SeesCharge,
    )
    messages: Connection[Message] | None = listed(
        _messages, "The SMS of this group, newest first; kept 30 days. Managers.", SeesCharge
    )
    invitations: Connection[Invitation] | None = listed(
        resolve_invitations.invitations,
        "The invitations that still let people in. Creator; admins if they may invite.",
        SeesInvitations,
    )
