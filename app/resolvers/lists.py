"""The list of members: filtered, searched, ordered, paged (R15)."""

from asyncio import gather
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from uuid import UUID

from strawberry.dataloader import DataLoader
from tortoise.queryset import QuerySet

from app.domain.limits import SEARCH_LENGTH
from app.domain.ordering import MemberOrderField
from app.domain.refusals import BadInput
from app.models.members import Membership
from app.resolvers.accesses import note
from app.resolvers.charges import narrowed
from app.resolvers.context import Info
from app.resolvers.counts import Conditions, count_members
from app.resolvers.filters import EVERYONE, MemberFilter
from app.resolvers.group_row import GroupRow
from app.resolvers.member_columns import MemberColumns
from app.resolvers.member_row import MemberRow
from app.resolvers.member_selection import (
    member_columns_of_nodes,
)
from app.resolvers.ordered_members import Asked, MemberQuery, number_of, page_of
from app.resolvers.paging import ConnectionRow, Page, connection_of, opening_of


async def members(
    root: GroupRow, info: Info, query: MemberQuery, page: Page
) -> ConnectionRow[MemberRow]:
    """Resolve ``group.members``: one statement, two where names or remarks decide."""
    columns = member_columns_of_nodes(info)
    query = _narrowed(root, query)
    asked = _asked(root, info, query)
    await note(info, root.id, root.version)
    if query.field is MemberOrderField.JOINED_AT and not query.search:
        how = "joined_at", columns, MemberColumns
        if query.where == EVERYONE and page.is_opening:
            return await opening_of(_of_group, root.id, page, *how, newest=query.descending)
        return await connection_of(asked.filtered(), page, *how, newest=query.descending)
    return await page_of(asked, info.context.env, page, columns)


async def members_count(root: GroupRow, info: Info, query: MemberQuery) -> int:
    """Resolve ``group.membersCount``: as many as ``members`` would list."""
    query = _narrowed(root, query)
    if query.search:
        await note(info, root.id, root.version)  # counted by name, it tells of a person (R17)
        return await number_of(_asked(root, info, query))
    if query.where == EVERYONE:
        return root.member_count
    now = info.context.env.clock.now()
    counter: DataLoader[MemberFilter, int] = info.context.scope.loader(
        ("members_count", root.id), partial(count_members, root.id, now)
    )
    return await counter.load(query.where)


def members_counts(
    queries: Sequence[MemberQuery],
) -> Callable[[GroupRow, Info], Awaitable[list[int]]]:
    """Return what resolves all ``membersCount`` of one group that are selected together."""
    if all(not query.search and query.where != EVERYONE for query in queries):
        conditions = Conditions([query.where for query in queries])
    else:
        conditions = None

    async def count(root: GroupRow, info: Info) -> list[int]:
        if conditions is not None and root.rights.charge is None:
            return await conditions.count(root.id, info.context.env.clock.now())
        return await gather(*(members_count(root, info, query) for query in queries))

    return count


def _narrowed(root: GroupRow, query: MemberQuery) -> MemberQuery:
    return replace(query, where=narrowed(query.where, root))


def _asked(root: GroupRow, info: Info, query: MemberQuery) -> Asked:
    if len(query.search) > SEARCH_LENGTH:
        raise BadInput("SEARCH_TOO_LONG", longest=SEARCH_LENGTH)
    now = info.context.env.clock.now()
    return Asked(root.id, query, now)


def _of_group(group_id: UUID) -> QuerySet[Membership]:
    return Membership.filter(group_id=group_id)
