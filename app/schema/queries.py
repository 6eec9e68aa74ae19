"""Every query with the right it needs."""

from datetime import datetime
from typing import Annotated

import strawberry

from app.domain.costs import STATEMENT
from app.domain.refusals import BadInput, NotFound
from app.domain.sharing import SharedData
from app.resolvers import groups as resolve_groups
from app.resolvers import invitations as resolve_invitations
from app.resolvers import me as resolve_me
from app.resolvers import nodes as resolve_nodes
from app.resolvers import organisations as resolve_organisations
from app.resolvers.context import Info
from app.resolvers.group_row import GroupRow
from app.resolvers.invitations import InvitationPreviewRow
from app.resolvers.organisation_row import OrganisationAboveRow, OrganisationRow
from app.resolvers.paging import DEFAULT_PAGE
from app.resolvers.rows import NodeRow
from app.schema.fields import computed
from app.schema.groups import Group
from app.schema.invitations import InvitationPreview
from app.schema.me import Me
from app.schema.nodes import Node
from app.schema.organisations import Organisation
from app.schema.organisations_above import OrganisationAbove
from app.schema.permissions import FindsViewer, Public, SignedIn
from app.schema.terms import Terms

GlobalId = Annotated[strawberry.ID, strawberry.argument(description="A global id.")]


async def _group(info: Info, id: GlobalId) -> GroupRow:
    return await resolve_groups.group(info, id)


async def _invitation(
    info: Info,
    token: Annotated[str, strawberry.argument(description="The invitation's token.")],
) -> InvitationPreviewRow:
    return await resolve_invitations.invitation_preview(info, token)


async def _organisation(info: Info, id: GlobalId) -> OrganisationRow:
    return await resolve_organisations.organisation(info, id)


async def _organisations_of_code(
    info: Info,
    token: Annotated[str, strawberry.argument(description="A code of an organisation.")],
) -> list[OrganisationAboveRow]:
    return await resolve_organisations.organisations_of_code(info, token)


async def _node(info: Info, id: GlobalId) -> NodeRow:
    return await resolve_nodes.node(info, id)


async def _nodes(
    info: Info,
    ids: Annotated[
        list[strawberry.ID], strawberry.argument(description="Global ids, 500 at most.")
    ],
) -> list[NodeRow | BadInput | NotFound]:
    return await resolve_nodes.nodes(info, [str(id) for id in ids])


def _now(info: Info) -> datetime:
    return info.context.env.clock.now()


@strawberry.type(description="Everything that can be read.")
class Query:
    now: datetime | None = computed(
        _now,
        "The server's clock, by which all its times count: countdowns go by it, not by the"
        " device's own clock. A development server's can be moved forward.",
        Public,
    )
    me: Me | None = computed(
        resolve_me.me, "Whoever is signed in; null when nobody is.", FindsViewer, weight=STATEMENT
    )
    group: Group | None = computed(
        _group,
        "A group that the viewer is in; to others it isn't there.",
        FindsViewer,
        weight=STATEMENT,
    )
    organisation: Organisation | None = computed(
        _organisation,
        "An organisation that the viewer owns or oversees, or one below such; to others it isn't "
        "there.",
        SignedIn,
        weight=STATEMENT,
    )
    organisations_of_code: list[OrganisationAbove] | None = computed(
        _organisations_of_code,
        "To what a code attaches, and what stands above that, the nearest first. One that is made "
        "up or expired is NOT_FOUND.",
        SignedIn,
        weight=STATEMENT,
        size=5,
    )
    invitation: InvitationPreview | None = computed(
        _invitation,
        "What an invitation leads to. A made-up token is NOT_FOUND.",
        SignedIn,
        weight=STATEMENT,
    )
    terms: Terms | None = computed(
        resolve_invitations.current_terms, "What who joins or creates a group agrees to.", Public
    )
    shared_data: list[SharedData] | None = computed(
        resolve_invitations.shared_data,
        "All that creator and admins of a group see of its members.",
        Public,
        size=20,
    )
    node: Node | None = computed(
        _node, "Anything that the viewer may see, by its global id.", SignedIn, weight=STATEMENT
    )
    nodes: list[Node | None] | None = computed(
        _nodes,
        "Several at once, 500 at most; in the place of each that can't be answered null, and an "
        "error of its own at its path.",
        SignedIn,
        weight=STATEMENT,
        size=DEFAULT_PAGE,
        by="ids",
    )
