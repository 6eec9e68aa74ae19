"""Guardians of members who don't act for themselves, and the end of it (R12, R17, R31, R35)."""

import pytest

from tests.support.families import (
    PAGE,
    a_household,
    add_relative,
    code_at_the_end,
    come_of_age,
    enrol,
    group_seen_by,
    groups_of,
    is_out,
    members_listed,
)
from tests.support.groups import a_group
from tests.support.world import World

STATUS = "subscription($id: ID!) { groupStatusChanged(groupId: $id) { colour viewerRole } }"
MEMBER = "query($id: ID!) { node(id: $id) { ... on Member { healthCode person { name } } } }"


async def test_a_guardian_sees_the_page_and_the_child(world: World) -> None:  # R12, R17
    household = await a_household(world)
    guardian, group_id = household.parent, household.group_id
    page = (await guardian.ask(PAGE, id=group_id))["group"]
    assert page == (await household.creator.ask(PAGE, id=group_id))["group"]
    member = (await guardian.ask(MEMBER, id=household.member_id))["node"]
    assert member["person"] == {"name": household.child.name}
    assert await is_out(await world.real_person(), group_id)


@pytest.mark.parametrize(
    "field",
    [
        "memberCount",
        "members { nodes { id } }",
        "colourReasons { count }",
        "pendingLeaveCount",
        "anomalies { nodes { openedAt } }",
        "messages { nodes { state } }",
        "version",
        "formerMembers { nodes { name } }",
        "invitations { nodes { token } }",
    ],
)
async def test_a_guardian_sees_nothing_of_others(world: World, field: str) -> None:  # R17
    household = await a_household(world)
    query = f"query($id: ID!) {{ group(id: $id) {{ name {field} }} }}"
    answer = await household.parent.send(query, id=household.group_id)
    [error] = answer["errors"]
    assert error["extensions"]["code"] == "FORBIDDEN"
    assert answer["data"]["group"] == {"name": "第一小学", field.split(maxsplit=1)[0]: None}


async def test_a_guardian_changes_nothing_and_reaches_no_other_member(world: World) -> None:  # R17
    household = await a_household(world)
    guardian, group_id = household.parent, household.group_id
    [creators_own] = (await group_seen_by(household.creator, group_id))["viewerMembers"]
    for mutation, target in (
        ("updateGroup", {"groupId": group_id, "name": "x"}),
        ("refreshGroup", {"groupId": group_id}),
        ("createInvitation", {"groupId": group_id}),
        ("removeMember", {"memberId": household.member_id}),
        ("updateMemberRemark", {"memberId": household.member_id, "remark": "x"}),
        ("appointAdmin", {"memberId": household.member_id}),
        ("completeLeave", {"memberId": household.member_id}),
        ("endGuardianship", {"memberId": household.member_id}),
    ):
        assert await guardian.denied(mutation, **target) == "FORBIDDEN", mutation
    assert await guardian.error_code(MEMBER, id=creators_own["id"]) == "NOT_FOUND"
    verification_id = await guardian.verify("LEAVE")
    request = {"memberId": creators_own["id"], "reason": "x", "verificationId": verification_id}
    assert await guardian.denied("requestLeave", **request) == "FORBIDDEN"


async def test_a_guardian_watches_the_colour_until_the_child_is_out(world: World) -> None:  # R21
    creator, group_id, _ = await a_group(world)
    guardian, child = await world.real_person(), world.stranger()
    await world.set_record(child.id_number, health_code="RED")
    [member_id] = await enrol(
        guardian, await creator.invite(group_id), await add_relative(guardian, child)
    )

    async with guardian.socket() as socket:
        await socket.subscribe(STATUS, id=group_id)
        seen = await socket.next()
        while seen["groupStatusChanged"]["colour"] != "RED":
            seen = await socket.next()
        assert seen["groupStatusChanged"] == {"colour": "RED", "viewerRole": None}
        await creator.change("removeMember", "group { id }", memberId=member_id)
        assert await code_at_the_end(socket) == "NOT_FOUND"
    assert await is_out(guardian, group_id)


async def test_a_group_is_listed_once_however_one_stands_to_it(world: World) -> None:  # R12
    household = await a_household(world)
    guardian, token = household.parent, household.token
    [sibling_id] = await enrol(guardian, token, await add_relative(guardian, world.stranger()))
    children = {household.member_id, sibling_id}
    [listed] = await groups_of(guardian)
    assert (listed["id"], listed["viewerRole"]) == (household.group_id, None)
    assert {member["id"] for member in listed["viewerMembers"]} == children
    own_id = await guardian.join(token)
    [listed] = await groups_of(guardian)
    assert (listed["id"], listed["viewerRole"]) == (household.group_id, "MEMBER")
    assert {member["id"] for member in listed["viewerMembers"]} == children | {own_id}
    of_members = "{ me { groups(roles: [ADMIN]) { nodes { id } } } }"
    assert (await guardian.ask(of_members))["me"]["groups"]["nodes"] == []


async def test_who_looked_at_a_childs_details_is_told_to_the_guardian(world: World) -> None:  # R15
    household = await a_household(world)
    await members_listed(household.creator, household.group_id)
    query = "{ me { accesses { nodes { by groupName kind } } } }"
    [seen] = (await household.parent.ask(query))["me"]["accesses"]["nodes"]
    by = household.creator.name
    assert seen == {"by": by, "groupName": "第一小学", "kind": "VIEWED"}
    assert (await (await world.real_person()).ask(query))["me"]["accesses"]["nodes"] == []


async def test_one_guardian_does_not_learn_the_others_phone(world: World) -> None:  # R17
    household = await a_household(world, parents=2)
    mother, father = household.parents
    phone = "query($id: ID!) { node(id: $id) { ... on Member { phone } } }"
    await come_of_age(household.child)
    masked = f"{mother.phone[:6]}****{mother.phone[-4:]}"
    for viewer, shown in (
        (mother, mother.phone),
        (household.creator, mother.phone),
        (father, masked),
        (household.child, masked),
    ):
        assert (await viewer.ask(phone, id=household.member_id))["node"] == {"phone": shown}
    for viewer, shown in ((mother, mother.phone), (father, masked), (household.child, masked)):
        [member] = (await group_seen_by(viewer, household.group_id))["viewerMembers"]
        assert member["phone"] == shown
