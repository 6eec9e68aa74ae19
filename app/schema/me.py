"""The viewer."""

from typing import Annotated, Any

import strawberry

from app.resolvers import groups as resolve_groups
from app.resolvers.context import Info
from app.resolvers.paging import Page
from app.schema.enums import Role
from app.schema.groups import Group
from app.schema.nodes import After, Before, Connection, First, Last, Node, computed


async def _groups(
    root: strawberry.Parent[Any],
    info: Info,
    roles: Annotated[
        list[Role] | None, strawberry.argument(description="Only those with one of these roles.")
    ] = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Any:
    page = Page(first, after, last, before)
    return await resolve_groups.groups_of_viewer(info, roles, page)


@strawberry.type(description="Whoever is signed in.")
class Me(Node):
    """The viewer's own page."""

    phone: str = strawberry.field(description="The phone of this account, E.164.")
    name: str | None = strawberry.field(
        description="The real name; null until an identity verification was passed."
    )
    real_named: bool = strawberry.field(
        description="Whether an identity verification was passed, which creating a group needs."
    )

    groups: Connection[Group] | None = computed(
        _groups, "The groups the viewer is in, in the order of joining."
    )
