"""Members in an order or by a search that the database can't know: names are encrypted (R15).

One statement reads what decides of a whole group, 500 people at most, and mostly what is shown as
well: so each name is decrypted once, and of who isn't shown nothing that isn't needed to know it.
"""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final
from uuid import UUID

from tortoise.queryset import QuerySet

from app.domain.health import HealthCode
from app.domain.ordering import Key, MemberOrderField, ValueKey, key_of
from app.domain.refusals import BadInput
from app.models.columns import Column
from app.models.members import Membership
from app.models.reading import Statement, Table, read_table
from app.resolvers.filters import EVERYONE, MemberFilter, members_where
from app.resolvers.member_columns import MemberColumns
from app.resolvers.member_row import MemberRow
from app.resolvers.paging import ConnectionRow, Page
from app.resolvers.pinyin import name_key, remark_key
from app.resolvers.search import Keyword
from app.services.kernel.env import Env


@dataclass(frozen=True, slots=True)
class MemberQuery:
    """Which members, in which order."""

    search: str = ""
    exact: bool = False
    field: MemberOrderField = MemberOrderField.JOINED_AT
    descending: bool = False
    where: MemberFilter = EVERYONE


@dataclass(frozen=True, slots=True)
class Asked:
    """A query of one group, and the moment at which the ages of tests end."""

    group_id: UUID
    query: MemberQuery
    now: datetime

    def filtered(self) -> QuerySet[Membership]:
        """Return the members among whom it finds."""
        return Membership.filter(members_where(self.query.where, self.now), group_id=self.group_id)


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
# A page with fewer columns, or of more members, is read along with what decides.
_FEW_COLUMNS: Final = 9
_MANY_MEMBERS: Final = 100


@dataclass(frozen=True, slots=True)
class _Found:
    """Who was found: each with the value that decides, as text, and its key; by number in order."""

    table: Table
    ids: Column
    values: Sequence[str]
    keys: Sequence[tuple[Key, UUID]]
    order: Sequence[int]


async def number_of(asked: Asked) -> int:
    """Return how many members a query finds."""
    return len((await _find(asked, {})).order)


async def page_of(
    asked: Asked, env: Env, page: Page, columns: Mapping[str, str]
) -> ConnectionRow[MemberRow]:
    """Return one page of what a query finds, with these columns."""
    query, size = asked.query, page.size
    along = len(columns) <= _FEW_COLUMNS or size >= _MANY_MEMBERS
    found = await _find(asked, columns if along else {})
    chosen = _between(found, env, page, query)
    more = len(chosen) > size
    chosen = chosen[max(0, len(chosen) - size) :] if page.backwards else chosen[:size]
    table = found.table.chosen(chosen)
    at: Sequence[int] = range(len(chosen))
    if chosen and not along:
        member_ids = [found.ids[place] for place in chosen]
        # Some may have left between the two statements.
        table, at = (await _THESE.read_table(columns, *member_ids)).in_order("id", member_ids)

    @cache  # a place's cursor is the same wherever it is shown, though each encryption differs
    def cursor(place: int) -> str:
        number = chosen[place]
        return _cursor(env, query, found.values[number], found.ids[number])

    nodes: Sequence[MemberRow] = MemberColumns(table) if chosen else []
    return ConnectionRow(page, more, len(chosen), cursor, nodes, at)


_ALL: Final = Statement(lambda group_id: Membership.filter(group_id=group_id))
_THESE: Final = Statement(lambda *ids: Membership.filter(id__in=list(ids)))


async def _find(asked: Asked, columns: Mapping[str, str]) -> _Found:
    query = asked.query
    wanted = {**columns, "found_id": "id", "decisive": _ORDER_COLUMNS[query.field]}
    wanted["not_shown"] = "withheld_at"
    if query.search:
        wanted |= {"found_name": "person__name", "found_remark": "remark"}
    # That of everyone, which is asked for mostly, is made once.
    of_all = query.where == EVERYONE
    table = await (
        _ALL.read_table(wanted, asked.group_id) if of_all else read_table(asked.filtered(), wanted)
    )
    if query.search:
        table = _searched(table, Keyword(query.search, exact=query.exact))
    ids, values = table.converted("found_id"), _decisive(table, query.field)
    made = map(key_of(query.field, _text_key(query.field)), values)
    keys = list(zip(made, ids, strict=True))
    return _Found(table, ids, values, keys, sorted(range(len(keys)), key=keys.__getitem__))


def _searched(table: Table, keyword: Keyword) -> Table:
    both = zip(table.column("found_name"), table.column("found_remark"), strict=True)
    finds = keyword.finds
    return table.chosen(
        [n for n, (name, remark) in enumerate(both) if finds(name) or finds(remark)]
    )


def _decisive(table: Table, field: MemberOrderField) -> Sequence[str]:
    """Return what decides each one's position; who withdrew consent has no health to go by."""
    values = table.converted("decisive")
    if field in (MemberOrderField.NAME, MemberOrderField.REMARK):
        return values
    withheld = table.column("not_shown")
    return [
        _BY_WITHHELD[field] if at is not None and field in _BY_WITHHELD else _as_text(value)
        for value, at in zip(values, withheld, strict=True)
    ]


def _text_key(field: MemberOrderField) -> ValueKey:
    return name_key if field is MemberOrderField.NAME else remark_key


def _as_text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return "" if value is None else str(value)


def _between(found: _Found, env: Env, page: Page, query: MemberQuery) -> Sequence[int]:
    """Return the numbers of who is between a page's cursors, in the order of the page."""
    chosen = found.order
    if not page.is_opening:
        keys = [found.keys[number] for number in chosen]
        after, before = (page.before, page.after) if query.descending else (page.after, page.before)
        low = bisect_right(keys, _read_cursor(env, query, after)) if after is not None else 0
        high = len(keys)
        if before is not None:
            high = bisect_left(keys, _read_cursor(env, query, before))
        chosen = chosen[low : max(low, high)]
    return chosen[::-1] if query.descending else chosen


_CURSOR: Final = b"members.cursor"


def _cursor(env: Env, query: MemberQuery, value: str, member_id: UUID) -> str:
    """Return a cursor that serves after the member is gone; it is encrypted, as names are."""
    plain = json.dumps([query.field.value, value, member_id.hex]).encode()
    return env.cipher.encrypt(plain, _CURSOR).hex()


def _read_cursor(env: Env, query: MemberQuery, cursor: str) -> tuple[Key, UUID]:
    try:
        field, value, member_id = json.loads(env.cipher.decrypt(bytes.fromhex(cursor), _CURSOR))
        if field != query.field.value:
            raise ValueError(field)
        return key_of(query.field, _text_key(query.field))(value), UUID(hex=member_id)
    except ValueError:
        raise BadInput("CURSOR_MALFORMED") from None
