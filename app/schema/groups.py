"""Groups: the page that everyone in them sees, and what only managers read."""

import strawberry

from app.resolvers import groups as resolve
from app.resolvers import invitations as resolve_invitations
from app.resolvers import members as resolve_members
from app.resolvers import refresh as resolve_refresh
from app.schema.enums import (
    AnomalyReason,
    GroupColour,
    GroupType,
    HealthCode,
    NatValidity,
    Role,
)
from app.schema.invitations import Invitation
from app.schema.members import Anomaly, Member
from app.schema.nodes import Connection, Node, computed, paged
from app.schema.permissions import SeesInvitations, SeesMembers
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


@strawberry.type(description="An organisation's group; it carries one colour.")
class Group(Node):
    """A group (R1-R7, R17, R21)."""

    name: str = strawberry.field(description="The group's name.")
    type: GroupType = strawberry.field(description="The kind of organisation.")
    address: str = strawberry.field(description="The group's address.")
    colour: GroupColour = strawberry.field(description="The colour that the group carries now.")
    creator: GroupCreator = computed(resolve.creator, "Who owns the group.")
    viewer_role: Role = computed(resolve.viewer_role, "What the viewer is in it.")
    viewer_members: list[Member] = computed(
        resolve_members.viewer_members, "The viewer's own memberships."
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
        resolve.members_count, "How many members the list holds. Managers.", SeesMembers
    )
    version: int | None = strawberry.field(
        permission_classes=[SeesMembers], description="The number of its newest event. Managers."
    )
    refresh: Refresh | None = computed(
        resolve_refresh.refresh, "How fresh the data is. Managers.", SeesMembers
    )
    invitation_policy: InvitationPolicy | None = computed(
        resolve.invitation_policy, "Who may invite, and how people join. Managers.", SeesMembers
    )

    members: Connection[Member] | None = computed(
        paged(resolve_members.members),
        "Everyone in the group, in the order of joining. Managers.",
        SeesMembers,
    )
    anomalies: Connection[Anomaly] | None = computed(
        paged(resolve_members.anomalies),
        "The members who don't meet the requirement now, oldest first. Managers.",
        SeesMembers,
    )
    invitations: Connection[Invitation] | None = computed(
        paged(resolve_invitations.invitations),
        "The invitations that still let people in. Creator; admins if they may invite.",
        SeesInvitations,
    )
