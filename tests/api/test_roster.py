"""The roster: who should be in a group and isn't, as people join, leave and are renamed (R15)."""

from typing import Any

from app.domain.limits import GROUP_PEOPLE
from app.models.rosters import RosterEntry
from app.models.statements import fetch
from app.resolvers.ids import decode_id
from tests.support.groups import a_group, dissolve
from tests.support.members import member_id_of
from tests.support.person import Person
from tests.support.reports import OWN_DATA, get
from tests.support.waiting import eventually
from tests.support.world import World

MISSING = """query($id: ID!) { group(id: $id) { version rosterCount notJoinedCount
    notJoined { nodes { id name remark section } } } }"""


async def imported(person: Person, group_id: str, *rows: dict[str, str]) -> list[str]:
    payload = await person.change(
        "importRoster", "rows { row result }", groupId=group_id, rows=list(rows)
    )
    return [row["result"] for row in payload["rows"]]


async def roster(person: Person, group_id: str) -> dict[str, Any]:
    group: dict[str, Any] = (await person.ask(MISSING, id=group_id))["group"]
    assert group["notJoinedCount"] == len(group["notJoined"]["nodes"])
    return group


async def missing(person: Person, group_id: str) -> list[str]:
    return [node["name"] for node in (await roster(person, group_id))["notJoined"]["nodes"]]


async def own_roster(world: World, person: Person) -> list[dict[str, Any]]:
    answer = await get(world, (await person.ask(OWN_DATA))["exportMyData"])
    entries: list[dict[str, Any]] = answer.json()["roster"]
    return entries


async def test_each_row_is_answered_and_who_is_in_is_known_at_once(world: World) -> None:
    creator, group_id, (member,) = await a_group(world)
    rows = [
        {"name": f" {member.name} ", "remark": "一班", "section": "三年级"},
        {"name": "未来", "remark": "二班"},
        {"name": "未 来", "remark": "二班 "},
        {"name": "·"},
        {"name": "长", "remark": "长" * 61},
        {"name": "长", "section": "长" * 31},
    ]
    results = await imported(creator, group_id, *rows)
    expected = ["ADDED", "ADDED", "REPEATED", "NAME_INVALID", "REMARK_INVALID", "SECTION_INVALID"]
    assert results == expected
    seen = await roster(creator, group_id)
    assert (seen["rosterCount"], seen["notJoinedCount"]) == (2, 1)
    assert seen["notJoined"]["nodes"][0]["remark"] == "二班"
    again = [rows[0], {**rows[1], "section": "四年级"}, {"name": "未来", "remark": "三班"}]
    assert await imported(creator, group_id, *again) == ["UNCHANGED", "UPDATED", "ADDED"]
    sections = [node["section"] for node in (await roster(creator, group_id))["notJoined"]["nodes"]]
    assert sections == ["四年级", ""]
    version = (await roster(creator, group_id))["version"]
    await creator.change("clearRoster", "group { rosterCount }", groupId=group_id)
    seen = await roster(creator, group_id)
    assert (seen["rosterCount"], seen["notJoinedCount"], seen["version"]) == (0, 0, version + 1)


async def test_it_follows_who_joins_leaves_and_has_another_remark(world: World) -> None:
    creator, group_id, _ = await a_group(world, members=0)
    first, namesake = await world.someone(), await world.someone()
    namesake.name = first.name
    rows = [{"name": first.name, "remark": remark} for remark in ("一班", "二班")]
    await imported(creator, group_id, *rows)
    assert await missing(creator, group_id) == [first.name] * 2
    token = await creator.invite(group_id)
    for person, remark in ((first, "一班"), (namesake, "记不得")):
        joining = await person.joining(token)
        people = [{**joining["people"][0], "remark": remark}]
        await person.change("joinGroup", "", **{**joining, "people": people})
    await eventually(lambda: missing(creator, group_id), lambda names: len(names) == 1)
    left = (await roster(creator, group_id))["notJoined"]["nodes"]
    assert [one["remark"] for one in left] == ["二班"]
    of_namesake = await member_id_of(namesake, group_id)
    await creator.change("updateMemberRemark", "", memberId=of_namesake, remark="二 班")
    await eventually(lambda: missing(creator, group_id), lambda names: names == [])
    await creator.change("removeMember", "", memberId=await member_id_of(first, group_id))
    # One of the name is in by now, and two are expected: still the remark tells.
    await eventually(lambda: missing(creator, group_id), lambda names: len(names) == 1)
    left = (await roster(creator, group_id))["notJoined"]["nodes"]
    assert [one["remark"] for one in left] == ["一班"]


async def test_another_verified_name_is_matched_anew(world: World) -> None:  # R6
    creator, group_id, (member,) = await a_group(world)
    await imported(creator, group_id, {"name": "新名字"}, {"name": member.name})
    assert await missing(creator, group_id) == ["新名字"]
    old, member.name = member.name, "新名字"
    await member.identify()
    await eventually(lambda: missing(creator, group_id), lambda names: names == [old])


async def test_it_holds_as_many_as_a_group_and_goes_with_it(world: World) -> None:
    creator, group_id, (member,) = await a_group(world)
    rows = [{"name": f"未来{number}"} for number in range(GROUP_PEOPLE)]
    assert await imported(creator, group_id, *rows) == ["ADDED"] * GROUP_PEOPLE
    more = await imported(creator, group_id, {"name": member.name}, rows[0])
    assert more == ["ROSTER_FULL", "UNCHANGED"]
    too_many = [*rows, {"name": "多"}]
    assert await creator.refused("importRoster", groupId=group_id, rows=too_many) == "TOO_MANY_ROWS"
    [stored] = await fetch("SELECT name FROM roster_entry LIMIT 1")
    assert isinstance(stored["name"], bytes) and "未来".encode() not in stored["name"]
    await dissolve(creator, group_id)
    assert not await RosterEntry.filter(group_id=decode_id(group_id, "Group")).exists()


async def test_who_is_on_it_finds_it_among_their_own_data(world: World) -> None:  # R43
    creator, group_id, (member,) = await a_group(world)
    await imported(creator, group_id, {"name": member.name, "remark": "一班"}, {"name": "别人"})
    [entry] = await own_roster(world, member)
    assert (entry["name"], entry["remark"], entry["group"]) == (member.name, "一班", "第一小学")
    assert await own_roster(world, creator) == []
