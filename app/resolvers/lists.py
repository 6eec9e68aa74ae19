"""The lists of members and anomalies: filtered, searched, ordered, paged (R15)."""

import json
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from app.domain.health import HealthCode
from app.domain.limits import SEARCH_LENGTH
from app.domain.refusals import BadInput
from app.models.anomalies import Anomaly
from app.models.members import Membership
from app.resolvers.accesses import note
from app.resolvers.context import Info
from app.resolvers.filters import members_where
from app.resolvers.members import (
    MEMBER_COLUMNS,
    asked_of_members,
    member_columns,
    member_row,
    through,
)
from app.resolvers.paging import Page, connection, page_of
from app.resolvers.pinyin import matches, sort_key
from app.resolvers.rows import Row, asked_fields, columns_for


class MemberOrderField(StrEnum):
    """What members can be ordered by."""

    JOINED_AT = "JOINED_AT"
    NAME = "NAME"
    REMARK = "REMARK"
    HEALTH_CODE = "HEALTH_CODE"
    TEST_AGE = "TEST_AGE"


class Direction(StrEnum):
    """Which end comes first."""

    ASC = "ASC"
    DESC = "DESC"


@dataclass(frozen=True, slots=True)
class MemberQuery:
    """Which members, in which order."""

    search: str = ""
    exact: bool = False
    field: MemberOrderField = MemberOrderField.JOINED_AT
    descending: bool = False
    where: Any = None


_SEVERITY: Final = (HealthCode.GREEN, HealthCode.UNKNOWN, HealthCode.YELLOW, HealthCode.RED)
_NEVER: Final = datetime.min.replace(tzinfo=UTC)
_ORDER_COLUMNS: Final = {
    MemberOrderField.JOINED_AT: "joined_at",
    MemberOrderField.NAME: "person__name",
    MemberOrderField.REMARK: "remark",
    MemberOrderField.HEALTH_CODE: "person__record__health_code",
    MemberOrderField.TEST_AGE: "person__record__newest_result_at",
}


async def members(root: Any, info: Info, page: Page, wish: MemberQuery) -> Row:
    """Resolve ``group.members``: one statement, two where names or remarks decide."""
    columns = member_columns(info, "nodes") | member_columns(info, "edges", "node")
    query = _filtered(root, info, wish)
    await note(info, root.id, root.version)
    if wish.field is MemberOrderField.JOINED_AT and not wish.search:
        return await connection(
            query, page, "joined_at", columns, member_row, newest=wish.descending
        )
    places = await _places(query, wish)
    return await _page_of_places(info, page, wish, places, columns)


async def members_count(root: Any, info: Info, wish: MemberQuery) -> int:
    """Resolve ``group.membersCount``: as many as ``members`` would list."""
    if wish.search:
        await note(info, root.id, root.version)  # counted by name, it tells of a person (R17)
        return len(await _places(_filtered(root, info, wish), wish))
    if wish.where is None:
        return int(root.member_count)
    return await _filtered(root, info, wish).count()


def _filtered(root: Any, info: Info, wish: MemberQuery) -> QuerySet[Membership]:
    if len(wish.search) > SEARCH_LENGTH:
        raise BadInput("SEARCH_TOO_LONG", longest=SEARCH_LENGTH)
    now = info.context.env.clock.now()
    return Membership.filter(members_where(wish.where, now), group_id=root.id)


async def anomalies(root: Any, info: Info, page: Page, where: Any) -> Row:
    """Resolve ``group.anomalies``, in the order of opening: one statement."""
    asked = asked_of_members(info, "nodes", "member")
    asked |= asked_of_members(info, "edges", "node", "member")
    own = asked_fields(info, "nodes") | asked_fields(info, "edges", "node")
    asked |= {"anomaly"} | ({"evidence"} & own)
    columns = through("anomaly", columns_for(asked, MEMBER_COLUMNS, "id"))
    chosen = members_where(where, info.context.env.clock.now(), "member__")
    query = Anomaly.filter(chosen, Q(group_id=root.id))
    await note(info, root.id, root.version)
    return await connection(
        query, page, "opened_at", columns, lambda values: member_row(values).anomaly
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """A member's place in an order that is found in process: over 500 people at most."""

    id: UUID
    value: str  # what decides, as a cursor carries it
    key: tuple[Any, ...]


async def _places(query: QuerySet[Membership], wish: MemberQuery) -> list[_Place]:
    """Everyone who matches, in order."""
    columns = {"id": "id", "value": _ORDER_COLUMNS[wish.field]}
    if wish.search:
        columns |= {"name": "person__name", "remark": "remark"}
    rows = await query.values(**columns)
    if wish.search:
        rows = [
            row
            for row in rows
            if any(matches(wish.search, row[text], exact=wish.exact) for text in ("name", "remark"))
        ]
    places = [_place(wish.field, row["id"], _as_text(row["value"])) for row in rows]
    return sorted(places, key=lambda place: place.key)


def _as_text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return "" if value is None else str(value)


def _place(field: MemberOrderField, member_id: UUID, value: str) -> _Place:
    match field:
        case MemberOrderField.NAME | MemberOrderField.REMARK:
            key: Any = sort_key(value)
        case MemberOrderField.HEALTH_CODE:
            key = _SEVERITY.index(HealthCode(value or HealthCode.UNKNOWN))
        case MemberOrderField.TEST_AGE:  # the youngest first: the older, the larger
            key = -(datetime.fromisoformat(value) if value else _NEVER).timestamp()
        case MemberOrderField.JOINED_AT:
            key = datetime.fromisoformat(value)
    return _Place(member_id, value, (key, member_id))


async def _page_of_places(
    info: Info, page: Page, wish: MemberQuery, places: list[_Place], columns: dict[str, str]
) -> Row:
    """Cut a page out of the order and read just its members."""
    size = page.size
    keys = [place.key for place in places]
    after, before = (page.before, page.after) if wish.descending else (page.after, page.before)
    low = bisect_right(keys, _read_cursor(info, wish, after).key) if after is not None else 0
    high = len(keys)
    if before is not None:
        high = bisect_left(keys, _read_cursor(info, wish, before).key)
    chosen = places[low : max(low, high)]
    if wish.descending:
        chosen.reverse()
    more = len(chosen) > size
    chosen = chosen[max(0, len(chosen) - size) :] if page.backwards else chosen[:size]
    rows = await Membership.filter(id__in=[place.id for place in chosen]).values(**columns)
    read = {row["id"]: row for row in rows}
    cursors = [_cursor(info, wish, place) for place in chosen]
    edges = [
        Row("Edge", cursor=cursor, node=member_row(read[place.id]))
        for place, cursor in zip(chosen, cursors, strict=True)
        if place.id in read  # the others left between the two statements
    ]
    return page_of(page, edges, more, cursors)


_CURSOR: Final = b"members.cursor"


def _cursor(info: Info, wish: MemberQuery, place: _Place) -> str:
    """A cursor that keeps its place when the member is gone; names in it are encrypted."""
    plain = json.dumps([wish.field.value, place.value, place.id.hex]).encode()
    return info.context.env.cipher.encrypt(plain, _CURSOR).hex()


def _read_cursor(info: Info, wish: MemberQuery, cursor: str) -> _Place:
    try:
        plain = info.context.env.cipher.decrypt(bytes.fromhex(cursor), _CURSOR)
        field, value, member_id = json.loads(plain)
        if field != wish.field.value:
            raise ValueError(field)
        return _place(wish.field, UUID(hex=member_id), value)
    except ValueError:
        raise BadInput("CURSOR_MALFORMED") from None
