"""What operations on organisations return."""

from uuid import UUID

from app.resolvers.context import Info
from app.resolvers.organisation_row import OrganisationRow
from app.resolvers.organisations import load_organisations
from app.resolvers.selection import selected_fields
from app.schema.organisation_payloads import OrganisationPayload


async def the_organisation(info: Info, organisation_id: UUID) -> OrganisationPayload:
    """Return the organisation as it is now, under the standing that the viewer has by now."""
    return OrganisationPayload(organisation=await organisation_now(info, organisation_id))


async def organisation_now(info: Info, organisation_id: UUID) -> OrganisationRow | None:
    """Read the payload's ``organisation``, if it is selected."""
    info.context.renew()
    if "organisation" not in selected_fields(info):
        return None
    return (await load_organisations(info, [organisation_id])).get(organisation_id)
