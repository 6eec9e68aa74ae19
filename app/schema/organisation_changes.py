"""What one is told of an organisation that one follows."""

import strawberry

from app.resolvers.paging import LARGEST_PAGE
from app.schema.cost_directives import costs
from app.schema.organisations import Organisation, OverseenGroup


@strawberry.type(description="An organisation whose status changed, and which groups turned.")
class OrganisationStatusChange:  # R48
    organisation: Organisation = strawberry.field(description="The organisation as it is now.")
    turned: list[OverseenGroup] = strawberry.field(
        directives=costs(size=10),
        description="The groups below it that turned since the event before, the last one first; "
        f"{LARGEST_PAGE} at most.",
    )
    turned_count: int = strawberry.field(description="How many turned.")
