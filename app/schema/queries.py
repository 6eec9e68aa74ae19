"""Every query with the right it needs."""

from typing import Annotated

import strawberry

from app.resolvers import groups, invitations, me, nodes
from app.resolvers.context import Info
from app.schema.groups import Group
from app.schema.invitations import InvitationPreview
from app.schema.me import Me
from app.schema.nodes import Node
from app.schema.permissions import SignedIn

GlobalId = Annotated[strawberry.ID, strawberry.argument(description="A global id.")]


@strawberry.type(description="Everything that can be read.")
class Query:
    """The queries."""

    @strawberry.field(
        permission_classes=[SignedIn], description="Whoever is signed in; null when nobody is."
    )
    async def me(self, info: Info) -> Me | None:
        """The viewer."""
        return await me.me(info)  # type: ignore[return-value]

    @strawberry.field(
        permission_classes=[SignedIn],
        description="A group that the viewer is in; to others it isn't there.",
    )
    async def group(self, info: Info, id: GlobalId) -> Group | None:
        """One group."""
        return await groups.group(info, id)  # type: ignore[return-value]

    @strawberry.field(
        permission_classes=[SignedIn],
        description="What an invitation leads to. A made-up token is NOT_FOUND.",
    )
    async def invitation(
        self,
        info: Info,
        token: Annotated[str, strawberry.argument(description="The invitation's token.")],
    ) -> InvitationPreview | None:
        """The preview of an invitation."""
        return await invitations.invitation_preview(info, token)  # type: ignore[return-value]

    @strawberry.field(
        permission_classes=[SignedIn],
        description="Anything that the viewer may see, by its global id.",
    )
    async def node(self, info: Info, id: GlobalId) -> Node | None:
        """One node."""
        return await nodes.node(info, id)  # type: ignore[return-value]

    @strawberry.field(
        permission_classes=[SignedIn],
        description="Several at once; null in the place of each that isn't the viewer's to see.",
    )
    async def nodes(
        self,
        info: Info,
        ids: Annotated[
            list[strawberry.ID], strawberry.argument(description="Global ids, 500 at most.")
        ],
    ) -> list[Node | None] | None:
        """Several nodes."""
        return await nodes.nodes(info, [str(id) for id in ids])  # type: ignore[return-value]
