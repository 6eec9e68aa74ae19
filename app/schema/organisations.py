"""Organisations, and the groups below them as they are seen from above: numbers, no persons."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

import strawberry

from app.domain.activity import ActivityState
from app.domain.costs import STATEMENT
from app.domain.limits import OVERSEERS
from app.domain.ordering import Direction
from app.domain.organisations import OrganisationRole
from app.domain.overseen import OverseenFilter as Chosen
from app.domain.overseen import OverseenOrder
from app.resolvers import organisations as resolve
from app.resolvers import overseen_groups as resolve_groups
from app.resolvers import overseers as resolve_overseers
from app.resolvers.context import Info
from app.resolvers.organisation_row import OrganisationRow, OverseenGroupRow
from app.resolvers.paging import ConnectionRow, Page
from app.schema.enums import GroupColour, GroupType, describe
from app.schema.fields import computed, listed
from app.schema.nodes import Connection, Node
from app.schema.organisation_numbers import GroupNumbers, OrganisationNumbers
from app.schema.organisation_permissions import SeesOverseers
from app.schema.organisations_above import OrganisationAbove

describe(
    OrganisationRole,
    "What a person is in an organisation.",
    OWNER="Owns it: every right in it.",
    OVERSEER="Appointed by the owner: sees its numbers, and those of all below.",
)
describe(
    OverseenOrder,
    "What groups below an organisation are ordered by.",
    name="OverseenGroupOrderField",
    NAME="The name, by its characters.",
    COLOUR="The severity of the colour, green first.",
    TURNED_AT="When the colour changed last, the longest ago first.",
)


@strawberry.type(description="Who owns an organisation.")
class OrganisationOwner:  # R44
    name: str = strawberry.field(description="The owner's name.")


@strawberry.type(description="Someone who oversees an organisation, or is asked to.")
class Overseer(Node):  # R44
    name: str | None = strawberry.field(description="Their name; null until they accept.")
    phone: str | None = strawberry.field(
        description="Of who is only asked: the phone, its middle hidden."
    )
    asked_until: datetime | None = strawberry.field(
        description="Until when they can accept; null once they did."
    )
    appointed_at: datetime = strawberry.field(
        description="When they accepted, or were asked if they didn't yet."
    )


@strawberry.type(description="An organisation is offered to an overseer, who may accept it.")
class OrganisationOffer:  # R44
    overseer_id: strawberry.ID = strawberry.field(description="The overseer it is offered to.")
    until: datetime = strawberry.field(description="Until when it can be accepted.")


@strawberry.type(description="An organisation asks the viewer, by their phone, to oversee it.")
class OversightOffer:  # R44
    organisation_id: strawberry.ID = strawberry.field(description="Which one: acceptOversight.")
    organisation_name: str = strawberry.field(description="Its name.")
    until: datetime = strawberry.field(description="Until when it can be accepted.")


@strawberry.type(description="How many groups below an organisation are of one colour.")
class OrganisationColourReason:  # R46, R48
    colour: GroupColour = strawberry.field(description="Red or yellow.")
    group_count: int = strawberry.field(
        description="How many groups are; `groups` by this colour lists which."
    )


@strawberry.input(description="The order of groups below an organisation.")
class OverseenGroupOrder:
    field: OverseenOrder = strawberry.field(description="What they are ordered by.")
    direction: Direction | None = strawberry.field(
        default=None, description="ASC unless told; DESC turns it round."
    )


@strawberry.input(description="Which groups below an organisation: all that is given must hold.")
class OverseenGroupFilter:
    colours: list[GroupColour] | None = strawberry.field(
        default=None, description="One of these colours."
    )
    activity: ActivityState | None = strawberry.field(
        default=None, description="Whether managers look after it."
    )
    attached: bool | None = strawberry.field(
        default=None, description="Whether to the organisation itself, not to one below it."
    )

    def read(self) -> Chosen:
        """Return the filter as it is read by."""
        active = None if self.activity is None else self.activity is ActivityState.ACTIVE
        return Chosen(_each(self.colours), active, attached=self.attached)


def _each(colours: Iterable[GroupColour] | None) -> tuple[GroupColour, ...] | None:
    return None if colours is None else tuple(dict.fromkeys(colours))


Where = Annotated[OverseenGroupFilter | None, strawberry.argument(description="Only these groups.")]


async def _groups(
    root: OrganisationRow,
    info: Info,
    page: Page,
    order_by: Annotated[
        OverseenGroupOrder | None, strawberry.argument(description="By the name unless told.")
    ] = None,
    where: Where = None,
) -> ConnectionRow[OverseenGroupRow]:
    chosen = where.read() if where else resolve_groups.ALL_GROUPS
    order = order_by.field if order_by else OverseenOrder.NAME
    descending = order_by is not None and order_by.direction is Direction.DESC
    return await resolve_groups.groups_below(root, info, chosen, order, page, descending=descending)


async def _group_count(root: OrganisationRow, info: Info, where: Where = None) -> int:
    chosen = where.read() if where else resolve_groups.ALL_GROUPS
    return await resolve_groups.group_count(root, info, chosen)


@strawberry.type(
    description="A group as it is seen from the organisations above it: never a person."
)
class OverseenGroup(GroupNumbers, Node):  # R46
    name: str = strawberry.field(description="The group's name.")
    type: GroupType = strawberry.field(description="The kind of organisation.")
    colour: GroupColour = strawberry.field(description="The colour that the group carries now.")
    turned_at: datetime | None = strawberry.field(
        description="When its colour changed last; null while it never did."
    )
    activity: ActivityState = computed(
        resolve_groups.activity, "Whether its managers look after it."
    )
    organisation: "Organisation | None" = computed(
        resolve.attached_to, "What the group is attached to.", weight=STATEMENT
    )


@strawberry.type(
    description="Stands above groups and other organisations, in a tree, and sees their numbers."
)
class Organisation(OrganisationNumbers, Node):  # R44-R48
    name: str = strawberry.field(description="The organisation's name.")
    version: int = strawberry.field(
        description="Moves whenever its name, its people or what is attached at or below it "
        "changes; not with colours and counts."
    )
    viewer_role: OrganisationRole | None = strawberry.field(
        description="What the viewer is in it; null for who sees it from one above."
    )
    owner: OrganisationOwner | None = computed(
        resolve_overseers.owner,
        "Who owns it. Owner and overseers of it itself.",
        SeesOverseers,
        weight=STATEMENT,
    )
    overseers: list[Overseer] | None = computed(
        resolve_overseers.overseers,
        f"Who oversees it, {OVERSEERS} at most, with those who are asked. Owner and overseers of "
        "it itself.",
        SeesOverseers,
        weight=STATEMENT,
        size=5,
    )
    offer: OrganisationOffer | None = computed(
        resolve_overseers.offer,
        "The offer of it to an overseer, while it may be accepted. Owner and overseers of it "
        "itself.",
        SeesOverseers,
    )
    parent: "Organisation | None" = computed(
        resolve.parent,
        "What it is attached to; null at the top, and where that isn't the viewer's to see.",
        weight=STATEMENT,
    )
    above: list[OrganisationAbove] = computed(
        resolve.above, "The names of those above it, the nearest first.", weight=STATEMENT, size=4
    )
    children: Connection["Organisation"] | None = listed(
        resolve.children, "The organisations attached to it, in the order of being created."
    )
    groups: Connection[OverseenGroup] | None = listed(
        _groups, "The groups below it, at whatever depth: filtered, ordered."
    )
    group_count: int = computed(
        _group_count, "How many groups `groups` would list.", weight=STATEMENT
    )
    colour: GroupColour = computed(
        resolve.colour,
        "Red if a group below it is red, else yellow if one is yellow, else green.",
        weight=STATEMENT,
    )
    colour_reasons: list[OrganisationColourReason] = computed(
        resolve.colour_reasons,
        "How many groups below it aren't green, by colour.",
        weight=STATEMENT,
        size=2,
    )
