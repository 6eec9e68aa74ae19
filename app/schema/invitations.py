"""Invitations and what someone about to join sees."""

from datetime import datetime

import strawberry

from app.domain.limits import GROUP_SECTIONS
from app.domain.sharing import SharedData
from app.resolvers import invitations as resolve
from app.schema.cost_directives import costs
from app.schema.enums import GroupType, InvitationState
from app.schema.fields import computed
from app.schema.nodes import Node
from app.schema.organisations_above import OrganisationAbove
from app.schema.terms import Terms


@strawberry.type(description="A link that lets people join for 24 hours.")
class Invitation(Node):  # R9, R10
    token: str = strawberry.field(description="The secret that joinGroup takes.")
    url: str = computed(resolve.url, "The link to share.")
    qr_svg: str = computed(resolve.qr_svg, "The link as a QR image, SVG.")
    invited_by: str = strawberry.field(description="The name of the manager who made it.")
    created_at: datetime = strawberry.field(description="When it was made.")
    expires_at: datetime = strawberry.field(description="When it stops letting people in.")


@strawberry.type(description="What someone about to join sees of the group.")
class InvitingGroup:
    name: str = strawberry.field(description="The group's name.")
    type: GroupType = strawberry.field(description="The kind of organisation.")
    address: str = strawberry.field(description="The group's address.")


@strawberry.type(description="A section that who joins may come into.")
class OfferedSection:  # R50
    section_id: strawberry.ID = strawberry.field(description="As joinGroup takes it.")
    name: str = strawberry.field(description="The section's name.")


@strawberry.type(description="What an invitation leads to, before joining.")
class InvitationPreview:  # R11
    group: InvitingGroup = strawberry.field(description="Which group invites.")
    invited_by: str = strawberry.field(description="The name of the manager who invites.")
    expires_at: datetime = strawberry.field(description="Until when it lets people in.")
    state: InvitationState = strawberry.field(description="Whether it lets people in now.")
    remark_prompt: str = strawberry.field(description="What the remark should say; may be empty.")
    remark_required: bool = strawberry.field(description="Whether joining needs a remark.")
    sections: list[OfferedSection] = strawberry.field(
        description="The sections to choose among on joining; none where there is no choice.",
        directives=costs(size=GROUP_SECTIONS),
    )
    terms: Terms = strawberry.field(description="What who joins agrees to.")
    organisations: list[OrganisationAbove] = strawberry.field(
        description="The organisations above the group, the nearest first.",
        directives=costs(size=5),
    )
    organisations_see: str = strawberry.field(
        description="What these see of it: numbers, never a person."
    )
    shared_data: list[SharedData] = strawberry.field(
        description="All that creator and admins of the group will see of whoever joins."
    )
