"""Groups: created and edited (R1, R6, R7, R9, R19)."""

import strawberry

from app.domain.limits import ADDRESS_LENGTH, NAME_LENGTH, REMARK_LENGTH
from app.resolvers.context import Info
from app.resolvers.ids import decode_id
from app.schema.enums import GroupType, HealthCode, NatValidity
from app.schema.once import once
from app.schema.operations.reading import Input, group_now, invitation_ids, me_now, the_group
from app.schema.payloads import CreateGroupPayload, GroupPayload, SetInvitationPolicyPayload
from app.services.accounts.codes import EnteredPhone
from app.services.groups import groups


@strawberry.input(description="A new group.")
class CreateGroupInput:
    name: str = strawberry.field(description=f"1 to {NAME_LENGTH} characters.")
    type: GroupType = strawberry.field(description="The kind of organisation.")
    address: str = strawberry.field(description=f"1 to {ADDRESS_LENGTH} characters.")
    consent: bool = strawberry.field(description="That the creator agrees to the terms.")
    nat_validity: NatValidity | None = strawberry.field(
        default=None, description="What the group requires from the start: NONE unless told."
    )
    phone: str | None = strawberry.field(
        default=None, description="Another than the session's own phone needs its code."
    )
    code: str | None = strawberry.field(
        default=None, description="The code that phone was sent for CREATE_GROUP."
    )
    challenge: str | None = strawberry.field(
        default=None, description="What requestVerificationCode returned for that code."
    )


async def create_group(info: Info, input: Input[CreateGroupInput]) -> CreateGroupPayload:
    """Create a group (R1, R6)."""
    new = groups.NewGroup(
        name=input.name,
        type=input.type,
        address=input.address,
        consent=input.consent,
        nat_validity=input.nat_validity or NatValidity.NONE,
        phone=EnteredPhone(input.phone, input.code, input.challenge),
    )
    viewer = await info.context.viewer()
    group_id = await once(info, groups.create_group, viewer, new)
    return CreateGroupPayload(group=await group_now(info, group_id), me=await me_now(info))


@strawberry.input(
    description="What of a group's page is edited; what is null or left out stays as it is."
)
class UpdateGroupInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")
    name: str | None = strawberry.field(default=None, description=f"1 to {NAME_LENGTH} characters.")
    type: GroupType | None = strawberry.field(default=None, description="The kind of organisation.")
    address: str | None = strawberry.field(
        default=None, description=f"1 to {ADDRESS_LENGTH} characters."
    )


async def update_group(info: Info, input: Input[UpdateGroupInput]) -> GroupPayload:
    """Edit a group's page (R7)."""
    group_id = decode_id(input.group_id, "Group")
    changes = groups.GroupChanges(input.name, input.type, input.address)
    viewer = await info.context.viewer()
    await once(info, groups.update_group, viewer, group_id, changes)
    return await the_group(info, group_id)


@strawberry.input(description="What a group asks of its members from now on.")
class SetRequirementInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")
    nat_validity: NatValidity = strawberry.field(description="How long a negative test holds.")
    anomalous_codes: list[HealthCode] | None = strawberry.field(
        default=None,
        description="The codes beside RED to list as anomalies, none for an empty list; null or "
        "left out, they stay as they are.",
    )


async def set_requirement(info: Info, input: Input[SetRequirementInput]) -> GroupPayload:
    """Set the requirement (R7, R19)."""
    group_id = decode_id(input.group_id, "Group")
    viewer = await info.context.viewer()
    await once(
        info, groups.set_requirement, viewer, group_id, input.nat_validity, input.anomalous_codes
    )
    return await the_group(info, group_id)


@strawberry.input(
    description="Who may invite and how people join; what is null or left out stays as it is."
)
class SetInvitationPolicyInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")
    admins_may_invite: bool | None = strawberry.field(
        default=None,
        description="Whether admins may invite; once not, the invitations they made stop.",
    )
    open: bool | None = strawberry.field(
        default=None, description="Whether joining is open; pausing stops every invitation."
    )
    remark_prompt: str | None = strawberry.field(
        default=None,
        description=f"What the remark should say, up to {REMARK_LENGTH} characters; empty: "
        "nothing in particular.",
    )
    remark_required: bool | None = strawberry.field(
        default=None, description="Whether joining needs a remark."
    )
    offers_sections: bool | None = strawberry.field(
        default=None, description="Whether who joins may choose a section."
    )


async def set_invitation_policy(
    info: Info, input: Input[SetInvitationPolicyInput]
) -> SetInvitationPolicyPayload:
    """Say who may invite and how people join (R9)."""
    group_id = decode_id(input.group_id, "Group")
    changes = groups.PolicyChanges(
        input.admins_may_invite,
        input.open,
        input.remark_prompt,
        input.remark_required,
        input.offers_sections,
    )
    viewer = await info.context.viewer()
    stopped = await once(info, groups.set_invitation_policy, viewer, group_id, changes)
    return SetInvitationPolicyPayload(
        group=await group_now(info, group_id), withdrawn_invitation_ids=invitation_ids(stopped)
    )
