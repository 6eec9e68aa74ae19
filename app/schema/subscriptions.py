"""Every subscription with the right it needs; the right is checked again at each event."""

from collections.abc import AsyncGenerator, AsyncIterator
from datetime import datetime
from typing import Annotated

import strawberry

from app.domain.events import EventType
from app.resolvers import events as resolve_events
from app.resolvers import organisation_changes as resolve_organisations
from app.resolvers import subscriptions as resolve
from app.resolvers import viewer_groups as resolve_groups
from app.resolvers.context import Info
from app.resolvers.events import EventRow, LaggedRow
from app.resolvers.group_row import GroupRow
from app.resolvers.organisation_changes import OrganisationChangeRow
from app.resolvers.refresh import RunRow
from app.resolvers.viewer_groups import GroupChangeRow
from app.schema.events import LoggedEvent
from app.schema.fields import live
from app.schema.groups import Group
from app.schema.organisation_changes import OrganisationStatusChange
from app.schema.organisation_permissions import FollowsOrganisation
from app.schema.permissions import SignedIn, ViewsPage, WatchesGroup
from app.schema.refresh import RefreshRun
from app.schema.viewer_groups import ViewerGroupChange

GroupId = Annotated[strawberry.ID, strawberry.argument(description="Which group.")]


async def _group_status_changed(info: Info, group_id: GroupId) -> AsyncIterator[GroupRow]:
    async for row in resolve.group_status_changed(info, group_id):
        yield row


async def _group_events(
    info: Info,
    group_id: GroupId,
    after: Annotated[
        int | None,
        strawberry.argument(description="The last number seen; null or left out, from now on."),
    ] = None,
    types: Annotated[
        list[EventType] | None,
        strawberry.argument(description="Only events of these types; null or left out, all."),
    ] = None,
) -> AsyncIterator[EventRow | LaggedRow]:
    async for row in resolve_events.group_events(info, group_id, after, types):
        yield row


async def _organisation_status_changed(
    info: Info,
    organisation_id: Annotated[
        strawberry.ID, strawberry.argument(description="Which organisation.")
    ],
    since: Annotated[
        datetime | None,
        strawberry.argument(
            description="To resume: the first event tells who turned after this moment; null or "
            "left out, nobody."
        ),
    ] = None,
) -> AsyncIterator[OrganisationChangeRow]:
    async for row in resolve_organisations.organisation_status_changed(
        info, organisation_id, since
    ):
        yield row


async def _viewer_groups_changed(info: Info) -> AsyncIterator[GroupChangeRow]:
    async for row in resolve_groups.viewer_groups_changed(info):
        yield row


async def _refresh_progressed(info: Info, group_id: GroupId) -> AsyncIterator[RunRow]:
    async for row in resolve.refresh_progressed(info, group_id):
        yield row


@strawberry.type(description="Live views.")
class Subscription:
    group_status_changed: AsyncGenerator[Group | None, None] = live(  # R21
        _group_status_changed,
        ViewsPage,
        "The group now, and whenever its colour or, for managers, the reasons' counts change.",
    )
    organisation_status_changed: AsyncGenerator[OrganisationStatusChange | None, None] = live(
        _organisation_status_changed,  # R48
        FollowsOrganisation,
        "The organisation now, and whenever its colour changes, a group below it turns, the tree "
        "does, or those of its counts that are selected. Owner and overseers, also of those "
        "above.",
    )
    viewer_groups_changed: AsyncGenerator[ViewerGroupChange | None, None] = live(  # R21
        _viewer_groups_changed,
        SignedIn,
        "Every group of the viewer's now, and each that changes for them, that comes or goes.",
    )
    group_events: AsyncGenerator[LoggedEvent | None, None] = live(
        _group_events,
        WatchesGroup,
        "Every event of the group's log above a number: replayed, then live. Managers."
        " Subscribing again, give the number of the last one.",
    )
    refresh_progressed: AsyncGenerator[RefreshRun | None, None] = live(  # R26
        _refresh_progressed,
        WatchesGroup,
        "The current refresh run, and each step of it and of later ones. Managers.",
    )
