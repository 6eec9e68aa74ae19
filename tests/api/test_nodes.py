"""``node`` and ``nodes``: every type with an id, found by whom it may be read by."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from graphql import (
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLObjectType,
    get_named_type,
    get_nullable_type,
    is_introspection_type,
)

from app.resolvers.ids import encode_id
from app.resolvers.nodes import LOADERS
from app.schema import build_schema
from tests.support.families import add_relative, enrol, request_leave
from tests.support.groups import a_group, dissolve
from tests.support.members import appoint, member_id_of
from tests.support.person import Person
from tests.support.refreshes import refresh
from tests.support.statements import counted_statements
from tests.support.waiting import settled
from tests.support.world import World

RED = {"health_code": "RED"}
MANAGERS = ("creator", "admin")

# What stands in the fixture's group -> its type, and who finds it by its id.
FOUND_BY: dict[str, tuple[str, tuple[str, ...]]] = {
    "group": ("Group", (*MANAGERS, "member", "guardian")),
    "member": ("Member", (*MANAGERS, "member")),
    "ward": ("Member", (*MANAGERS, "guardian")),
    "member's anomaly": ("Anomaly", (*MANAGERS, "member")),
    "ward's anomaly": ("Anomaly", (*MANAGERS, "guardian")),
    "member's leave": ("LeaveRequest", (*MANAGERS, "member")),
    "ward's leave": ("LeaveRequest", (*MANAGERS, "guardian")),
    "former member": ("FormerMember", MANAGERS),
    "run": ("RefreshRun", MANAGERS),
    "invitation": ("Invitation", MANAGERS),
    "SMS to the member": ("Message", (*MANAGERS, "member")),
    "SMS to the guardian": ("Message", (*MANAGERS, "guardian")),
    "code to the member": ("Message", ("member",)),
    "creator's look": ("AccessRecord", ("admin", "member", "guardian")),
    "member's consent": ("Consent", ("member",)),
    "ward's consent": ("Consent", ("guardian",)),
    "name on the roster": ("RosterEntry", MANAGERS),
    "section": ("Section", MANAGERS),
    "relative": ("Relative", ("guardian",)),
    "verification": ("IdentityVerification", ("member",)),
    "account": ("Me", ("member",)),
}
ROLES = ("creator", "admin", "member", "guardian", "outsider", "stranger")

# Tried in tests/api/test_organisation_rights.py, as their own viewers.
FOUND_FROM_ABOVE = {"Organisation", "Overseer", "OverseenGroup"}

# Lists of what has no identity of its own, and why.
VALUES = {
    "ColourCount": "a count",
    "ColourReason": "a count under a reason",
    "DayReport": "the group's, by its date",
    "DosesCount": "a count",
    "Edge": "a place in a list",
    "Evidence": "the anomaly's, by its reason",
    "HealthCodeCount": "a count",
    "Kept": "told once, in a payload",
    "RowOutcome": "told once, in a payload",
    "OfferedSection": "told to who may choose one, by the section's id",
    "NucleicAcidTest": "the provider gives tests no ids",
    "OrganisationAbove": "a name: who is below sees no more",
    "OrganisationColourReason": "a count under a colour",
    "OversightOffer": "named by the organisation's id",
    "SectionStatistics": "counts of a section",
    "ShownDay": "the organisation's, by its date",
    "ShownDosesCount": "a count",
    "SkippedReminders": "a count",
    "TestCount": "a count",
    "UserError": "told once, in a payload",
    "Vaccination": "the person's, by its dose",
}

FULL = """query($id: ID!) { node(id: $id) { __typename id
    ... on Anomaly { reasons openedAt nextChangeAt evidence { reason since code }
        member { id healthCode anomaly { id } } }
    ... on LeaveRequest { reason requestedAt dueAt member { id remark leaveRequest { id } } }
    ... on Message { template recipient state attempts inGroup: groupName createdAt endedAt }
    ... on AccessRecord { by groupName kind day firstAt lastAt }
    ... on RefreshRun { status done total startedAt endedAt missing { id } partlyReadCount }
    ... on Consent { version groupName personName givenBy givenAt withdrawnAt } } }"""

OF_GROUP = """query($id: ID!) { group(id: $id) {
    members { nodes { id anomaly { id } leaveRequest { id } } }
    anomalies { nodes { id member { id } } }
    leaveRequests { nodes { id member { id } } }
    formerMembers { nodes { id } }
    messages { nodes { id template recipient } }
    refresh { run { id } } notJoined { nodes { id } } } }"""
OWN = """{ me { id consents { nodes { id } } accesses { nodes { id by } }
    messages { nodes { id template groupName } } } }"""
LOOK = "query($id: ID!) { group(id: $id) { members { nodes { healthCode } } } }"


@dataclass
class Found:
    """A group in which there is one of everything, and people of every role."""

    people: dict[str, Person]
    ids: dict[str, str]


async def remind(creator: Person, group_id: str) -> None:
    given = {"groupId": group_id, "condition": {"anomalous": True}}
    await creator.change("sendHealthReminders", "sent", **given)


async def of_ward(guardian: Person, world: World, token: str) -> dict[str, str]:
    child = world.stranger()
    await world.set_record(child.id_number, **RED)
    relative = await add_relative(guardian, child)
    [ward] = await enrol(guardian, token, relative)
    return {"relative": relative, "ward": ward}


@pytest.fixture(scope="module")
async def found(world: World) -> Found:
    creator, group_id, (admin, member, leaver) = await a_group(world, members=3, record=RED)
    guardian, outsider = await world.real_person(), await world.real_person()
    await outsider.create_group()
    await appoint(creator, group_id, admin)
    ward = await of_ward(guardian, world, await creator.invite(group_id))
    member_id, gone = await member_id_of(member, group_id), await member_id_of(leaver, group_id)
    await creator.change("removeMember", "", memberId=gone)
    await settled(world)
    await refresh(creator, group_id)
    await request_leave(member, member_id)
    await request_leave(guardian, ward["ward"])
    await remind(creator, group_id)
    rows = [{"name": "未加入的人"}]
    await creator.change("importRoster", "", groupId=group_id, rows=rows)
    part = await creator.change("createSection", "section { id }", groupId=group_id, name="一班")
    await creator.ask(LOOK, id=group_id)
    invitation = await creator.change("createInvitation", "invitation { id }", groupId=group_id)
    people = (creator, admin, member, guardian, outsider, world.stranger())
    ids = {
        **ward,
        "group": group_id,
        "section": part["section"]["id"],
        "member": member_id,
        "invitation": invitation["invitation"]["id"],
        "verification": await member.verify("LEAVE"),
        **await listed_to_managers(creator, group_id, member_id, ward["ward"]),
        **await listed_to(member, guardian, creator),
    }
    return Found(dict(zip(ROLES, people, strict=True)), ids)


async def listed_to_managers(
    creator: Person, group_id: str, member_id: str, ward_id: str
) -> dict[str, str]:
    """Ids as the lists of a group give them; what belongs to a member, by both ways to it."""
    group = (await creator.ask(OF_GROUP, id=group_id))["group"]
    members = {one["id"]: one for one in group["members"]["nodes"]}
    anomalies = {one["member"]["id"]: one["id"] for one in group["anomalies"]["nodes"]}
    leaves = {one["member"]["id"]: one["id"] for one in group["leaveRequests"]["nodes"]}
    for key, member in members.items():
        assert (member["anomaly"] or {}).get("id") == anomalies.get(key)
        assert (member["leaveRequest"] or {}).get("id") == leaves.get(key)
    [former] = group["formerMembers"]["nodes"]
    return {
        "former member": former["id"],
        "member's anomaly": anomalies[member_id],
        "ward's anomaly": anomalies[ward_id],
        "member's leave": leaves[member_id],
        "ward's leave": leaves[ward_id],
        "run": group["refresh"]["run"]["id"],
        "name on the roster": group["notJoined"]["nodes"][0]["id"],
    }


async def listed_to(member: Person, guardian: Person, creator: Person) -> dict[str, str]:
    """Ids as the lists of people themselves give them."""
    own, guards = (await member.ask(OWN))["me"], (await guardian.ask(OWN))["me"]
    [look] = [one for one in own["accesses"]["nodes"] if one["by"] == creator.name]
    [consent], [ward_consent] = own["consents"]["nodes"], guards["consents"]["nodes"]
    return {
        "account": own["id"],
        "member's consent": consent["id"],
        "ward's consent": ward_consent["id"],
        "creator's look": look["id"],
        "SMS to the member": message(own, of_group=True),
        "SMS to the guardian": message(guards, of_group=True),
        "code to the member": message(own, of_group=False),
    }


def message(own: dict[str, Any], *, of_group: bool) -> str:
    nodes = own["messages"]["nodes"]
    ids = [one["id"] for one in nodes if (one["groupName"] is not None) == of_group]
    first: str = ids[0]
    return first


def expected(role: str, who: tuple[str, ...]) -> str:
    if role == "stranger":
        return "UNAUTHENTICATED"
    return "OK" if role in who else "NOT_FOUND"


async def outcome(person: Person, query: str, **variables: Any) -> str:
    errors = (await person.send(query, **variables)).get("errors")
    return errors[0]["extensions"]["code"] if errors else "OK"


@pytest.mark.parametrize("role", ROLES)
async def test_each_node_is_found_by_whom_it_is_meant_for(found: Found, role: str) -> None:
    person = found.people[role]
    outcomes = {name: await outcome(person, FULL, id=found.ids[name]) for name in FOUND_BY}
    assert outcomes == {name: expected(role, who) for name, (_, who) in FOUND_BY.items()}


@pytest.mark.parametrize("role", ROLES)
async def test_several_are_answered_each_for_itself(found: Found, role: str) -> None:
    person, ids = found.people[role], [found.ids[name] for name in FOUND_BY]
    body = await person.send("query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", ids=ids)
    if role == "stranger":
        assert [error["path"] for error in body["errors"]] == [["nodes"]]
        return
    nodes = [
        {"__typename": typename, "id": id} if role in who else None
        for id, (typename, who) in zip(ids, FOUND_BY.values(), strict=True)
    ]
    assert body["data"] == {"nodes": nodes}
    refused = [(error["path"], error["extensions"]) for error in body.get("errors", ())]
    assert refused == [
        (["nodes", index], {"code": "NOT_FOUND"})
        for index, node in enumerate(nodes)
        if node is None
    ]


async def test_one_id_that_is_none_spoils_nothing_and_one_twice_is_answered_twice(
    found: Found,
) -> None:
    wrong = ["", "团体", encode_id("Nothing", uuid4()), encode_id("Anomaly", uuid4())]
    run, group = found.ids["run"], found.ids["group"]
    body = await found.people["creator"].send(
        "query($ids: [ID!]!) { nodes(ids: $ids) { id ... on RefreshRun { status } } }",
        ids=[run, *wrong, group, run],
    )
    shown = {"id": run, "status": "DONE"}
    assert body["data"]["nodes"] == [shown, None, None, None, None, {"id": group}, shown]
    refused = {error["path"][1]: error["extensions"]["code"] for error in body["errors"]}
    assert refused == {
        1: "BAD_USER_INPUT",
        2: "BAD_USER_INPUT",
        3: "BAD_USER_INPUT",
        4: "NOT_FOUND",
    }


async def test_what_is_found_again_is_what_was_listed(found: Found) -> None:
    creator, member = found.people["creator"], found.people["member"]
    for name in ("member's anomaly", "member's leave", "SMS to the member"):
        assert await creator.ask(FULL, id=found.ids[name]) == await member.ask(
            FULL, id=found.ids[name]
        )
    anomaly = (await member.ask(FULL, id=found.ids["member's anomaly"]))["node"]
    assert (anomaly["reasons"], anomaly["evidence"][0]["code"]) == (["CODE_RED"], "RED")
    assert anomaly["member"] == {
        "id": found.ids["member"],
        "healthCode": "RED",
        "anomaly": {"id": found.ids["member's anomaly"]},
    }
    look = (await member.ask(FULL, id=found.ids["creator's look"]))["node"]
    listed = "{ me { accesses { nodes { __typename id by groupName kind day firstAt lastAt } } } }"
    assert look in (await member.ask(listed))["me"]["accesses"]["nodes"]


async def test_who_opens_an_anomaly_by_its_id_is_noted_for_the_member(world: World) -> None:  # R43
    creator, group_id, (admin, member) = await a_group(world, members=2, record=RED)
    await appoint(creator, group_id, admin)
    await settled(world)
    own = "query($id: ID!) { group(id: $id) { viewerMembers { anomaly { id } } } }"
    [shown] = (await member.ask(own, id=group_id))["group"]["viewerMembers"]
    looks = "{ me { accesses { nodes { by } } } }"
    assert admin.name not in str(await member.ask(looks))
    await admin.ask(FULL, id=shown["anomaly"]["id"])
    assert admin.name in str(await member.ask(looks))


async def test_what_is_over_is_found_no_more(world: World) -> None:
    creator, group_id, (member, other) = await a_group(world, members=2, record=RED)
    await settled(world)
    await refresh(creator, group_id)
    for person in (member, other):
        await request_leave(person, await member_id_of(person, group_id))
    group = (await creator.ask(OF_GROUP, id=group_id))["group"]
    leaves = {one["member"]["id"]: one["id"] for one in group["leaveRequests"]["nodes"]}
    taken_back = await member_id_of(member, group_id)
    await member.change("cancelLeave", "", memberId=taken_back)
    assert await outcome(creator, FULL, id=leaves[taken_back]) == "NOT_FOUND"
    ids = [one["id"] for kind in ("anomalies", "messages") for one in group[kind]["nodes"]]
    ids += [group["refresh"]["run"]["id"], leaves[await member_id_of(other, group_id)]]
    assert len(ids) > 4
    assert {await outcome(creator, FULL, id=id) for id in ids} == {"OK"}
    await dissolve(creator, group_id)
    own = await creator.ask("{ me { messages { nodes { id } } } }")
    still_told = {one["id"] for one in own["me"]["messages"]["nodes"]}
    for id in ids:
        expected = "OK" if id in still_told else "NOT_FOUND"
        assert await outcome(creator, FULL, id=id) == expected


async def test_an_anomaly_keeps_its_id_while_its_reasons_change(world: World) -> None:
    creator, group_id, (member,) = await a_group(world, record=RED)
    await settled(world)
    own = "query($id: ID!) { group(id: $id) { viewerMembers { anomaly { id reasons } } } }"
    [shown] = (await member.ask(own, id=group_id))["group"]["viewerMembers"]
    positive = {"result": "POSITIVE", "tested_at": await world.now()}
    await world.set_record(member.id_number, **RED, tests=[positive])
    await refresh(creator, group_id)
    found = (await member.ask(FULL, id=shown["anomaly"]["id"]))["node"]
    assert {*found["reasons"]} == {*shown["anomaly"]["reasons"], "TEST_POSITIVE"}
    assert len(found["reasons"]) == len(shown["anomaly"]["reasons"]) + 1


async def test_many_of_one_type_are_read_together(world: World) -> None:
    creator, group_id, _ = await a_group(world, members=8, record=RED)
    await settled(world)
    nodes = (await creator.ask(OF_GROUP, id=group_id))["group"]["anomalies"]["nodes"]
    ids = [one["id"] for one in nodes]
    assert len(ids) == 9
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Anomaly { reasons } } }"
    with counted_statements() as statements:
        await creator.ask(query, ids=ids)
    assert len(statements.of('FROM "anomaly"')) == 1


def test_every_type_with_an_id_is_found_and_tried_here() -> None:
    interface = build_schema()._schema.type_map["Node"]
    assert isinstance(interface, GraphQLInterfaceType)
    nodes = {kind.name for kind in build_schema()._schema.get_possible_types(interface)}
    found = {typename for typename, _ in FOUND_BY.values()}
    assert nodes == set(LOADERS) == found | FOUND_FROM_ABOVE


def listed_without_id(kind: GraphQLObjectType) -> Iterator[str]:
    for field in kind.fields.values():
        many = get_nullable_type(field.type)
        of = get_named_type(field.type)
        if not isinstance(many, GraphQLList) or not isinstance(of, GraphQLObjectType):
            continue
        if "Node" not in [interface.name for interface in of.interfaces]:
            yield re.sub(r"^\w+Edge$", "Edge", of.name)


def test_everything_that_is_listed_has_an_id() -> None:
    kinds = build_schema()._schema.type_map.values()
    objects = [kind for kind in kinds if isinstance(kind, GraphQLObjectType)]
    ours = [kind for kind in objects if not is_introspection_type(kind)]
    assert {name for kind in ours for name in listed_without_id(kind)} == set(VALUES)
