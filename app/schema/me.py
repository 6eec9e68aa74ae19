"""The viewer."""

from typing import Annotated

import strawberry

from app.domain.costs import STATEMENT
from app.resolvers import accesses as resolve_accesses
from app.resolvers import consents as resolve_consents
from app.resolvers import families as resolve_families
from app.resolvers import groups as resolve_groups
from app.resolvers import messages as resolve_messages
from app.resolvers import organisations as resolve_organisations
from app.resolvers import overseers as resolve_overseers
from app.resolvers.context import Info
from app.resolvers.group_row import GroupRow
from app.resolvers.paging import ConnectionRow, Page
from app.schema.accesses import AccessRecord
from app.schema.consents import Consent
from app.schema.enums import Role
from app.schema.families import Relative
from app.schema.fields import computed, listed
from app.schema.groups import Group
from app.schema.messages import Message
from app.schema.nodes import Connection, Node
from app.schema.organisations import Organisation, OversightOffer


async def _groups(
    info: Info,
    page: Page,
    roles: Annotated[
        list[Role] | None, strawberry.argument(description="Only those with one of these roles.")
    ] = None,
) -> ConnectionRow[GroupRow]:
    return await resolve_groups.groups_of_viewer(info, roles, page)


@strawberry.type(description="Whoever is signed in.")
class Me(Node):
    phone: str = strawberry.field(description="The phone of this account, E.164.")
    name: str | None = strawberry.field(
        description="The real name; null until an identity verification was passed."
    )
    real_named: bool = strawberry.field(
        description="Whether an identity verification was passed, which creating a group needs."
    )

    relatives: list[Relative] = computed(
        resolve_families.relatives, "The viewer's family list.", weight=STATEMENT, size=10
    )
    accesses: Connection[AccessRecord] | None = listed(
        resolve_accesses.accesses,
        "Who looked at the viewer's or their wards' details, newest first; 30 days.",
    )
    consents: Connection[Consent] | None = listed(
        resolve_consents.own_consents,
        "What was consented to for the viewer and their wards, and by the viewer, newest first.",
    )
    messages: Connection[Message] | None = listed(
        resolve_messages.own_messages,
        "Every SMS to the viewer's phones, as a guardian too, newest first; 30 days.",
    )
    organisations: Connection[Organisation] | None = listed(
        resolve_organisations.organisations_of_viewer,
        "The organisations that the viewer owns or oversees, the oldest first.",
    )
    oversight_offers: list[OversightOffer] = computed(
        resolve_overseers.oversight_offers,
        "Which organisations ask the viewer, by their phone, to oversee them.",
        weight=STATEMENT,
        size=2,
    )
    groups: Connection[Group] | None = listed(
        _groups, "The groups the viewer is in, in the order of joining."
    )
