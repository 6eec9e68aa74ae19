"""Organisations: created, renamed, dissolved; whose they are (R44)."""

import strawberry

from app.domain.limits import NAME_LENGTH
from app.resolvers.context import Info
from app.resolvers.ids import decode_id
from app.schema.once import once
from app.schema.operations.organisation_reading import organisation_now, the_organisation
from app.schema.operations.reading import Input, me_now, verification_id
from app.schema.organisation_payloads import (
    DissolveOrganisationPayload,
    OrganisationPayload,
    OwnOrganisationPayload,
)
from app.services.groups import organisation_owners, organisations


@strawberry.input(description="A new organisation.")
class CreateOrganisationInput:
    name: str = strawberry.field(description=f"1 to {NAME_LENGTH} characters.")


async def create_organisation(
    info: Info, input: Input[CreateOrganisationInput]
) -> OwnOrganisationPayload:
    """Create an organisation (R44)."""
    viewer = await info.context.viewer()
    made = await once(info, organisations.create_organisation, viewer, input.name)
    return OwnOrganisationPayload(
        organisation=await organisation_now(info, made), me=await me_now(info)
    )


@strawberry.input(description="What of an organisation is edited.")
class UpdateOrganisationInput:
    organisation_id: strawberry.ID = strawberry.field(description="Which organisation.")
    name: str = strawberry.field(description=f"1 to {NAME_LENGTH} characters.")


async def update_organisation(
    info: Info, input: Input[UpdateOrganisationInput]
) -> OrganisationPayload:
    """Rename an organisation (R44)."""
    organisation_id = decode_id(input.organisation_id, "Organisation")
    viewer = await info.context.viewer()
    await once(info, organisations.update_organisation, viewer, organisation_id, input.name)
    return await the_organisation(info, organisation_id)


@strawberry.input(description="To which overseer an organisation is offered.")
class OfferOrganisationInput:
    overseer_id: strawberry.ID = strawberry.field(description="Which overseer.")
    verification_id: strawberry.ID = strawberry.field(
        description="A verification of one's own face for TRANSFER, passed within ten minutes."
    )


async def offer_organisation(
    info: Info, input: Input[OfferOrganisationInput]
) -> OrganisationPayload:
    """Offer an organisation to an overseer (R44)."""
    organisation_id = await once(
        info,
        organisation_owners.offer_organisation,
        await info.context.viewer(),
        decode_id(input.overseer_id, "Overseer"),
        verification_id(input.verification_id),
    )
    return await the_organisation(info, organisation_id)


@strawberry.input(description="Of which organisation the offer is taken back.")
class WithdrawOrganisationOfferInput:
    organisation_id: strawberry.ID = strawberry.field(description="Which organisation.")


async def withdraw_organisation_offer(
    info: Info, input: Input[WithdrawOrganisationOfferInput]
) -> OrganisationPayload:
    """Take the offer back (R44)."""
    organisation_id = decode_id(input.organisation_id, "Organisation")
    viewer = await info.context.viewer()
    await once(info, organisation_owners.withdraw_organisation_offer, viewer, organisation_id)
    return await the_organisation(info, organisation_id)


@strawberry.input(description="Which offered organisation is taken over.")
class AcceptOrganisationInput:
    organisation_id: strawberry.ID = strawberry.field(description="Which organisation.")
    verification_id: strawberry.ID = strawberry.field(
        description="A verification of one's own face for TRANSFER, passed within ten minutes."
    )


async def accept_organisation(
    info: Info, input: Input[AcceptOrganisationInput]
) -> OrganisationPayload:
    """Take over an organisation that was offered (R44)."""
    organisation_id = decode_id(input.organisation_id, "Organisation")
    await once(
        info,
        organisation_owners.accept_organisation,
        await info.context.viewer(),
        organisation_id,
        verification_id(input.verification_id),
    )
    return await the_organisation(info, organisation_id)


@strawberry.input(description="Which organisation is dissolved for good.")
class DissolveOrganisationInput:
    organisation_id: strawberry.ID = strawberry.field(description="Which organisation.")
    verification_id: strawberry.ID = strawberry.field(
        description="A verification of one's own face for DISSOLVE, passed within ten minutes."
    )
    risk_acknowledged: bool = strawberry.field(description="That it can't be undone.")


async def dissolve_organisation(
    info: Info, input: Input[DissolveOrganisationInput]
) -> DissolveOrganisationPayload:
    """Dissolve an organisation for good (R44)."""
    await once(
        info,
        organisations.dissolve_organisation,
        await info.context.viewer(),
        decode_id(input.organisation_id, "Organisation"),
        verification_id(input.verification_id),
        risk_acknowledged=input.risk_acknowledged,
    )
    info.context.renew()
    return DissolveOrganisationPayload(
        dissolved_organisation_id=input.organisation_id, me=await me_now(info)
    )
