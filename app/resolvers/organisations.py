"""Organisations: one, the viewer's own, those below and above one (R44-R46, R48)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from tortoise.expressions import Q

from app.domain.groups import GroupColour
from app.domain.organisations import OrganisationStanding, colour_over
from app.domain.refusals import BadInput, NotFound, Refusal
from app.models.organisations import Organisation, Overseer, names_above
from app.models.overseen import NOTHING_BELOW, ColoursBelow, count_colours
from app.models.oversight import seen_by
from app.resolvers.context import Info
from app.resolvers.group_row import GroupRow
from app.resolvers.ids import decode_id
from app.resolvers.organisation_row import (
    OrganisationAboveRow,
    OrganisationRow,
    OverseenGroupRow,
)
from app.resolvers.paging import ConnectionRow, Page, connection
from app.services.groups.attaching import organisation_of_code


@dataclass(frozen=True, slots=True)
class OrganisationColourReasonRow:
    """How many groups below an organisation are of one colour that isn't green (R48)."""

    colour: GroupColour
    group_count: int


async def organisation(info: Info, id: str) -> OrganisationRow:
    """Resolve ``organisation``: to outsiders it isn't there."""
    await info.context.viewer()
    return await get_organisation(info, decode_id(id, "Organisation"))


async def get_organisation(info: Info, organisation_id: UUID) -> OrganisationRow:
    """Read an organisation. Raise ``NotFound`` when it isn't the viewer's to see."""
    found = (await load_organisations(info, [organisation_id])).get(organisation_id)
    if found is None:
        raise NotFound
    return found


async def standing_to(info: Info, organisation_id: UUID) -> OrganisationStanding:
    """Return how the viewer stands to an organisation; an outsider to one that isn't there."""
    found = (await load_organisations(info, [organisation_id])).get(organisation_id)
    return found.standing if found else OrganisationStanding.OUTSIDER


async def load_organisations(info: Info, ids: Sequence[UUID]) -> dict[UUID, OrganisationRow]:
    """Read those of some organisations that the viewer sees, be it from above: one statement."""
    viewer = await info.context.viewer()
    found = await seen_by(viewer.person_id, ids)
    return {key: OrganisationRow.of(seen) for key, seen in found.items()}


async def seen_organisation(info: Info, organisation_id: UUID) -> OrganisationRow | None:
    """Read an organisation, along with others that are asked for at the same time."""

    async def load(keys: list[UUID]) -> list[OrganisationRow | None]:
        found = await load_organisations(info, keys)
        return [found.get(key) for key in keys]

    return await info.context.scope.loader("organisations", load).load(organisation_id)


async def organisations_of_viewer(info: Info, page: Page) -> ConnectionRow[OrganisationRow]:
    """Resolve ``me.organisations``: those that the viewer owns or oversees, the oldest first."""
    person_id = (await info.context.viewer()).person_id
    if person_id is None:
        return await _page(info, Q(id__in=[]), page)
    # Read ahead: a condition with a statement within would have all organisations looked at.
    overseen = await Overseer.filter(person_id=person_id).values_list("organisation_id", flat=True)
    return await _page(info, Q(owner_id=person_id) | Q(id__in=list(overseen)), page)


async def children(root: OrganisationRow, info: Info, page: Page) -> ConnectionRow[OrganisationRow]:
    """Resolve ``organisation.children``: those attached to it, the oldest first."""
    return await _page(info, Q(parent_id=root.id), page)


async def _page(info: Info, which: Q, page: Page) -> ConnectionRow[OrganisationRow]:
    """Read a page of organisations that the viewer sees, and how they stand to each."""
    keys = await connection(
        Organisation.filter(which), page, "created_at", {"id": "id"}, lambda values: values["id"]
    )
    rows = await load_organisations(info, keys.nodes)
    at = [place for place, key in zip(keys.at, keys.nodes, strict=True) if key in rows]
    nodes = [rows[key] for key in keys.nodes if key in rows]
    return ConnectionRow(keys.page, keys.more, keys.places, keys.cursor, nodes, at)


async def parent(root: OrganisationRow, info: Info) -> OrganisationRow | None:
    """Resolve ``organisation.parent``: None where it isn't the viewer's to see."""
    return await seen_organisation(info, root.parent_id) if root.parent_id else None


async def above(root: OrganisationRow, info: Info) -> list[OrganisationAboveRow]:
    """Resolve ``organisation.above``: the names of those above it, the nearest first."""
    return (await _above(info, root.id))[1:]


async def attached_to(root: OverseenGroupRow, info: Info) -> OrganisationRow | None:
    """Resolve ``overseenGroup.organisation``: what the group is attached to."""
    return await seen_organisation(info, root.organisation_id)


async def _above(info: Info, organisation_id: UUID) -> list[OrganisationAboveRow]:
    async def load(keys: list[UUID]) -> list[list[OrganisationAboveRow]]:
        names = await names_above(keys)
        return [[OrganisationAboveRow(name) for name in names[key]] for key in keys]

    return await info.context.scope.loader("names above", load).load(organisation_id)


async def organisations_of_group(root: GroupRow, info: Info) -> list[OrganisationAboveRow]:
    """Resolve ``group.organisations``: those above it, the nearest first (R45)."""
    return await organisations_above(info, root.organisation_id)


async def organisation_of_group(root: GroupRow, info: Info) -> OrganisationAboveRow | None:
    """Resolve ``group.organisation``: what it is attached to (R45)."""
    return next(iter(await organisations_above(info, root.organisation_id)), None)


async def organisations_above(
    info: Info, organisation_id: UUID | None
) -> list[OrganisationAboveRow]:
    """Return an organisation and those above it, by their names, the nearest first."""
    return [] if organisation_id is None else await _above(info, organisation_id)


async def organisations_of_code(info: Info, token: str) -> list[OrganisationAboveRow]:
    """Resolve ``organisationsOfCode``: above which one would stand by attaching (R45).

    Raise ``NotFound`` for a code that doesn't work.
    """
    try:
        upper = await organisation_of_code(info.context.env, token)
    except Refusal:
        raise NotFound from None
    return await organisations_above(info, upper.id)


async def colours_below(info: Info, organisation_id: UUID) -> ColoursBelow:
    """Count the groups below an organisation by colour, along with others asked for at once."""

    async def load(keys: list[UUID]) -> list[ColoursBelow]:
        found = await count_colours(keys)
        return [found.get(key, NOTHING_BELOW) for key in keys]

    return await info.context.scope.loader("colours below", load).load(organisation_id)


async def colour(root: OrganisationRow, info: Info) -> GroupColour:
    """Resolve ``organisation.colour`` (R48)."""
    below = await colours_below(info, root.id)
    return colour_over(below.reds, below.yellows)


async def colour_reasons(root: OrganisationRow, info: Info) -> list[OrganisationColourReasonRow]:
    """Resolve ``organisation.colourReasons``: how many groups aren't green (R46, R48)."""
    below = await colours_below(info, root.id)
    counts = ((GroupColour.RED, below.reds), (GroupColour.YELLOW, below.yellows))
    return [OrganisationColourReasonRow(colour, count) for colour, count in counts if count]


def decode_group_to_detach(global_id: str) -> tuple[UUID, bool]:
    """Read which group is detached, and whether it is named as it is seen from above.

    Raise ``BadInput`` for an id of anything else.
    """
    try:
        return decode_id(global_id, "OverseenGroup"), True
    except BadInput:
        return decode_id(global_id, "Group"), False
