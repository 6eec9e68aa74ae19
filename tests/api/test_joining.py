"""Joining a group by an invitation (R2, R4, R11, R13, R14)."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from app.models.groups import Group
from app.resolvers.ids import decode_id
from app.services.groups import joining as use_cases
from tests.support.groups import dissolve
from tests.support.person import Person
from tests.support.shown_writes import by_hand
from tests.support.verifications import end
from tests.support.waiting import eventually
from tests.support.world import World

OWN = """query($id: ID!) { group(id: $id) { viewerRole viewerMembers {
    id role remark phone person { name } asOf doses latestTest { result } anomaly { reasons }
} } }"""
MANAGED = """query($id: ID!) { group(id: $id) {
    colour memberCount colourReasons { reason count } members { nodes { id } }
} }"""


async def group_of(world: World) -> tuple[Person, str, str]:
    """Someone who owns a group, its id, and the token of an invitation."""
    creator = await world.real_person()
    group_id = await creator.create_group()
    return creator, group_id, await creator.invite(group_id)


async def attempt(person: Person, joining: dict[str, Any]) -> str:
    """The id of the membership, or the code of the refusal."""
    payload = await person.payload("joinGroup", "members { id }", **joining)
    found = payload["errors"][0]["code"] if payload["errors"] else payload["members"][0]["id"]
    return str(found)


def by(token: str, verification: dict[str, Any] | None, **person: Any) -> dict[str, Any]:
    """The input with which one joins by a verification."""
    joiner = {
        "self": True,
        "remark": "",
        "verificationId": verification and verification["id"],
        **person,
    }
    return {"token": token, "consent": True, "people": [joiner]}


async def ready(person: Person, token: str) -> dict[str, Any]:
    """All that someone joins with, the code of another phone included."""
    phone = person.phone.replace("+86139", "+86138")
    return await person.joining(token, **await person.prove("JOIN", phone))


async def own(person: Person, group_id: str) -> dict[str, Any]:
    """The one membership that someone sees of themselves."""
    (member,) = (await person.ask(OWN, id=group_id))["group"]["viewerMembers"]
    return dict(member)


async def managed(creator: Person, group_id: str) -> dict[str, Any]:
    group: dict[str, Any] = (await creator.ask(MANAGED, id=group_id))["group"]
    assert len(group["members"]["nodes"]) == group["memberCount"]
    return group


async def turned(creator: Person, group_id: str, colour: str) -> dict[str, Any]:
    return await eventually(lambda: managed(creator, group_id), lambda it: it["colour"] == colour)


async def other_phone_of(person: Person) -> Person:
    """The same human at another phone, whom the server doesn't know yet."""
    other = await person.world.someone()
    other.id_number, other.name = person.id_number, person.name
    return other


async def test_whoever_joins_sees_their_own_membership(world: World) -> None:  # R11
    creator, group_id, token = await group_of(world)
    member = await world.someone()
    joining = by(token, await member.start_verification("JOIN"), remark="  三年二班 张三 ")
    member_id = await attempt(member, joining)
    seen = await own(member, group_id)
    assert (seen["id"], seen["role"], seen["phone"]) == (member_id, "MEMBER", member.phone)
    assert (seen["remark"], seen["person"]) == ("三年二班 张三", {"name": member.name})
    assert (await managed(creator, group_id))["memberCount"] == 2
    me = (await member.ask("{ me { name realNamed } }"))["me"]  # R6: by the verification
    assert me == {"name": member.name, "realNamed": True}


async def test_the_health_data_of_whoever_joins_arrives_by_itself(world: World) -> None:  # R14
    creator, group_id, token = await group_of(world)
    member = await world.someone()
    tests, doses = [{"result": "NEGATIVE"}], [{"dose": 1}, {"dose": 2}]
    await world.set_record(member.id_number, health_code="YELLOW", tests=tests, vaccinations=doses)
    await member.join(token)
    seen = await eventually(lambda: own(member, group_id), lambda found: bool(found["asOf"]))
    assert (seen["doses"], seen["latestTest"]) == (2, {"result": "NEGATIVE"})
    group = await turned(creator, group_id, "YELLOW")
    assert group["colourReasons"] == [{"reason": "CODE_YELLOW", "count": 1}]
    assert (await own(member, group_id))["anomaly"] == {"reasons": ["CODE_YELLOW"]}


async def test_one_person_joins_as_many_groups_as_they_like(world: World) -> None:  # R4
    member = await world.someone()
    groups = await asyncio.gather(*(group_of(world) for _ in range(7)))
    for _, _, token in groups:
        await member.join(token)
    mine = (await member.ask("{ me { groups { nodes { id } } } }"))["me"]["groups"]["nodes"]
    assert [group["id"] for group in mine] == [group_id for _, group_id, _ in groups]


async def test_another_phone_with_its_code_is_the_members_in_the_group(world: World) -> None:  # R41
    _, group_id, token = await group_of(world)
    member = await world.someone()
    phone = member.phone.replace("+86139", "+86138")
    proof = await member.prove("JOIN", phone)
    joining = await member.joining(token, **proof)
    assert await attempt(member, joining | {"code": None}) == "CODE_REQUIRED"
    assert await attempt(member, joining | {"phone": None}) == "PHONE_INVALID"
    assert await attempt(member, joining | {"challenge": None}) == "CODE_WRONG"
    wrong = f"{(int(proof['code']) + 1) % 1_000_000:06}"
    assert await attempt(member, joining | {"code": wrong}) == "CODE_WRONG"
    await attempt(member, joining)
    assert (await own(member, group_id))["phone"] == phone


async def test_what_nobody_may_join_with(world: World) -> None:  # R11
    creator, group_id, token = await group_of(world)
    person = await world.someone()
    joining = by(token, await person.start_verification("JOIN"))
    (self,) = joining["people"]
    for change, refusal in (
        ({"consent": False}, "CONSENT_REQUIRED"),
        ({"people": []}, "PEOPLE_INVALID"),
        ({"people": [self, self]}, "PEOPLE_INVALID"),
        ({"people": [self | {"self": False}]}, "PEOPLE_INVALID"),
        ({"people": [self | {"remark": "x" * 61}]}, "REMARK_INVALID"),
        ({"people": [self | {"remark": "a\x00b"}]}, "REMARK_INVALID"),
        ({"people": [self | {"remark": "x" * 10_000}]}, "REMARK_INVALID"),
    ):
        assert await attempt(person, joining | change) == refusal
    await attempt(person, joining)
    assert (await managed(creator, group_id))["memberCount"] == 2


async def test_joining_needs_a_fresh_verification_of_ones_own_for_it(world: World) -> None:  # R11
    creator, group_id, token = await group_of(world)
    person, other = await world.real_person(), await world.someone()
    about_other = replace(person)
    about_other.id_number, about_other.name = other.id_number, other.name
    failed = await end(await person.start_verification("JOIN"), world, "FAILED")
    for verification, refusal in (
        (None, "VERIFICATION_REQUIRED"),
        ({"id": "garbage"}, "VERIFICATION_REQUIRED"),
        (await other.start_verification("JOIN"), "VERIFICATION_REQUIRED"),
        (await about_other.start_verification("JOIN"), "VERIFICATION_MISMATCH"),
        (await person.start_verification("IDENTIFY"), "VERIFICATION_MISMATCH"),
        (failed, "VERIFICATION_FAILED"),
    ):
        assert await attempt(person, by(token, verification)) == refusal
    used = await person.start_verification("JOIN")
    await attempt(person, by((await group_of(world))[2], used))
    assert await attempt(person, by(token, used)) == "VERIFICATION_USED"
    old = await end(await person.start_verification("JOIN"), world, "PASSED")
    await world.advance(minutes=10)
    assert await attempt(person, by(token, old)) == "VERIFICATION_EXPIRED"
    assert (await managed(creator, group_id))["memberCount"] == 1
    await person.join(token)


async def test_joining_again_answers_the_membership_that_stands(world: World) -> None:  # R13
    creator, group_id, token = await group_of(world)
    member = await world.someone()
    joining = await member.joining(token)
    member_id = await attempt(member, joining)
    assert await attempt(member, joining) == member_id  # its verification is used
    assert await (await other_phone_of(member)).join(token) == member_id
    await world.advance(hours=24)
    await member.sign_in()
    assert await attempt(member, joining) == member_id  # its invitation has expired
    await creator.sign_in()
    assert await creator.join(token) == (await own(creator, group_id))["id"]
    assert (await own(creator, group_id))["role"] == "CREATOR"
    assert (await own(member, group_id))["remark"] == "三年二班"
    assert (await managed(creator, group_id))["memberCount"] == 2


async def test_joining_twice_at_once_is_harmless(world: World) -> None:  # R13
    creator, group_id, token = await group_of(world)
    member = await world.someone()
    joining = await ready(member, token)
    await world.faults(identity={"delay_ms": 300, "times": 1})  # one is overtaken by the others
    member_ids = await asyncio.gather(*(attempt(member, joining) for _ in range(4)))
    assert set(member_ids) == {(await own(member, group_id))["id"]}
    assert (await managed(creator, group_id))["memberCount"] == 2


async def test_joining_from_several_phones_at_once_is_harmless(world: World) -> None:  # R13
    creator, group_id, token = await group_of(world)
    member = await world.someone()
    phones = [member, *[await other_phone_of(member) for _ in range(3)]]
    member_ids = await asyncio.gather(*(phone.join(token) for phone in phones))
    assert len(set(member_ids)) == 1
    assert [(await own(phone, group_id))["id"] for phone in phones] == member_ids
    assert (await managed(creator, group_id))["memberCount"] == 2


async def test_the_last_place_is_taken_once_and_costs_the_others_nothing(world: World) -> None:
    creator, group_id, token = await group_of(world)  # R2, R40
    elsewhere, other_id, other = await group_of(world)
    people = await asyncio.gather(*(world.someone() for _ in range(10)))
    inputs = await asyncio.gather(*(ready(person, token) for person in people))
    # 498 more people can't be signed in here: the count of members is set by hand.
    key = decode_id(group_id, "Group")
    async with by_hand(key):
        await Group.filter(id=key).update(member_count=499)
    pairs = list(zip(people, inputs, strict=True))
    outcomes = await asyncio.gather(*(attempt(*pair) for pair in pairs))
    assert outcomes.count("GROUP_FULL") == 9
    group = (await creator.ask(MANAGED, id=group_id))["group"]
    assert group["memberCount"] == 500 and len(group["members"]["nodes"]) == 2
    for (person, joining), seen in zip(pairs, outcomes, strict=True):
        if seen == "GROUP_FULL":
            member_id = await attempt(person, joining | {"token": other})
            assert member_id == (await own(person, other_id))["id"]
        else:
            assert await attempt(person, joining) == seen  # R13: full or not
    assert (await managed(elsewhere, other_id))["memberCount"] == 10


async def test_nobody_is_judged_before_their_first_data_came(world: World) -> None:  # R14
    creator, group_id, token = await group_of(world)
    await eventually(lambda: own(creator, group_id), lambda found: bool(found["asOf"]))
    member = await world.someone()
    await world.set_record(member.id_number, health_code="RED")

    async def judged() -> tuple[str, list[dict[str, Any]]]:
        # Setting the requirement judges the group there and then.
        await creator.change("setRequirement", "__typename", groupId=group_id, natValidity="NONE")
        group = await managed(creator, group_id)
        return group["colour"], group["colourReasons"]

    try:
        await world.faults(health={"status": 503})
        await member.join(token)
        assert await judged() == ("GREEN", [])
        await world.advance(minutes=9, seconds=50)
        assert await judged() == ("GREEN", [])
        assert (await own(member, group_id))["asOf"] is None
        await world.advance(seconds=11)
        group = await turned(creator, group_id, "YELLOW")
        assert group["colourReasons"] == [{"reason": "CODE_UNKNOWN", "count": 1}]
    finally:
        await world.faults()
    await creator.sign_in()
    await creator.change("refreshGroup", "run { id }", groupId=group_id)
    await turned(creator, group_id, "RED")


async def test_a_joining_whose_group_is_gone_before_the_answer_answers_nobody(  # R8, R13
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    creator, group_id, token = await group_of(world)
    person = await world.someone()
    really_join = use_cases.join_group

    async def join_and_lose_the_group(*args: Any) -> Any:
        members = await really_join(*args)
        await dissolve(creator, group_id)
        return members

    monkeypatch.setattr(use_cases, "join_group", join_and_lose_the_group)
    request = by(token, await person.start_verification("JOIN"))
    payload = await person.payload("joinGroup", "members { id }", **request)
    assert payload == {"members": [], "errors": []}
