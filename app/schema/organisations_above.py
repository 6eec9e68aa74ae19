"""Organisations as those who are in a group below see them."""

import strawberry

from app.domain.costs import STATEMENT
from app.resolvers import organisations as resolve
from app.schema.fields import computed


@strawberry.type(description="An organisation as those below it see it.")
class OrganisationAbove:  # R45
    name: str = strawberry.field(description="The organisation's name.")


@strawberry.type(description="What of a group says where it stands below organisations.")
class GroupBelow:  # R45
    organisation: OrganisationAbove | None = computed(
        resolve.organisation_of_group,
        "What the group is attached to; it sees numbers only.",
        weight=STATEMENT,
    )
    organisations: list[OrganisationAbove] = computed(
        resolve.organisations_of_group,
        "The organisations above the group, the nearest first; they see numbers only.",
        weight=STATEMENT,
        size=5,
    )
