"""The list of members: filtered, searched, ordered, paged (R15)."""

import json
from asyncio import gather
from bisect import bisect_left, bisect_right
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, partial
from typing import Final
from uuid import UUID

from strawberry.dataloader import DataLoader
from tortoise.queryset import QuerySet

from app.domain.health import HealthCode
from app.domain.limits import SEARCH_LENGTH
from app.domain.ordering import MemberOrderField, Position, position_of
from app.domain.refusals import BadInput
from app.models.columns import Values
from app.models.members import Membership
from app.models.reading import Statement, read
from app.resolvers.accesses import note
from app.resolvers.charges import narrowed
from app.resolvers.context import Info
from app.resolvers.counts import Conditions, count_members
from app.resolvers.filters import EVERYONE, MemberFilter, members_where
from app.resolvers.group_row import GroupRow
from app.resolvers.member_columns import MemberColumns
from app.resolvers.member_row import MemberRow
from app.resolvers.member_selection import (
    member_columns_of_nodes,
)
from app.resolvers.paging import ConnectionRow, Page, connection_of, opening_of
from app.resolvers.pinyin import SortKey, name_key, remark_key
from app.resolvers.search import Keyword


@dataclass(frozen=True, slots=True)
class MemberQuery:
    """Which members, in which order."""

    search: str = ""
    exact: bool = False
    field: MemberOrderField = MemberOrderField.JOINED_AT
    descending: bool = False
    where: MemberFilter = EVERYONE


_ORDER_COLUMNS: Final = {
    MemberOrderField.JOINED_AT: "joined_at",
    MemberOrderField.NAME: "person__name",
    MemberOrderField.REMARK: "remark",
    MemberOrderField.HEALTH_CODE: "person__record__health_code",
    MemberOrderField.TEST_AGE: "person__record__newest_result_at",
}

# What of their health members are ordered by who withdrew consent (R42).
_BY_WITHHELD: Final = {
    MemberOrderField.HEALTH_CODE: HealthCode.WITHHELD.value,
    MemberOrderField.TEST_AGE: "",
}


async def members(
    root: GroupRow, info: Info, query: MemberQuery, page: Page
) -> ConnectionRow[MemberRow]:
    """Resolve ``group.members``: one statement, two where names or remarks decide."""
    columns = member_columns_of_nodes(info)
    query = _narrowed(root, query)
    filtered = _filtered(root, info, query)
    await note(info, root.id, root.version)
    if query.field is MemberOrderField.JOINED_AT and not query.search:
        how = "joined_at", columns, MemberColumns
        if query.where == EVERYONE and page.is_opening:
            return await opening_of(_of_group, root.id, page, *how, newest=query.descending)
        return await connection_of(filtered, page, *how, newest=query.descending)
    positions = await _positions(root, filtered, query)
    return await _page_of_positions(info, page, query, positions, columns)


async def members_count(root: GroupRow, info: Info, query: MemberQuery) -> int:
    """Resolve ``group.membersCount``: as many as ``members`` would list."""
    query = _narrowed(root, query)
    if query.search:
        await note(info, root.id, root.version)  # counted by name, it tells of a person (R17)
        return len(await _positions(root, _filtered(root, info, query), query))
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


def _filtered(root: GroupRow, info: Info, query: MemberQuery) -> QuerySet[Membership]:
    if len(query.search) > SEARCH_LENGTH:
        raise BadInput("SEARCH_TOO_LONG", longest=SEARCH_LENGTH)
    now = info.context.env.clock.now()
    return Membership.filter(members_where(query.where, now), group_id=root.id)


def _of_group(group_id: UUID) -> QuerySet[Membership]:
    return Membership.filter(group_id=group_id)


_ALL: Final = Statement(_of_group)


async def _positions(
    root: GroupRow, filtered: QuerySet[Membership], query: MemberQuery
) -> list[Position]:
    """Find the order in process, over 500 people at most: names are encrypted."""
    columns = {"id": "id", "value": _ORDER_COLUMNS[query.field], "withheld_at": "withheld_at"}
    if query.search:
        columns |= {"name": "person__name", "remark": "remark"}
    of_all = query.where == EVERYONE  # as mostly: for that the statement is made once
    rows = await (_ALL.read(columns, root.id) if of_all else read(filtered, columns))
    if query.search:
        keyword = Keyword(query.search, exact=query.exact)
        rows = [row for row in rows if keyword.finds(row["name"]) or keyword.finds(row["remark"])]
    text_key = _text_key(query.field)
    positions = [
        position_of(query.field, row["id"], _value_of(query.field, row), text_key) for row in rows
    ]
    return sorted(positions, key=lambda position: position.key)


def _text_key(field: MemberOrderField) -> Callable[[str], SortKey]:
    return name_key if field is MemberOrderField.NAME else remark_key


def _value_of(field: MemberOrderField, row: Values) -> str:
    """Return what decides a member's position; who withdrew consent has no health to go by."""
    if row["withheld_at"] is not None and field in _BY_WITHHELD:
        return _BY_WITHHELD[field]
    return _as_text(row["value"])


def _as_text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return "" if value is None else str(value)


_THESE: Final = Statement(lambda *ids: Membership.filter(id__in=list(ids)))


async def _page_of_positions(
    info: Info,
    page: Page,
    query: MemberQuery,
    positions: Sequence[Position],
    columns: dict[str, str],
) -> ConnectionRow[MemberRow]:
    """Cut a page out of the order and read just its members."""
    size = page.size
    keys = [position.key for position in positions]
    after, before = (page.before, page.after) if query.descending else (page.after, page.before)
    low = bisect_right(keys, _read_cursor(info, query, after).key) if after is not None else 0
    high = len(keys)
    if before is not None:
        high = bisect_left(keys, _read_cursor(info, query, before).key)
    chosen = list(positions[low : max(low, high)])
    if query.descending:
        chosen.reverse()
    more = len(chosen) > size
    chosen = chosen[max(0, len(chosen) - size) :] if page.backwards else chosen[:size]
    nodes: Sequence[MemberRow] = []
    at: Sequence[int] = []
    if chosen:
        member_ids = [one.member_id for one in chosen]
        # Some may have left between the two statements.
        table, at = (await _THESE.read_table(columns, *member_ids)).in_order("id", member_ids)
        nodes = MemberColumns(table)

    @cache  # a place's cursor is the same wherever it is shown, though each encryption differs
    def cursor(place: int) -> str:
        return _cursor(info, query, chosen[place])

    return ConnectionRow(page, more, len(chosen), cursor, nodes, at)


_CURSOR: Final = b"members.cursor"


def _cursor(info: Info, query: MemberQuery, position: Position) -> str:
    """Return a cursor that serves after the member is gone; it is encrypted, as names are."""
    plain = json.dumps([query.field.value, position.value, position.member_id.hex]).encode()
    return info.context.env.cipher.encrypt(plain, _CURSOR).hex()


def _read_cursor(info: Info, query: MemberQuery, cursor: str) -> Position:
    try:
        plain = info.context.env.cipher.decrypt(bytes.fromhex(cursor), _CURSOR)
        field, value, member_id = json.loads(plain)
        if field != query.field.value:
            raise ValueError(field)
        return position_of(query.field, UUID(hex=member_id), value, _text_key(query.field))
    except ValueError:
        raise BadInput("CURSOR_MALFORMED") from None
