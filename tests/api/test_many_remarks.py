"""Remarks of many members by one request, a result for each row (R16)."""

from typing import Any

from tests.support.groups import a_group
from tests.support.members import member_id_of
from tests.support.person import Person
from tests.support.world import World

REMARKS = """query($id: ID!) { group(id: $id) { version members { nodes { id remark } } } }"""


async def edited(person: Person, group_id: str, *rows: tuple[str, str]) -> list[str]:
    given = [{"memberId": member, "remark": remark} for member, remark in rows]
    payload = await person.change(
        "updateMemberRemarks", "rows { row result }", groupId=group_id, rows=given
    )
    assert [row["row"] for row in payload["rows"]] == list(range(len(rows)))
    return [row["result"] for row in payload["rows"]]


async def seen(person: Person, group_id: str) -> tuple[dict[str, str], int]:
    group: dict[str, Any] = (await person.ask(REMARKS, id=group_id))["group"]
    return {node["id"]: node["remark"] for node in group["members"]["nodes"]}, group["version"]


async def test_each_row_is_answered_and_the_good_ones_are_taken(world: World) -> None:
    creator, group_id, people = await a_group(world, members=4)
    one, two, three, four = [await member_id_of(person, group_id) for person in people]
    other, other_group, (stranger,) = await a_group(world)
    outsider = await member_id_of(stranger, other_group)
    before = (await seen(creator, group_id))[1]
    results = await edited(
        creator,
        group_id,
        (one, " 三(2)班 "),
        (two, "长" * 61),
        (outsider, "四班"),
        (three, "a\u0007b"),
        (one, "别的"),
        (four, "四班"),
    )
    assert results == [
        "UPDATED",
        "REMARK_INVALID",
        "NOT_A_MEMBER",
        "REMARK_INVALID",
        "REPEATED",
        "UPDATED",
    ]
    remarks, version = await seen(creator, group_id)
    assert (remarks[one], remarks[four]) == ("三(2)班", "四班")
    assert version == before + 2  # an event for each who changed
    assert (await seen(other, other_group))[0][outsider] != "四班"
    assert await edited(creator, group_id, (one, "三(2)班")) == ["UNCHANGED"]
    assert (await seen(creator, group_id))[1] == version


async def test_too_many_rows_are_refused_and_so_is_none(world: World) -> None:
    creator, group_id, (member,) = await a_group(world)
    row = {"memberId": await member_id_of(member, group_id), "remark": "新"}
    for count, code in ((0, "NOTHING_TO_CHANGE"), (501, "TOO_MANY_ROWS")):
        refused = await creator.refused("updateMemberRemarks", groupId=group_id, rows=[row] * count)
        assert refused == code
