"""Who oversees an organisation: asked, accepted, dismissed (R44)."""

import strawberry

from app.resolvers.context import Info
from app.resolvers.ids import decode_id
from app.resolvers.overseers import load_overseers
from app.schema.once import once
from app.schema.operations.organisation_reading import organisation_now
from app.schema.operations.reading import Input, me_now
from app.schema.organisation_payloads import (
    AppointOverseerPayload,
    DismissOverseerPayload,
    OwnOrganisationPayload,
)
from app.services.groups import oversight


@strawberry.input(description="Who is asked to oversee which organisation.")
class AppointOverseerInput:
    organisation_id: strawberry.ID = strawberry.field(description="Which organisation.")
    phone: str = strawberry.field(description="The phone that they sign in with.")


async def appoint_overseer(
    info: Info, input: Input[AppointOverseerInput]
) -> AppointOverseerPayload:
    """Ask somebody to oversee an organisation (R44)."""
    organisation_id = decode_id(input.organisation_id, "Organisation")
    viewer = await info.context.viewer()
    made = await once(info, oversight.appoint_overseer, viewer, organisation_id, input.phone)
    organisation = await organisation_now(info, organisation_id)
    found = await load_overseers(info, [made])
    return AppointOverseerPayload(overseer=found.get(made), organisation=organisation)


@strawberry.input(description="Which organisation the viewer oversees from now on.")
class AcceptOversightInput:
    organisation_id: strawberry.ID = strawberry.field(
        description="Which organisation: of me.oversightOffers."
    )


async def accept_oversight(
    info: Info, input: Input[AcceptOversightInput]
) -> OwnOrganisationPayload:
    """Oversee an organisation that asked (R44)."""
    organisation_id = decode_id(input.organisation_id, "Organisation")
    viewer = await info.context.viewer()
    await once(info, oversight.accept_oversight, viewer, organisation_id)
    return OwnOrganisationPayload(
        organisation=await organisation_now(info, organisation_id), me=await me_now(info)
    )


@strawberry.input(description="Who oversees an organisation no longer.")
class DismissOverseerInput:
    overseer_id: strawberry.ID = strawberry.field(description="Which overseer.")


async def dismiss_overseer(
    info: Info, input: Input[DismissOverseerInput]
) -> DismissOverseerPayload:
    """Have somebody oversee an organisation no longer (R44)."""
    viewer = await info.context.viewer()
    overseer_id = decode_id(input.overseer_id, "Overseer")
    organisation_id = await once(info, oversight.dismiss_overseer, viewer, overseer_id)
    return DismissOverseerPayload(
        organisation=await organisation_now(info, organisation_id),
        dismissed_overseer_id=input.overseer_id,
    )
