"""Paging through members in every order, while people come, go and are renamed (R15)."""

import contextlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import pytest

from app.domain.ordering import MemberOrderField
from tests.support.members import Profile, add_members, group_of
from tests.support.person import Person
from tests.support.world import World

PAGE = """query($id: ID!, $by: MemberOrder, $search: String, $first: Int, $after: String,
    $last: Int, $before: String) { group(id: $id) { members(orderBy: $by, search: $search,
        first: $first, after: $after, last: $last, before: $before) {
    edges { cursor node { id remark person { name } } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }"""
SIZE = 2
OUT_OF_TIME = ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2022-01-01T00:00:00"]
ORDERS = [
    {"field": field.value, "direction": direction}
    for field in MemberOrderField
    for direction in ("ASC", "DESC")
]
NEGATIVE: dict[str, Any] = {"tests": [{}]}
PARTS = (
    Profile("创建人"),
    Profile("张三", "1班", {"health_code": "YELLOW"}),
    Profile("李安", "10班", {"health_code": "RED"}),
    Profile("张三", "2班", NEGATIVE),  # alike in all but the remark
    Profile("吕布", "1班", {"health_code": "YELLOW", **NEGATIVE}),
    Profile("Annabella", "2班", None),
    Profile("曾国", "", NEGATIVE),
)


async def page(manager: Person, group_id: str, **arguments: Any) -> dict[str, Any]:
    data = await manager.ask(PAGE, id=group_id, **arguments)
    members: dict[str, Any] = data["group"]["members"]
    return members


def ids_of(seen: dict[str, Any]) -> list[str]:
    return [edge["node"]["id"] for edge in seen["edges"]]


async def walk(manager: Person, group_id: str, *, back: bool, **request: Any) -> list[str]:
    """Everyone, page by page from the start or from the end."""
    found: list[str] = []
    cursor: dict[str, Any] = {}
    while True:
        size = {"last": SIZE} if back else {"first": SIZE}
        seen = await page(manager, group_id, **request, **size, **cursor)
        info = seen["pageInfo"]
        assert len(seen["edges"]) <= SIZE
        found = ids_of(seen) + found if back else found + ids_of(seen)
        if back:
            assert info["hasNextPage"] == bool(cursor)
            cursor = {"before": info["startCursor"]}
        else:
            assert info["hasPreviousPage"] == bool(cursor)
            cursor = {"after": info["endCursor"]}
        if not info["hasPreviousPage" if back else "hasNextPage"]:
            return found


@pytest.fixture(scope="module")
async def group(world: World) -> tuple[Person, str]:
    group_id, people = await group_of(world, *PARTS)
    return people[0], group_id


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("search", ["", "an"])
async def test_pages_of_every_order_have_no_gap_and_no_overlap(  # R15
    group: tuple[Person, str], order: dict[str, str], search: str
) -> None:
    request: dict[str, Any] = {"by": order, "search": search}
    whole = ids_of(await page(*group, **request))
    assert len(set(whole)) == len(whole) == (6 if search else len(PARTS))
    assert await walk(*group, back=False, **request) == whole
    assert await walk(*group, back=True, **request) == whole


@pytest.mark.parametrize("order", ORDERS)
async def test_a_page_lies_between_two_cursors(  # R15
    group: tuple[Person, str], order: dict[str, str]
) -> None:
    edges = (await page(*group, by=order))["edges"]
    after, before = edges[1]["cursor"], edges[5]["cursor"]
    within = [edge["node"]["id"] for edge in edges[2:5]]
    assert ids_of(await page(*group, by=order, after=after, before=before)) == within
    first = await page(*group, by=order, after=after, before=before, first=2)
    assert ids_of(first) == within[:2] and first["pageInfo"]["hasNextPage"]
    last = await page(*group, by=order, after=after, before=before, last=2)
    assert ids_of(last) == within[1:] and last["pageInfo"]["hasPreviousPage"]
    assert ids_of(await page(*group, by=order, after=before, before=after)) == []
    empty = await page(*group, by=order, first=0)
    assert empty["edges"] == [] and empty["pageInfo"]["endCursor"] is None


@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize("field", list(MemberOrderField))
async def test_who_stays_is_seen_once_though_others_come_and_go(  # R15
    world: World, field: str, back: bool
) -> None:
    group_id, (creator, *_) = await group_of(world, *PARTS[:6])
    request: dict[str, Any] = {"by": {"field": field}}
    everyone = (await page(creator, group_id, **request))["edges"]
    at_cursor = everyone[-3]["node"] if back else everyone[2]["node"]
    # The creator stays whatever happens, and may be the one whose cursor it is.
    gone = at_cursor if at_cursor["person"]["name"] != "创建人" else None
    size: dict[str, Any] = {"last": 3} if back else {"first": 3}
    seen = await page(creator, group_id, **request, **size)
    near = ids_of(seen)
    far = everyone[0]["node"] if back else everyone[-1]["node"]
    if gone is not None:
        await creator.change("removeMember", "__typename", memberId=gone["id"])
    (late,) = await add_members(creator, group_id, Profile("大山", "1班", NEGATIVE))
    # Renamed to the far end, where the second page still finds them once.
    remark = "" if back else "终"
    await creator.change("updateMemberRemark", "member { id }", memberId=far["id"], remark=remark)
    turn = (
        {"before": seen["pageInfo"]["startCursor"]}
        if back
        else {"after": seen["pageInfo"]["endCursor"]}
    )
    rest = await page(creator, group_id, **request, **turn)
    both = near + ids_of(rest)
    assert len(set(both)) == len(both)
    stayed = {edge["node"]["id"] for edge in everyone} - ({gone["id"]} if gone else set())
    assert stayed <= set(both)
    names = [edge["node"]["person"]["name"] for edge in rest["edges"]]
    assert names.count(late.name) <= 1


@pytest.mark.parametrize("field", list(MemberOrderField))
async def test_a_cursor_stays_valid_when_nobody_is_left_behind_it(  # R15
    world: World, field: str
) -> None:
    group_id, (creator, *_) = await group_of(world, *PARTS[:3])
    request = {"by": {"field": field, "direction": "DESC"}}
    edges = (await page(creator, group_id, **request))["edges"]
    for edge in edges:
        if edge["node"]["person"]["name"] != "创建人":
            await creator.change("removeMember", "__typename", memberId=edge["node"]["id"])
    position = next(n for n, edge in enumerate(edges) if edge["node"]["person"]["name"] == "创建人")
    for n, edge in enumerate(edges):
        beyond = ids_of(await page(creator, group_id, **request, after=edge["cursor"]))
        assert len(beyond) == (1 if n < position else 0)
        ahead = ids_of(await page(creator, group_id, **request, before=edge["cursor"]))
        assert len(ahead) == (1 if n > position else 0)


@pytest.mark.parametrize("order", ORDERS[::2])
async def test_a_cursor_of_another_order_or_of_nobodys_is_bad_input(  # R15
    group: tuple[Person, str], order: dict[str, str]
) -> None:
    creator, group_id = group
    others = [other for other in ORDERS[::2] if other != order]
    pages = [await page(creator, group_id, by=other) for other in others]
    foreign = [seen["edges"][0]["cursor"] for seen in pages]
    own = (await page(creator, group_id, by=order))["edges"][0]["cursor"]
    assert await page(creator, group_id, by=order, after=own)
    middle = len(own) // 2
    tampered = own[:middle] + ("1" if own[middle] == "0" else "0") + own[middle + 1 :]
    made_up = ["", "x", "00", "测试", "W10=", "WyJ4IiwieSJd", own[:-8], "f" * 200]
    if order["field"] != "JOINED_AT":  # whose cursors are a time and an id in the clear
        made_up.append(tampered)
    plain = [f'["{at}","{"0" * 32}"]' for at in OUT_OF_TIME] + ["[" * 20_000]
    made_up += [urlsafe_b64encode(text.encode()).decode() for text in plain]
    for cursor in (*foreign, *made_up):
        for side in ("after", "before"):
            request = {"id": group_id, "by": order, side: cursor}
            assert await creator.error_code(PAGE, **request) == "BAD_USER_INPUT", (side, cursor)


@pytest.mark.parametrize("order", ORDERS)
async def test_a_cursor_shows_no_name_and_no_remark(  # R15
    group: tuple[Person, str], order: dict[str, str]
) -> None:
    for edge in (await page(*group, by=order))["edges"]:
        plain = read(edge["cursor"])
        # RED isn't looked for: chance writes three letters into some cursor now and then.
        for secret in (edge["node"]["person"]["name"], edge["node"]["remark"], "YELLOW"):
            for text in (secret, secret.encode("unicode_escape").decode()) if secret else ():
                assert text.encode() not in plain, plain


def read(cursor: str) -> bytes:
    """All that anyone can make of a cursor without a key."""
    found = cursor.encode()
    with contextlib.suppress(ValueError):
        found += b" " + bytes.fromhex(cursor)
    with contextlib.suppress(ValueError):
        found += b" " + urlsafe_b64decode(cursor)
    return found
