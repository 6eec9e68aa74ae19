"""Whose phone is told what: one's own, the guardians', and never somebody else's (R6, R12)."""

from typing import Any

from app.models.due import DueWork, WorkKind, work_key
from app.resolvers.ids import decode_id
from tests.support.families import Household, a_household, come_of_age, request_leave
from tests.support.groups import a_group
from tests.support.leaves import leave
from tests.support.members import member_id_of
from tests.support.person import Person
from tests.support.records import row_of
from tests.support.sms import sms_of, wait_for_sms
from tests.support.waiting import eventually
from tests.support.world import World

PHONE = "query($id: ID!) { node(id: $id) { ... on Member { phone } } }"
YELLOW = {"health_code": "YELLOW"}


async def all_sent() -> None:
    """Wait until no SMS is left to send."""
    sending = DueWork.filter(kind=WorkKind.SEND_SMS)
    await eventually(sending.exists, lambda some: not some)


async def take_over(person: Person) -> Person:
    """Have somebody else identify themselves with a person's phone."""
    other = person.world.stranger()
    other.phone, other.token = person.phone, person.token
    await other.identify()
    return other


async def heard(*people: Person, template: str) -> list[int]:
    """How many SMS of a kind each of them was sent."""
    await all_sent()
    return [len(await sms_of(person, template)) for person in people]


async def an_enrolled_admin(world: World) -> Household:
    """A household whose child has an account and is an admin."""
    household = await a_household(world)
    await come_of_age(household.child)
    await household.creator.change("appointAdmin", "", memberId=household.member_id)
    return household


async def test_an_enrolled_admin_is_told_as_a_manager_at_their_own_phone(world: World) -> None:
    house = await an_enrolled_admin(world)  # R28, R32
    other = await world.someone()
    await world.set_record(other.id_number, health_code="RED")
    await other.join(house.token)
    await request_leave(other, await member_id_of(other, house.group_id))
    for template in ("anomaly_alert", "leave_requested"):
        await wait_for_sms(house.creator, template)
        assert await heard(house.parent, house.child, template=template) == [0, 1]


async def test_a_dissolution_is_told_to_guardians_and_to_whom_they_enrolled(world: World) -> None:
    house = await a_household(world)  # R8, R12
    await come_of_age(house.child)
    verification = await house.creator.verify("DISSOLVE")
    given = {"groupId": house.group_id, "riskAcknowledged": True, "verificationId": verification}
    await house.creator.change("dissolveGroup", "", **given)
    assert await heard(house.parent, house.child, template="group_dissolved") == [1, 1]


async def phone_of(manager: Person, member_id: str) -> str:
    phone: str = (await manager.ask(PHONE, id=member_id))["node"]["phone"]
    return phone


async def test_a_phone_that_is_somebody_elses_is_told_nothing_of_who_had_it(world: World) -> None:
    creator, group_id, [member] = await a_group(world, 1, YELLOW)  # R6
    member_id = await member_id_of(member, group_id)
    await take_over(member)
    assert await phone_of(creator, member_id) == ""
    condition: dict[str, Any] = {"groupId": group_id, "condition": {"healthCodes": ["YELLOW"]}}
    fields = "sent skippedBecause { reason count }"
    answer = await creator.change("sendHealthReminders", fields, **condition)
    assert answer == {
        "sent": 1,
        "skippedBecause": [{"reason": "NO_PHONE", "count": 1}],
        "errors": [],
    }
    await creator.change("removeMember", "", memberId=member_id)
    for template in ("health_reminder", "member_removed"):
        assert await heard(member, template=template) == [0]


async def test_who_comes_back_with_another_phone_is_told_there(world: World) -> None:  # R6, R12
    house = await a_household(world)
    creator, parent = house.creator, house.parent
    await take_over(parent)
    back = await world.someone()
    back.id_number, back.name = parent.id_number, parent.name
    await back.identify()
    assert await phone_of(creator, house.member_id) == back.phone
    await creator.change("removeMember", "", memberId=house.member_id)
    assert await heard(parent, back, template="member_removed") == [0, 1]


async def test_who_has_another_phone_already_is_told_there(world: World) -> None:  # R6
    creator, group_id, [member] = await a_group(world)
    member_id, second = await member_id_of(member, group_id), await world.someone()
    second.id_number, second.name = member.id_number, member.name
    await second.identify()
    assert await phone_of(creator, member_id) == member.phone
    await take_over(member)
    assert await phone_of(creator, member_id) == second.phone


async def test_who_lost_their_phone_and_is_in_no_group_is_erased(world: World) -> None:  # R34
    creator, group_id, [member] = await a_group(world)
    member_id = decode_id(await leave(member, group_id, creator), "Member")
    await world.advance(days=30)
    await member.sign_in_again()
    erasing = DueWork.filter(key=work_key(WorkKind.ERASE_FORMER, member_id))
    await eventually(erasing.exists, lambda waiting: not waiting)
    assert await row_of(member) is not None  # the account's own
    await take_over(member)
    assert await row_of(member) is None


async def test_a_guardian_without_an_account_goes_with_the_last_child(world: World) -> None:  # R34
    house = await a_household(world)
    await take_over(house.parent)
    await house.creator.change("removeMember", "", memberId=house.member_id)
    assert await row_of(house.parent) is not None  # who consented is known while it counts
    await world.advance(days=30)
    for person in (house.child, house.parent):
        await eventually(lambda person=person: row_of(person), lambda row: row is None)  # type: ignore[misc]
