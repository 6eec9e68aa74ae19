"""An admin who is bound to sections sees, counts, changes and hears of their members alone."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from graphql import GraphQLObjectType, get_named_type, is_leaf_type, is_required_argument

from app.schema import build_schema
from tests.support.clock import today
from tests.support.families import add_relative, enrol
from tests.support.leaves import request_leave
from tests.support.members import Profile, appoint, member_id_of
from tests.support.person import Person
from tests.support.reports import a_report, get, link
from tests.support.sections import assign, bind, create_section
from tests.support.sms import sms_of
from tests.support.waiting import eventually, settled
from tests.support.world import World

YELLOW, RED = {"health_code": "YELLOW"}, {"health_code": "RED"}
# Of the group as a whole alone: closed to them.
CLOSED = {
    "requirementPreview",
    "statisticsTrend",
    "notJoinedCount",
    "rosterCount",
    "reminderSchedule",
}
GIVEN = {"natValidity": "H24", "condition": "{anomalous: true}"}
NODE = "query($id: ID!) { node(id: $id) { id } }"
COUNTS = """query($id: ID!) { group(id: $id) { memberCount pendingLeaveCount membersCount
    colourReasons { reason count } statistics { total } reports(days: 1) { statistics { total } }
    members { nodes { id } } sections { name } anomalies { nodes { id } }
    leaveRequests { nodes { id } } reminderAudience(condition: {anomalous: true}) { count } } }"""
THINGS = """query($id: ID!) { group(id: $id) { members { nodes { id } } anomalies { nodes { id } }
    leaveRequests { nodes { id } } formerMembers { nodes { id } } messages { nodes { id } }
    invitations { nodes { id } } } }"""
THEMSELF = "query($id: ID!) { group(id: $id) { viewerMember { id anomaly { id } } } }"
EVENTS = """subscription($id: ID!) { groupEvents(groupId: $id, after: 0) { ... on GroupEvent {
    number type actor subjectId member { id person { name } } } } }"""
STATUS = """subscription($id: ID!) { groupStatusChanged(groupId: $id) { colour memberCount
    colourReasons { reason count } } }"""


@dataclass
class School:
    """A group of two classes: ``ours`` is in that of the bound admin, everyone else isn't."""

    group_id: str
    creator: Person
    bound: Person
    ours: Person
    others: list[Person]
    ids: dict[str, str]  # of members, by name
    section: str
    secrets: set[str]


@pytest.fixture(scope="module")
async def school(world: World) -> School:
    parts = [
        Profile("宰予我", "甲班老师", YELLOW),
        Profile("端木赐", "甲班机密", YELLOW),
        Profile("公冶长", "乙班机密", RED),
        Profile("澹台明", "无班机密", RED),
        Profile("颜回子", "乙班老师", YELLOW),
        Profile("漆雕开", "乙班旧生", YELLOW),
    ]
    group_id, (creator, bound, ours, *others) = await a_report(world, *parts)
    theirs, _, admin, former = others
    mine, second = [await create_section(creator, group_id, name) for name in ("甲班", "乙班")]
    people = [bound, ours, *others]
    ids = {person.name: await member_id_of(person, group_id) for person in people}
    await assign(creator, group_id, mine, ids[ours.name])
    await assign(creator, group_id, second, *(ids[one.name] for one in (theirs, admin, former)))
    await appoint(creator, group_id, admin)
    guardian, child = await world.real_person(), world.stranger()
    child.name = "南宫适"
    relative_id = await add_relative(guardian, child)
    [ids[child.name]] = await enrol(guardian, await admin.invite(group_id), relative_id)
    await settled(world)
    await request_leave(theirs, group_id)
    await admin.change("updateMemberRemark", "", memberId=ids[former.name], remark="乙班旧生")
    await admin.change("removeMember", "group { id }", memberId=ids[former.name])
    reminded = {"groupId": group_id, "condition": {"anomalous": True}}
    await admin.change("sendHealthReminders", "sent", **reminded)
    await settled(world)
    await bind(creator, group_id, bound, mine)
    hidden = [*others, child, guardian]
    secrets = {secret for one in hidden for secret in (one.name, one.phone)}
    secrets |= {ids[one.name] for one in hidden if one.name in ids}
    secrets |= {"机密", "乙班", "搬到"}
    return School(group_id, creator, bound, ours, others, ids, mine, secrets)


def leaks(school: School, answer: object) -> set[str]:
    """What an answer tells of anybody who isn't in the bound admin's charge."""
    text = json.dumps(answer, ensure_ascii=False).replace("甲班机密", "")
    return {secret for secret in school.secrets if secret in text}


def fields_of_group() -> Iterator[tuple[str, str]]:
    """Each field of a group with everything below it, as far as there is room for."""
    group: Any = build_schema()._schema.type_map["Group"]
    for name, field in group.fields.items():
        yield name, _selected(name, field, 4)


def _selected(name: str, field: Any, depth: int) -> str:
    required = [one for one, argument in field.args.items() if is_required_argument(argument)]
    given = ", ".join(f"{one}: {GIVEN[one]}" for one in required)
    return f"{name}{f'({given})' if given else ''} {_below(field.type, depth)}"


def _below(type_: Any, depth: int) -> str:
    named = get_named_type(type_)
    if is_leaf_type(named):
        return ""
    assert isinstance(named, GraphQLObjectType)
    parts = [
        _selected(name, field, depth - 1)
        for name, field in named.fields.items()
        if name != "consents" and (depth > 1 or is_leaf_type(get_named_type(field.type)))
    ]
    return f"{{ {' '.join(parts)} }}"


async def test_no_field_of_the_group_reveals_anybody_else(school: School) -> None:  # R51
    for again in range(2):  # once executed, once kept
        for name, field in fields_of_group():
            query = f"query($id: ID!) {{ group(id: $id) {{ {field} }} }}"
            seen = await school.creator.send(query, id=school.group_id)
            body = await school.bound.send(query, id=school.group_id)
            assert not leaks(school, body), (name, again)
            codes = {error["extensions"]["code"] for error in body.get("errors", ())}
            assert codes == ({"FORBIDDEN"} if name in CLOSED else set()), (name, body)
            if name in {"members", "anomalies", "leaveRequests", "formerMembers"}:
                assert leaks(school, seen), name  # what there is to be revealed


async def test_what_is_counted_is_what_is_listed(school: School) -> None:  # R51
    seen = (await school.bound.ask(COUNTS, id=school.group_id))["group"]
    assert [node["id"] for node in seen["members"]["nodes"]] == [school.ids[school.ours.name]]
    assert seen["memberCount"] == seen["membersCount"] == seen["statistics"]["total"] == 1
    assert seen["reports"][0]["statistics"]["total"] == 1
    assert seen["colourReasons"] == [{"reason": "CODE_YELLOW", "count": 1}]
    assert seen["reminderAudience"]["count"] == len(seen["anomalies"]["nodes"]) == 1
    assert seen["pendingLeaveCount"] == len(seen["leaveRequests"]["nodes"]) == 0
    assert seen["sections"] == [{"name": "甲班"}]
    of_groups = "{ me { groups { nodes { memberCount colourReasons { count } } } } }"
    [group] = (await school.bound.ask(of_groups))["me"]["groups"]["nodes"]
    assert group == {"memberCount": 1, "colourReasons": [{"count": 1}]}


async def test_no_id_leads_to_anybody_else(school: School) -> None:  # R51
    theirs = (await school.creator.ask(THINGS, id=school.group_id))["group"]
    own = (await school.bound.ask(THINGS, id=school.group_id))["group"]
    themself = (await school.bound.ask(THEMSELF, id=school.group_id))["group"]["viewerMember"]
    mail = (await school.bound.ask("{ me { messages { nodes { id } } } }"))["me"]["messages"]
    own_ids = {themself["id"], themself["anomaly"]["id"], *(one["id"] for one in mail["nodes"])}
    for name, found in theirs.items():
        seen = {node["id"] for node in own[name]["nodes"]}
        hidden = [node["id"] for node in found["nodes"] if node["id"] not in seen]
        assert hidden, name
        for key in hidden:
            if key not in own_ids:
                assert await school.bound.error_code(NODE, id=key) == "NOT_FOUND", name
        nodes = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename } }"
        body = await school.bound.send(nodes, ids=sorted(seen))
        assert None not in body["data"]["nodes"], name


async def test_nothing_is_done_to_anybody_else(school: School) -> None:  # R51
    theirs, section = school.ids["公冶长"], school.section
    excuse = {"until": "2100-01-01T00:00:00Z", "reason": "休假"}
    given = {"updateMemberRemark": {"remark": "改"}, "excuseMember": excuse}
    doings = ("updateMemberRemark", "removeMember", "completeLeave", "excuseMember", "endExcuse")
    for name in doings:
        told = {"memberId": theirs, **given.get(name, {})}
        assert await school.bound.denied(name, **told) == "FORBIDDEN", name
    for name in ("appointAdmin", "dismissAdmin", "updateAdminSections"):
        assert await school.bound.denied(name, memberId=theirs) == "FORBIDDEN", name
    assert await school.bound.denied("removeSection", sectionId=section) == "FORBIDDEN"
    assigning = {"groupId": school.group_id, "sectionId": section, "memberIds": [theirs]}
    done = await school.bound.change("assignSection", "missingMemberIds", **assigning)
    assert done["missingMemberIds"] == [theirs]
    out = assigning | {"sectionId": None, "memberIds": [school.ids[school.ours.name]]}
    assert await school.bound.refused("assignSection", **out) == "SECTION_NOT_FOUND"
    rows = [{"memberId": theirs, "remark": "改"}]
    group = {"groupId": school.group_id}
    remarks = "rows { result }"
    edited = await school.bound.change("updateMemberRemarks", remarks, **group, rows=rows)
    assert edited["rows"] == [{"result": "NOT_A_MEMBER"}]
    condition = {"anomalous": True, "memberIds": list(school.ids.values())}
    before = len(await sms_of(school.others[0], "health_reminder"))
    sent = await school.bound.change(
        "sendHealthReminders", "sent skipped", **group, condition=condition
    )
    assert sent["sent"] + sent["skipped"] <= len(school.ids)
    assert len(await sms_of(school.others[0], "health_reminder")) == before


async def test_the_log_tells_of_nobody_else(school: School) -> None:  # R51
    query = "query($id: ID!) { group(id: $id) { version } }"
    version = (await school.bound.ask(query, id=school.group_id))["group"]["version"]
    told: list[dict[str, Any]] = []
    ours = school.ids[school.ours.name]
    for remark in ("改", "甲班机密"):
        await school.bound.change("updateMemberRemark", "", memberId=ours, remark=remark)
    async for data in school.bound.subscribe(EVENTS, id=school.group_id):
        told.append(data["groupEvents"])
        if told[-1]["number"] > version:
            break
    assert not leaks(school, told)
    assert {"GROUP_CREATED", "MEMBER_MOVED", "REMARK_CHANGED"} <= {event["type"] for event in told}
    assert {event["actor"] for event in told} <= {None, "欧阳创", "宰予我", "端木赐"}


async def test_live_views_count_their_members(school: School) -> None:  # R51
    async for data in school.bound.subscribe(STATUS, id=school.group_id):
        status = data["groupStatusChanged"]
        assert status["memberCount"] == 1 and status["colour"] == "RED"
        assert status["colourReasons"] == [{"reason": "CODE_YELLOW", "count": 1}]
        break
    changed = """subscription { viewerGroupsChanged { kind group { memberCount } managed {
        memberCount colourReasons { count } } } }"""
    async for data in school.bound.subscribe(changed):
        change = data["viewerGroupsChanged"]
        assert change["managed"] == {"memberCount": 1, "colourReasons": [{"count": 1}]}
        break


async def test_a_report_holds_their_members(world: World, school: School) -> None:  # R37, R51
    answer = await get(world, await link(school.bound, school.group_id, await today(world)))
    _, *rows = answer.content.decode("utf-8-sig").splitlines()
    assert [row.split(",")[0] for row in rows] == [school.ours.name]


async def test_who_is_looked_at_by_them_is_told_and_nobody_else(school: School) -> None:  # R43, R51
    query = "{ me { accesses { nodes { by personNames kind } } } }"
    [theirs] = [one for one in school.others if one.name == "澹台明"]
    for person, told in ((school.ours, True), (theirs, False)):
        accesses = (await person.ask(query))["me"]["accesses"]["nodes"]
        kinds = {access["kind"] for access in accesses if access["by"] == school.bound.name}
        assert kinds == ({"VIEWED", "EXPORTED"} if told else set()), person.name


async def test_alerts_and_leaves_reach_them_for_their_members_alone(
    world: World, school: School
) -> None:  # R28, R32, R51
    asked, alerted = "leave_requested", "anomaly_alert"
    before = [len(await sms_of(school.bound, template)) for template in (asked, alerted)]
    theirs = school.others[1]
    await request_leave(theirs, school.group_id)
    await request_leave(school.ours, school.group_id)
    await eventually(lambda: sms_of(school.bound, asked), lambda seen: len(seen) > before[0])
    assert len(await sms_of(school.bound, asked)) == before[0] + 1
    await world.set_record(school.ours.id_number, **RED)
    await world.advance(minutes=31)
    for person in (school.creator, school.bound):
        await person.renew()
    await school.creator.change("refreshGroup", "", groupId=school.group_id)
    await eventually(lambda: sms_of(school.bound, alerted), lambda seen: len(seen) > before[1])
    newest = (await sms_of(school.bound, alerted))[-1]
    assert (newest["params"]["count"], newest["params"]["red"]) == ("1", "1")


async def test_who_joins_by_them_comes_into_their_section(
    world: World, school: School
) -> None:  # R50, R51
    third = await create_section(school.creator, school.group_id, "丙班")
    both = {"memberId": school.ids[school.bound.name], "sections": [school.section, third]}
    await school.creator.change("updateAdminSections", "member { id }", **both)
    token = await school.bound.invite(school.group_id)
    joiner = await world.someone()
    joining = await joiner.joining(token)
    assert await joiner.refused("joinGroup", **joining) == "SECTION_REQUIRED"
    joining = await joiner.joining(token)
    joining["people"][0]["sectionId"] = school.section
    joined = await joiner.change("joinGroup", "members { section { name } }", **joining)
    assert joined["members"] == [{"section": {"name": "甲班"}}]


async def test_what_they_see_follows_what_they_are_bound_to(school: School) -> None:  # R51
    query = (
        "query($id: ID!) { group(id: $id) { memberCount members { nodes { person { name } } } } }"
    )
    bound_id = school.ids[school.bound.name]

    async def seen() -> set[str]:
        group = (await school.bound.ask(query, id=school.group_id))["group"]
        assert group["memberCount"] == len(group["members"]["nodes"])
        return {node["person"]["name"] for node in group["members"]["nodes"]}

    for _ in range(2):
        await school.creator.change(
            "updateAdminSections", "member { boundTo { id } }", memberId=bound_id
        )
        assert "公冶长" in await seen()
        only = {"memberId": bound_id, "sections": [school.section]}
        await school.creator.change("updateAdminSections", "member { boundTo { id } }", **only)
        assert "公冶长" not in await seen() and "端木赐" in await seen()
    none = {"memberId": bound_id, "sections": []}
    assert await school.creator.refused("updateAdminSections", **none) == "SECTIONS_MISSING"
    await school.creator.change("removeSection", "group { id }", sectionId=school.section)
    assert await seen() == set()
