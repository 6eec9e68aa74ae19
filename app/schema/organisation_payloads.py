"""The payloads of mutations about organisations: a result, null when refused, and the errors."""

from datetime import datetime

import strawberry

from app.resolvers.group_row import GroupRow
from app.resolvers.me import MeRow
from app.resolvers.organisation_row import OrganisationRow
from app.resolvers.overseers import OverseerRow
from app.schema.errors import Payload
from app.schema.groups import Group
from app.schema.me import Me
from app.schema.organisations import Organisation, Overseer


@strawberry.type(description="Answer of mutations that change an organisation.")
class OrganisationPayload(Payload):
    organisation: OrganisationRow | None = strawberry.field(
        graphql_type=Organisation | None,
        default=None,
        description="The organisation as it is now; null if it is the viewer's no longer.",
    )


@strawberry.type(
    description="Answer of mutations by which an organisation becomes the viewer's, or is theirs "
    "no longer."
)
class OwnOrganisationPayload(Payload):
    organisation: OrganisationRow | None = strawberry.field(
        graphql_type=Organisation | None, default=None, description="The organisation as it is now."
    )
    me: MeRow | None = strawberry.field(
        graphql_type=Me | None, default=None, description="The viewer, with their organisations."
    )


@strawberry.type(description="Answer of dissolveOrganisation.")
class DissolveOrganisationPayload(Payload):
    dissolved_organisation_id: strawberry.ID | None = strawberry.field(
        default=None, description="Which organisation is dissolved."
    )
    me: MeRow | None = strawberry.field(
        graphql_type=Me | None, default=None, description="The viewer, without it."
    )


@strawberry.type(description="Answer of appointOverseer.")
class AppointOverseerPayload(Payload):
    overseer: OverseerRow | None = strawberry.field(
        graphql_type=Overseer | None, default=None, description="Who is asked."
    )
    organisation: OrganisationRow | None = strawberry.field(
        graphql_type=Organisation | None, default=None, description="The organisation as it is now."
    )


@strawberry.type(description="Answer of dismissOverseer.")
class DismissOverseerPayload(Payload):
    organisation: OrganisationRow | None = strawberry.field(
        graphql_type=Organisation | None,
        default=None,
        description="The organisation as it is now; null for who dismissed themself.",
    )
    dismissed_overseer_id: strawberry.ID | None = strawberry.field(
        default=None, description="Who oversees it no longer."
    )


@strawberry.type(description="A code that attaches to an organisation for 24 hours.")
class OrganisationCode:  # R45
    token: str = strawberry.field(
        description="The secret that attachGroup and attachOrganisation take; told once."
    )
    expires_at: datetime = strawberry.field(description="When it stops attaching.")


@strawberry.type(description="Answer of createOrganisationCode.")
class OrganisationCodePayload(Payload):
    code: OrganisationCode | None = strawberry.field(
        default=None, description="The code to hand to who attaches."
    )


@strawberry.type(description="Answer of detachGroup.")
class DetachGroupPayload(Payload):
    group: GroupRow | None = strawberry.field(
        graphql_type=Group | None,
        default=None,
        description="The group as its creator sees it; null for the organisation's owner.",
    )
    detached_group_id: strawberry.ID | None = strawberry.field(
        default=None, description="Which group was detached, by the id that was given."
    )
