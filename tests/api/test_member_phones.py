"""The phone by which a member is reached, changed by who answers for them (R41)."""

import asyncio
from collections import Counter
from typing import Any

from tests.support.families import a_household, come_of_age, enrolling_too, join_with
from tests.support.groups import a_group
from tests.support.members import member_id_of
from tests.support.person import Person
from tests.support.sms import sms_of
from tests.support.waiting import eventually
from tests.support.world import World

PHONES = "query($id: ID!) { group(id: $id) { members { nodes { id phone } } } }"
OWN = "query($id: ID!) { group(id: $id) { viewerMembers { id phone } } }"
LOG = """subscription($id: ID!) { groupEvents(groupId: $id, after: 0) {
    ... on GroupEvent { type } } }"""


def another_phone(person: Person, digit: str = "8") -> str:
    return person.phone.replace("+86139", f"+8613{digit}")


async def change(person: Person, member_id: str, **proof: str) -> str:
    """``DONE``, or the code of the refusal."""
    given: dict[str, Any] = {"memberId": member_id, **proof}
    payload = await person.payload("updateMemberPhone", "member { id }", **given)
    return str(payload["errors"][0]["code"]) if payload["errors"] else "DONE"


async def phone_of(creator: Person, group_id: str, member_id: str) -> str:
    """The phone of a member as the managers see it."""
    nodes = (await creator.ask(PHONES, id=group_id))["group"]["members"]["nodes"]
    [phone] = [node["phone"] for node in nodes if node["id"] == member_id]
    return str(phone)


async def test_a_member_is_reached_at_another_phone_by_its_code(world: World) -> None:  # R41
    creator, group_id, [member] = await a_group(world)
    member_id, phone = await member_id_of(member, group_id), another_phone(member)
    proof = await member.prove("CHANGE_PHONE", phone)
    payload = await member.change(
        "updateMemberPhone", "member { phone }", memberId=member_id, **proof
    )
    assert payload["member"] == {"phone": phone}
    assert await phone_of(creator, group_id, member_id) == phone
    assert await change(member, member_id, **proof) == "CODE_WRONG"
    await creator.change("removeMember", "__typename", memberId=member_id)
    await eventually(lambda: world.messages(phone, "member_removed"), bool)
    assert await sms_of(member, "member_removed") == []


async def test_a_phone_is_proved_for_this_purpose_or_is_the_sessions_own(world: World) -> None:
    creator, group_id, [member] = await a_group(world)  # R40, R41
    member_id, phone = await member_id_of(member, group_id), another_phone(member)
    to_join = await member.prove("JOIN", phone)
    assert await change(member, member_id, **to_join) == "CODE_WRONG"
    assert await change(member, member_id, phone=phone) == "CODE_REQUIRED"
    assert await change(member, member_id, phone="110") == "PHONE_INVALID"
    await world.advance(minutes=1)
    proof = await member.prove("CHANGE_PHONE", phone)
    assert await change(member, member_id, **proof | {"challenge": "none"}) == "CODE_WRONG"
    assert await phone_of(creator, group_id, member_id) == member.phone
    assert await change(member, member_id, **proof) == "DONE"
    assert await change(member, member_id, phone=member.phone) == "DONE"
    assert await phone_of(creator, group_id, member_id) == member.phone


async def test_nobody_else_changes_a_members_phone(world: World) -> None:  # R17, R41
    creator, group_id, [member, other] = await a_group(world, members=2)
    member_id = await member_id_of(member, group_id)
    outsider = await world.real_person()
    for person, code in ((creator, "FORBIDDEN"), (other, "FORBIDDEN"), (outsider, "NOT_FOUND")):
        given = {"memberId": member_id, "phone": person.phone}
        assert await person.denied("updateMemberPhone", **given) == code
    assert await phone_of(creator, group_id, member_id) == member.phone


async def test_each_guardian_changes_the_phone_of_their_own_hold(world: World) -> None:  # R31, R41
    household = await a_household(world, parents=2)
    creator, (first, second) = household.creator, household.parents
    for parent in (second, first):
        proof = await parent.prove("CHANGE_PHONE", another_phone(parent))
        assert await change(parent, household.member_id, **proof) == "DONE"
    seen = await phone_of(creator, household.group_id, household.member_id)
    assert seen == another_phone(first)  # who enrolled them
    await creator.change("removeMember", "__typename", memberId=household.member_id)
    for parent in (first, second):
        new = another_phone(parent)
        await eventually(lambda phone=new: world.messages(phone, "member_removed"), bool)  # type: ignore[misc]
        assert await sms_of(parent, "member_removed") == []


async def test_guardians_answer_for_an_enrolled_member_until_the_hold_ends(world: World) -> None:
    household = await a_household(world)  # R12, R41
    child, member_id = household.child, household.member_id
    await come_of_age(child)
    assert await change(child, member_id, phone=child.phone) == "MEMBER_HAS_GUARDIAN"
    await child.change("endGuardianship", "__typename", memberId=member_id)
    proof = await child.prove("CHANGE_PHONE", another_phone(child))
    assert await change(child, member_id, **proof) == "DONE"
    given = {"memberId": member_id, "phone": household.parent.phone}
    assert await household.parent.denied("updateMemberPhone", **given) == "NOT_FOUND"


async def test_joining_again_with_another_phone_changes_it(world: World) -> None:  # R13, R41
    creator, group_id, [member] = await a_group(world)
    member_id, phone = await member_id_of(member, group_id), another_phone(member)
    token = await creator.invite(group_id)
    joining = await member.joining(token, **await member.prove("JOIN", phone))
    wrong = joining | {"code": f"{(int(joining['code']) + 1) % 1_000_000:06}"}
    assert await member.refused("joinGroup", **wrong) == "CODE_WRONG"
    assert await phone_of(creator, group_id, member_id) == member.phone
    for _ in range(2):  # the second finds it done
        payload = await member.change("joinGroup", "members { id phone }", **joining)
        assert payload["members"] == [{"id": member_id, "phone": phone}]
    await member.join(token)  # without a phone, nothing changes
    assert await phone_of(creator, group_id, member_id) == phone
    await member.join(token, phone=member.phone)
    assert await phone_of(creator, group_id, member_id) == member.phone


async def test_joining_again_twice_at_once_changes_the_phone_once(world: World) -> None:  # R13, R41
    creator, group_id, [member] = await a_group(world)
    token = await creator.invite(group_id)
    proof = await member.prove("JOIN", another_phone(member))
    joining = await member.joining(token, **proof)
    payloads = await asyncio.gather(
        *(member.payload("joinGroup", "members { id phone }", **joining) for _ in range(4))
    )
    assert [payload["errors"] for payload in payloads] == [[]] * 4
    assert {payload["members"][0]["phone"] for payload in payloads} == {another_phone(member)}
    async with creator.socket() as socket:
        await socket.subscribe(LOG, id=group_id)
        seen: Counter[str] = Counter()
        while seen["INVITATION_CREATED"] < 2 or not seen["PHONE_CHANGED"]:
            seen[(await socket.next())["groupEvents"]["type"]] += 1
    assert seen["PHONE_CHANGED"] == 1


async def test_a_guardian_who_joins_too_moves_the_wards_whom_they_name(world: World) -> None:
    household = await a_household(world)  # R12, R41
    guardian, phone = household.parent, another_phone(household.parent)
    relatives = (await guardian.ask("{ me { relatives { id } } }"))["me"]["relatives"]
    request = await enrolling_too(guardian, household.token, relatives[0]["id"])
    request |= await guardian.prove("JOIN", phone)
    assert household.member_id in await join_with(guardian, request)
    seen = (await guardian.ask(OWN, id=household.group_id))["group"]["viewerMembers"]
    assert [member["phone"] for member in seen] == [phone] * 2
