"""Every subscription with the right it needs; the right is checked again at each event."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from app.resolvers import events as resolve_events
from app.resolvers import subscriptions as resolve
from app.resolvers.context import Info
from app.schema.events import LoggedEvent
from app.schema.groups import Group
from app.schema.permissions import ViewsPage, WatchesGroup
from app.schema.refresh import RefreshRun

GroupId = Annotated[strawberry.ID, strawberry.argument(description="Which group.")]


@strawberry.type(description="Live views.")
class Subscription:
    """The subscriptions."""

    @strawberry.subscription(
        permission_classes=[ViewsPage],
        description=(
            "The group now, and whenever its colour or, for managers, the reasons' counts change."
        ),
    )
    async def group_status_changed(
        self, info: Info, group_id: GroupId
    ) -> AsyncGenerator[Group | None, None]:
        """The group's status (R21)."""
        async for row in resolve.group_status_changed(info, group_id):
            yield row  # type: ignore[misc]

    @strawberry.subscription(
        permission_classes=[WatchesGroup],
        description=(
            "Every event of the group's log above a number: replayed, then live. Managers."
        ),
    )
    async def group_events(
        self,
        info: Info,
        group_id: GroupId,
        after: Annotated[
            int | None,
            strawberry.argument(description="The last number seen; left out, from now on."),
        ] = None,
    ) -> AsyncGenerator[LoggedEvent | None, None]:
        """The event log."""
        async for row in resolve_events.group_events(info, group_id, after):
            yield row  # type: ignore[misc]

    @strawberry.subscription(
        permission_classes=[WatchesGroup],
        description="The standing refresh run, and each step of it and of later ones. Managers.",
    )
    async def refresh_progressed(
        self, info: Info, group_id: GroupId
    ) -> AsyncGenerator[RefreshRun | None, None]:
        """The progress of refreshes (R26)."""
        async for row in resolve.refresh_progressed(info, group_id):
            yield row  # type: ignore[misc]
