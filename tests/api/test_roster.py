"""The roster: who should be in a group and isn't, as people join, leave and are renamed (R15)."""

from typing import Any

from app.domain.limits import GROUP_PEOPLE
from app.models.rosters import RosterEntry
from app.models.statements import fetch
from app.resolvers.ids import decode_id
from tests.support.clock import to_local
from tests.support.groups import a_group, dissolve
from tests.support.members import member_id_of
from tests.support.person import Person
from tests.support.reports import OWN_DATA, get
from tests.support.sections import assign, bind, create_section
from tests.support.sms import sms_of, wait_for_sms
from tests.support.waiting import eventually
from tests.support.world import World

MISSING = """query($id: ID!) { group(id: $id) { version rosterCount notJoinedCount
    notJoined { nodes { id name remark section } } } }"""
SECTIONS = """query($id: ID!) { group(id: $id) { sections { id name }
    members { nodes { person { name } section { name } } } } }"""
DIGEST = "group { dailyDigestTime }"


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


async def sections(person: Person, group_id: str) -> tuple[set[str], dict[str, str | None]]:
    """The names of a group's sections, and of that which each member is in."""
    group = (await person.ask(SECTIONS, id=group_id))["group"]
    names = {one["name"] for one in group["sections"]}
    nodes = group["members"]["nodes"]
    return names, {
        one["person"]["name"]: one["section"] and one["section"]["name"] for one in nodes
    }


async def test_sections_that_it_names_are_made_and_who_joins_comes_into_theirs(
    world: World,
) -> None:  # R15, R50
    creator, group_id, (moved, member) = await a_group(world, 2)
    first = await create_section(creator, group_id, "一班")
    own_id = await member_id_of(moved, group_id)
    for section_id in (first, None):  # out of it by a manager's hand
        await assign(creator, group_id, section_id, own_id)
    newcomer = await world.someone()
    rows = [
        {"name": moved.name, "section": "一班"},
        {"name": member.name, "section": "一 班"},
        {"name": newcomer.name, "section": "二班"},
        {"name": "没有", "remark": "长" * 61, "section": "三班"},
    ]
    results = await imported(creator, group_id, *rows)
    assert results == ["ADDED", "ADDED", "ADDED", "REMARK_INVALID"]
    names, places = await sections(creator, group_id)
    assert names == {"一班", "二班"}
    assert (places[moved.name], places[member.name]) == (None, "一班")
    await newcomer.join(await creator.invite(group_id))
    seen = await eventually(
        lambda: sections(creator, group_id), lambda found: found[1].get(newcomer.name) is not None
    )
    assert seen[1][newcomer.name] == "二班"
    await creator.change("removeSection", "", sectionId=first)
    assert await imported(creator, group_id, rows[1], rows[2]) == ["UPDATED", "UNCHANGED"]
    names, places = await sections(creator, group_id)
    assert names == {"一 班", "二班"}
    assert places[member.name] is None  # taken out of it once, by the removal
    many = [{"name": f"未来{number}", "section": f"{number}组"} for number in range(49)]
    assert (await imported(creator, group_id, *many))[-2:] == ["ADDED", "TOO_MANY_SECTIONS"]


async def test_a_bound_admin_hears_who_is_missing_in_their_sections(world: World) -> None:  # R51
    creator, group_id, (bound, _, ours) = await a_group(world, 3, {"health_code": "RED"})
    section = await create_section(creator, group_id, "一班")
    await bind(creator, group_id, bound, section)
    await assign(creator, group_id, section, await member_id_of(ours, group_id))
    rows = [{"name": "甲", "section": "一班"}, {"name": "乙", "section": "二班"}, {"name": "丙"}]
    await imported(creator, group_id, *rows)
    asked = "query($id: ID!) { group(id: $id) { notJoined { nodes { id name } } } }"
    [node] = (await bound.ask(asked, id=group_id))["group"]["notJoined"]["nodes"]
    assert node["name"] == "甲"
    everyone = (await creator.ask(asked, id=group_id))["group"]["notJoined"]["nodes"]
    by_id = "query($id: ID!) { node(id: $id) { id } }"
    codes = [await bound.error_code(by_id, id=one["id"]) for one in everyone if one != node]
    assert codes == ["NOT_FOUND"] * 2
    assert await bound.ask(by_id, id=node["id"]) == {"node": {"id": node["id"]}}
    await to_local(world, bound, hour=7)
    answer = await bound.change("setDailyDigest", DIGEST, groupId=group_id, at="08:00")
    assert answer["group"] == {"dailyDigestTime": "08:00"}
    await to_local(world, hour=8)
    told = (await wait_for_sms(bound, "daily_digest"))["params"]
    assert [told[name] for name in ("count", "red", "missing")] == ["1", "1", "1"]
    assert await sms_of(creator, "daily_digest") == []
