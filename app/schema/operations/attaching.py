"""Attaching groups and organisations to an organisation by its code, and detaching them (R45)."""

import strawberry

from app.resolvers.context import Info
from app.resolvers.ids import decode_id
from app.resolvers.organisations import decode_group_to_detach
from app.schema.once import once
from app.schema.operations.organisation_reading import the_organisation
from app.schema.operations.reading import Input, group_now, the_group
from app.schema.organisation_payloads import (
    DetachGroupPayload,
    OrganisationCode,
    OrganisationCodePayload,
    OrganisationPayload,
)
from app.schema.payloads import GroupPayload
from app.services.groups import attaching


@strawberry.input(description="Of which organisation a code is made.")
class CreateOrganisationCodeInput:
    organisation_id: strawberry.ID = strawberry.field(description="Which organisation.")


async def create_organisation_code(
    info: Info, input: Input[CreateOrganisationCodeInput]
) -> OrganisationCodePayload:
    """Make a code that attaches (R45)."""
    organisation_id = decode_id(input.organisation_id, "Organisation")
    viewer = await info.context.viewer()
    made = await once(info, attaching.create_organisation_code, viewer, organisation_id)
    return OrganisationCodePayload(
        code=OrganisationCode(token=made.token, expires_at=made.expires_at)
    )


@strawberry.input(description="Which group is attached, by which code.")
class AttachGroupInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")
    token: str = strawberry.field(description="A code of the organisation.")


async def attach_group(info: Info, input: Input[AttachGroupInput]) -> GroupPayload:
    """Attach a group to an organisation (R45)."""
    group_id = decode_id(input.group_id, "Group")
    viewer = await info.context.viewer()
    await once(info, attaching.attach_group, viewer, group_id, input.token)
    return await the_group(info, group_id)


@strawberry.input(description="Which group is detached from its organisation.")
class DetachGroupInput:
    group_id: strawberry.ID = strawberry.field(
        description="The Group's id, as its creator; or that of the OverseenGroup, as the owner "
        "of the organisation that it is attached to."
    )


async def detach_group(info: Info, input: Input[DetachGroupInput]) -> DetachGroupPayload:
    """Detach a group (R45)."""
    group_id, from_above = decode_group_to_detach(input.group_id)
    viewer = await info.context.viewer()
    await once(info, attaching.detach_group, viewer, group_id, from_above=from_above)
    return DetachGroupPayload(
        group=None if from_above else await group_now(info, group_id),
        detached_group_id=input.group_id,
    )


@strawberry.input(description="Which organisation is attached to another, by which code.")
class AttachOrganisationInput:
    organisation_id: strawberry.ID = strawberry.field(description="Which one is attached.")
    token: str = strawberry.field(description="A code of the one above.")


async def attach_organisation(
    info: Info, input: Input[AttachOrganisationInput]
) -> OrganisationPayload:
    """Attach an organisation to another (R45)."""
    organisation_id = decode_id(input.organisation_id, "Organisation")
    viewer = await info.context.viewer()
    await once(info, attaching.attach_organisation, viewer, organisation_id, input.token)
    return await the_organisation(info, organisation_id)


@strawberry.input(description="Which organisation is detached from the one above it.")
class DetachOrganisationInput:
    organisation_id: strawberry.ID = strawberry.field(description="Which organisation.")


async def detach_organisation(
    info: Info, input: Input[DetachOrganisationInput]
) -> OrganisationPayload:
    """Detach an organisation (R45)."""
    organisation_id = decode_id(input.organisation_id, "Organisation")
    viewer = await info.context.viewer()
    await once(info, attaching.detach_organisation, viewer, organisation_id)
    return await the_organisation(info, organisation_id)
