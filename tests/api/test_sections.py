"""Sections: made, filled, chosen on joining, and what is narrowed to them (R50)."""

from typing import Any

from tests.support.clock import today
from tests.support.families import add_relative
from tests.support.groups import a_group
from tests.support.members import Profile, member_id_of
from tests.support.person import Person
from tests.support.records import GREEN
from tests.support.reports import a_report, get, link
from tests.support.sections import assign, create_section
from tests.support.sms import sms_of
from tests.support.waiting import eventually
from tests.support.world import World

NAMED = "query($id: ID!) { group(id: $id) { sections { id name memberCount } } }"
NARROWED = """query($id: ID!, $where: MemberFilter) { group(id: $id) {
    members(where: $where) { nodes { id section { name } } } membersCount(where: $where)
    anomalies(where: $where) { nodes { member { id } } }
    leaveRequests(where: $where) { nodes { member { id } } } } }"""
BY_SECTION = """query($id: ID!) { group(id: $id) { statistics { total }
    statisticsBySection { section { name } statistics { total byHealthCode { healthCode count } }
} } }"""
EVENTS = (
    "subscription($id: ID!) { groupEvents(groupId: $id, after: 0) { ... on GroupEvent { type } } }"
)
PREVIEW = "query($token: String!) { invitation(token: $token) { sections { sectionId name } } }"
AUDIENCE = """query($id: ID!, $condition: ReminderCondition!) { group(id: $id) {
    reminderAudience(condition: $condition) { count } } }"""


async def named(person: Person, group_id: str) -> list[tuple[str, int]]:
    sections = (await person.ask(NAMED, id=group_id))["group"]["sections"]
    return [(section["name"], section["memberCount"]) for section in sections]


async def narrowed(person: Person, group_id: str, **where: Any) -> dict[str, list[str]]:
    """Whom lists hold under a condition; of members, as many as are counted."""
    seen = (await person.ask(NARROWED, id=group_id, where=where))["group"]
    members = [node["id"] for node in seen["members"]["nodes"]]
    assert seen["membersCount"] == len(members)
    others = {
        name: [node["member"]["id"] for node in seen[name]["nodes"]]
        for name in ("anomalies", "leaveRequests")
    }
    return {"members": members, **others}


async def test_sections_have_names_of_their_own_and_are_removed_alone(world: World) -> None:  # R50
    creator, group_id, (member,) = await a_group(world)
    first = await create_section(creator, group_id, "三年1-12班")
    await create_section(creator, group_id, "三年11-2班")
    for name in ("三年 １－12班", "三年1–12班"):
        assert await creator.refused("createSection", groupId=group_id, name=name) == (
            "SECTION_NAME_TAKEN"
        )
    assert await creator.refused("createSection", groupId=group_id, name=" ") == "NAME_INVALID"
    await creator.change("updateSection", "section { name }", sectionId=first, name="三年 1-12班")
    await assign(creator, group_id, first, await member_id_of(member, group_id))
    assert await named(creator, group_id) == [("三年 1-12班", 1), ("三年11-2班", 0)]
    removed = await creator.change("removeSection", "removedSectionId", sectionId=first)
    assert removed["removedSectionId"] == first
    assert await named(creator, group_id) == [("三年11-2班", 0)]
    gone = await narrowed(creator, group_id, unassigned=True)
    assert len(gone["members"]) == 2
    assert await creator.denied("removeSection", sectionId=first) == "NOT_FOUND"


async def test_members_are_assigned_at_once_and_each_is_told_of(world: World) -> None:  # R50
    creator, group_id, people = await a_group(world, 3, GREEN)
    ids = [await member_id_of(person, group_id) for person in people]
    section_id = await create_section(creator, group_id, "一班")
    other, elsewhere, _ = await a_group(world, 0)
    stranger = await member_id_of(other, elsewhere)
    given = {"groupId": group_id, "sectionId": section_id}
    results = "movedMemberIds unchangedMemberIds missingMemberIds"
    done = await creator.change("assignSection", results, **given, memberIds=[*ids[:2], stranger])
    assert (done["movedMemberIds"], done["missingMemberIds"]) == (ids[:2], [stranger])
    done = await creator.change("assignSection", results, **given, memberIds=[*ids, ids[0]])
    assert (done["movedMemberIds"], done["unchangedMemberIds"]) == (ids[2:], ids[:2])
    assert done["missingMemberIds"] == []
    await assign(creator, group_id, None, ids[2])
    of_section = await narrowed(creator, group_id, sections=[section_id])
    assert of_section["members"] == ids[:2]
    or_in_none = await narrowed(creator, group_id, sections=[section_id], unassigned=True)
    assert len(or_in_none["members"]) == 4
    by_section = (await creator.ask(BY_SECTION, id=group_id))["group"]
    totals = [
        (one["section"] and one["section"]["name"], one["statistics"]["total"])
        for one in by_section["statisticsBySection"]
    ]
    assert totals == [("一班", 2), (None, 2)] and by_section["statistics"]["total"] == 4
    types = [event["type"] for event in await _events(creator, group_id)]
    assert types.count("MEMBER_MOVED") == 4 and types.count("SECTION_CREATED") == 1


async def _events(person: Person, group_id: str) -> list[dict[str, Any]]:
    version = (await person.ask("query($id: ID!) { group(id: $id) { version } }", id=group_id))[
        "group"
    ]["version"]
    events: list[dict[str, Any]] = []
    async for data in person.subscribe(EVENTS, id=group_id):
        events.append(data["groupEvents"])
        if len(events) == version:
            break
    return events


async def test_reminders_go_to_the_sections_that_are_chosen(world: World) -> None:  # R30, R50
    creator, group_id, (one, other) = await a_group(world, 2, {"health_code": "YELLOW"})
    section_id = await create_section(creator, group_id, "一班")
    await assign(creator, group_id, section_id, await member_id_of(one, group_id))
    condition = {"anomalous": True, "sections": [section_id]}
    audience = await creator.ask(AUDIENCE, id=group_id, condition=condition)
    assert audience["group"]["reminderAudience"]["count"] == 1
    reminded = {"groupId": group_id, "condition": condition}
    sent = await creator.change("sendHealthReminders", "sent skipped", **reminded)
    assert (sent["sent"], sent["skipped"]) == (1, 0)
    await eventually(lambda: sms_of(one, "health_reminder"), bool)
    assert not await sms_of(other, "health_reminder")
    alone = {"groupId": group_id, "condition": {"sections": [section_id]}}
    assert await creator.refused("sendHealthReminders", **alone) == "CONDITION_REQUIRED"


async def test_who_joins_chooses_a_section_where_they_are_offered(world: World) -> None:  # R50
    creator, group_id, _ = await a_group(world, 0)
    section_id = await create_section(creator, group_id, "一班")
    token = await creator.invite(group_id)
    parent, child = await world.real_person(), world.stranger()
    relative_id = await add_relative(parent, child)
    joining = await parent.joining(token)
    joining["people"][0]["sectionId"] = section_id
    assert (await parent.ask(PREVIEW, token=token))["invitation"]["sections"] == []
    assert await parent.refused("joinGroup", **joining) == "SECTION_NOT_FOUND"
    policy = {"groupId": group_id, "offersSections": True}
    await creator.change("setInvitationPolicy", "group { id }", **policy)
    offered = (await parent.ask(PREVIEW, token=token))["invitation"]["sections"]
    assert offered == [{"sectionId": section_id, "name": "一班"}]
    joining = await parent.joining(token)
    joining["people"].append({"relativeId": relative_id, "sectionId": section_id})
    joined = await parent.change("joinGroup", "members { section { name } }", **joining)
    assert joined["members"] == [{"section": None}, {"section": {"name": "一班"}}]
    assert await named(creator, group_id) == [("一班", 1)]


async def test_a_report_and_a_former_member_name_the_section(world: World) -> None:  # R34, R37
    group_id, (creator, member) = await a_report(world, Profile("端木赐", "礼"))
    member_id = await member_id_of(member, group_id)
    await assign(creator, group_id, await create_section(creator, group_id, "=一班"), member_id)
    answer = await get(world, await link(creator, group_id, await today(world)))
    header, _, row = answer.content.decode("utf-8-sig").splitlines()
    assert header.endswith(",Section") and row.endswith(",'=一班")
    await creator.change("removeMember", "group { id }", memberId=member_id)
    query = "query($id: ID!) { group(id: $id) { formerMembers { nodes { section { name } } } } }"
    [former] = (await creator.ask(query, id=group_id))["group"]["formerMembers"]["nodes"]
    assert former == {"section": {"name": "=一班"}}
