"""Joining for relatives, with oneself or without (R2, R11-R13)."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from app.resolvers.ids import encode_id
from tests.support.families import (
    a_household,
    add_relative,
    come_of_age,
    enrol,
    enrolling,
    enrolling_too,
    group_seen_by,
    join_with,
    members_listed,
    register,
    registry_entry,
    relatives_of,
    sync,
)
from tests.support.groups import fill
from tests.support.person import Person
from tests.support.world import World

OWN_MEMBER = "query($id: ID!) { group(id: $id) { viewerMember { id person { name } } } }"


async def invited(world: World) -> tuple[Person, str, str, Person]:
    """A creator, their group, an invitation to it, and somebody real-named who may join."""
    creator, guardian = await world.real_person(), await world.real_person()
    group_id = await creator.create_group()
    return creator, group_id, await creator.invite(group_id), guardian


def made_up(number: int) -> dict[str, Any]:
    """Somebody who is on nobody's family list."""
    return {"relativeId": encode_id("Relative", UUID(int=number))}


def of(guardian: Person, child: Person, **fields: Any) -> dict[str, Any]:
    """How an enrolled child is seen."""
    seen = {"role": "MEMBER", "phone": guardian.phone, "remark": "一年级"}
    person = {"name": child.name, "student": False}
    return {**seen, "enrolledBy": {"name": guardian.name}, "person": person, **fields}


async def test_a_child_is_enrolled_without_the_parent(world: World) -> None:  # R12
    creator, group_id, token, guardian = await invited(world)
    child = world.stranger()
    relative_id = await add_relative(guardian, child, student=True)
    [member_id] = await enrol(guardian, token, relative_id)
    expected = of(guardian, child, id=member_id, person={"name": child.name, "student": True})
    assert (await members_listed(creator, group_id))[1:] == [expected]
    group = await group_seen_by(guardian, group_id)
    assert group == {"viewerRole": None, "viewerMembers": [expected | {"leaveRequest": None}]}
    assert (await guardian.ask(OWN_MEMBER, id=group_id))["group"]["viewerMember"] is None


async def test_parent_and_two_children_are_enrolled_at_once(world: World) -> None:  # R12
    creator, group_id, token, guardian = await invited(world)
    first, second = world.stranger(), world.stranger()
    chosen = [await add_relative(guardian, child) for child in (first, second)]
    request = await enrolling_too(guardian, token, *reversed(chosen))
    member_ids = await join_with(guardian, request)
    members = {member["id"]: member for member in await members_listed(creator, group_id)}
    parent, *children = [members[member_id] for member_id in member_ids]  # in the input's order
    assert children == [
        of(guardian, child, id=member_id)
        for child, member_id in zip((second, first), member_ids[1:], strict=True)
    ]
    assert (parent["enrolledBy"], parent["person"]["name"]) == (None, guardian.name)
    group = await group_seen_by(guardian, group_id)
    assert group["viewerRole"] == "MEMBER"
    assert {member["id"] for member in group["viewerMembers"]} == set(member_ids)
    own = (await guardian.ask(OWN_MEMBER, id=group_id))["group"]["viewerMember"]
    assert own == {"id": parent["id"], "person": {"name": guardian.name}}


async def test_one_who_may_not_join_keeps_all_out_and_costs_nothing(world: World) -> None:
    creator, group_id, token, guardian = await invited(world)  # R12, R40
    fine, unproved = world.stranger(), world.stranger()
    await register(guardian, registry_entry(fine), registry_entry(unproved, verified=False))
    await sync(guardian)
    listed = {one["name"]: one["id"] for one in await relatives_of(guardian)}
    request = await enrolling_too(guardian, token, listed[fine.name], listed[unproved.name])
    phone = guardian.phone.replace("+86139", "+86138")
    request |= await guardian.prove("JOIN", phone)
    payload = await guardian.payload("joinGroup", "members { id }", **request)
    assert payload["members"] is None
    [error] = payload["errors"]
    assert error["code"] == "RELATIVE_NOT_VERIFIED"
    assert error["path"] == ["people", "2", "relativeId"]
    assert len(await members_listed(creator, group_id)) == 1
    # The same verification and the same code serve those who may.
    assert len(await join_with(guardian, request | {"people": request["people"][:2]})) == 2
    assert {member["phone"] for member in (await members_listed(creator, group_id))[1:]} == {phone}


async def test_who_joins_must_be_said_clearly(world: World) -> None:  # R12
    creator, group_id, token, guardian = await invited(world)
    one, two = [await add_relative(guardian, world.stranger()) for _ in range(2)]
    request = await enrolling_too(guardian, token, one, two)
    own, first, second = request["people"]
    for people in (
        [],
        [first, second, first],
        [own, first, own],
        [first | {"self": True}],
        [own | {"relativeId": two}],
        [{"remark": "一年级"}],
        [own, *(made_up(number) for number in range(51))],  # more than a family list holds
    ):
        wrong = request | {"people": people}
        assert await guardian.refused("joinGroup", **wrong) == "PEOPLE_INVALID", people[:3]
    assert await guardian.refused("joinGroup", **request | {"consent": False}) == "CONSENT_REQUIRED"
    assert len(await members_listed(creator, group_id)) == 1
    assert len(await join_with(guardian, request)) == 3


async def test_nobody_enrols_whom_they_do_not_have(world: World) -> None:  # R12
    creator, group_id, token, guardian = await invited(world)
    mine = await add_relative(guardian, world.stranger())
    theirs = await add_relative(await world.real_person(), world.stranger())
    removed = await add_relative(guardian, world.stranger())
    await guardian.change("removeRelative", "relatives { id }", relativeId=removed)
    for relative_id in (theirs, removed, made_up(7)["relativeId"], "garbage", group_id):
        request = enrolling(token, mine, relative_id)
        assert await guardian.refused("joinGroup", **request) == "RELATIVE_NOT_FOUND"
    unnamed = await world.someone()
    assert await unnamed.refused("joinGroup", **enrolling(token, mine)) == "RELATIVE_NOT_FOUND"
    assert len(await members_listed(creator, group_id)) == 1


async def test_one_place_is_not_enough_for_two(world: World) -> None:  # R2, R12
    creator, group_id, token, guardian = await invited(world)
    relative_id = await add_relative(guardian, world.stranger())
    await fill(group_id, 498)
    request = await enrolling_too(guardian, token, relative_id)
    assert await guardian.refused("joinGroup", **request) == "GROUP_FULL"
    count = "query($id: ID!) { group(id: $id) { memberCount members(last: 1) { nodes { id } } } }"
    assert (await creator.ask(count, id=group_id))["group"]["memberCount"] == 499
    assert await guardian.error_code(count, id=group_id) == "NOT_FOUND"
    [member_id] = await enrol(guardian, token, relative_id)
    group = (await creator.ask(count, id=group_id))["group"]
    assert group == {"memberCount": 500, "members": {"nodes": [{"id": member_id}]}}


async def test_a_join_says_who_was_in_before(world: World) -> None:  # R13
    _, _, token, guardian = await invited(world)
    child = await add_relative(guardian, world.stranger())
    asked = "members { id } alreadyMemberIds"
    alone = await guardian.joining(token)
    first = await guardian.change("joinGroup", asked, **alone)
    assert first["alreadyMemberIds"] == []
    again = await guardian.change("joinGroup", asked, **alone)
    [parent] = first["members"]
    assert (again["members"], again["alreadyMemberIds"]) == ([parent], [parent["id"]])
    both = await guardian.change("joinGroup", asked, **await enrolling_too(guardian, token, child))
    assert both["members"][0] == parent and len(both["members"]) == 2
    assert both["alreadyMemberIds"] == [parent["id"]]


async def test_enrolling_twice_is_harmless(world: World) -> None:  # R13
    creator, group_id, token, guardian = await invited(world)
    relative_id, other = [await add_relative(guardian, world.stranger()) for _ in range(2)]
    request = await enrolling_too(guardian, token, relative_id)
    first = await join_with(guardian, request)
    assert await join_with(guardian, request) == first  # its verification is used
    assert await enrol(guardian, token, relative_id) == first[1:]
    assert await enrol(guardian, token, other, relative_id) == [
        (await members_listed(creator, group_id))[-1]["id"],
        first[1],
    ]
    assert len(await members_listed(creator, group_id)) == 4
    assert len((await group_seen_by(guardian, group_id))["viewerMembers"]) == 3


async def test_a_child_whom_both_parents_enrol_is_one_member(world: World) -> None:  # R12
    household = await a_household(world, parents=2)
    mother, father = household.parents
    [_, member] = await members_listed(household.creator, household.group_id)
    assert (member["id"], member["enrolledBy"]) == (household.member_id, {"name": mother.name})
    for parent in (mother, father):
        [seen] = (await group_seen_by(parent, household.group_id))["viewerMembers"]
        assert (seen["id"], seen["enrolledBy"]["name"]) == (household.member_id, mother.name)


@pytest.mark.parametrize("groups", [1, 2])
async def test_parents_may_enrol_their_children_at_the_same_moment(  # R12, R13
    world: World, groups: int
) -> None:
    creator = await world.real_person()
    group_ids = [await creator.create_group() for _ in range(groups)]
    tokens = [await creator.invite(group_id) for group_id in group_ids]
    parents = await asyncio.gather(*(world.real_person() for _ in range(4)))
    children = [world.stranger() for _ in range(6)]
    requests = []
    for index, parent in enumerate(parents):
        chosen = [await add_relative(parent, child) for child in children]
        requests.append(enrolling(tokens[index % groups], *chosen[:: -1 if index % 2 else 1]))
    pairs = zip(parents, requests, strict=True)
    answers = await asyncio.gather(*(join_with(parent, request) for parent, request in pairs))
    assert len({member_id for member_ids in answers for member_id in member_ids}) == 6 * groups
    for group_id in group_ids:
        assert len(await members_listed(creator, group_id)) == 7


async def test_spouses_may_enrol_each_other_at_the_same_moment(world: World) -> None:  # R12
    creator, _, token, wife = await invited(world)
    husband, other = await world.real_person(), await creator.create_group()
    token_of_other = await creator.invite(other)
    his, hers = await add_relative(husband, wife), await add_relative(wife, husband)
    answers = await asyncio.gather(enrol(wife, token, hers), enrol(husband, token_of_other, his))
    assert [len(answer) for answer in answers] == [1, 1]


async def test_who_joined_themselves_is_not_taken_over(world: World) -> None:  # R12
    creator, group_id, token, guardian = await invited(world)
    child, sibling = await world.someone(), world.stranger()
    member_id = await child.join(token)
    relative_id, other = [await add_relative(guardian, one) for one in (child, sibling)]
    for chosen in ([relative_id], [other, relative_id]):
        request = enrolling(token, *chosen)
        assert await guardian.refused("joinGroup", **request) == "RELATIVE_JOINED_THEMSELVES"
    assert len(await members_listed(creator, group_id)) == 2
    assert await guardian.error_code("query($id: ID!) { node(id: $id) { id } }", id=member_id) == (
        "NOT_FOUND"
    )
    assert (await group_seen_by(child, group_id))["viewerMembers"][0]["enrolledBy"] is None


async def test_an_enrolled_child_who_joins_themselves_finds_what_stands(world: World) -> None:
    household = await a_household(world)  # R12, R13
    child = household.child
    await come_of_age(child)
    assert await child.join(household.token) == household.member_id
    [_, member] = await members_listed(household.creator, household.group_id)
    assert member["enrolledBy"] == {"name": household.parent.name}
