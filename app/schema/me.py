"""The viewer."""

from typing import Annotated, Any

import strawberry

from app.resolvers import accesses as resolve_accesses
from app.resolvers import families as resolve_families
from app.resolvers import groups as resolve_groups
from app.resolvers.context import Info
from app.resolvers.paging import Page
from app.schema.accesses import AccessRecord
from app.schema.enums import Role
from app.schema.families import Relative
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


async def _relatives(info: Info) -> Any:
    return await resolve_families.relatives(info)


async def _accesses(
    info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
) -> Any:
    return await resolve_accesses.accesses(info, Page(first, after, last, before))


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

    relatives: list[Relative] = computed(_relatives, "The viewer's family list.")
    accesses: Connection[AccessRecord] | None = computed(
        _accesses, "Who looked at the viewer's or their wards' details, newest first; 30 days."
    )
    groups: Connection[Group] | None = computed(
        _groups, "The groups the viewer is in, in the order of joining."
    )
