"""What becomes of an enrolled member: leaving, removal, and an account of their own (R12, R35)."""

from typing import Any

from app.domain.identity import mask_name
from tests.support.families import (
    PAGE,
    a_household,
    add_relative,
    code_at_the_end,
    come_of_age,
    enrol,
    enrolling,
    group_seen_by,
    is_out,
    members_listed,
    request_leave,
    verify_relative,
)
from tests.support.groups import a_group
from tests.support.leaves import REASON
from tests.support.person import Person
from tests.support.sms import sms_of, wait_for_sms
from tests.support.world import World

STATUS = "subscription($id: ID!) { groupStatusChanged(groupId: $id) { colour viewerRole } }"
MEMBER = "query($id: ID!) { node(id: $id) { ... on Member { healthCode person { name } } } }"
FORMER = """query($id: ID!) { group(id: $id) { pendingLeaveCount formerMembers { nodes {
    name cause reason } } } }"""


async def former(creator: Person, group_id: str) -> list[dict[str, Any]]:
    seen = (await creator.ask(FORMER, id=group_id))["group"]
    assert seen["pendingLeaveCount"] == 0
    members: list[dict[str, Any]] = seen["formerMembers"]["nodes"]
    return members


async def test_a_guardian_asks_for_the_child_with_their_own_face(world: World) -> None:  # R35, R33
    household = await a_household(world, parents=2)
    mother, father = household.parents
    request = {"memberId": household.member_id, "reason": REASON}
    for verification in (
        await verify_relative(father, household.child, "LEAVE"),
        await verify_relative(father, father, "JOIN"),
    ):
        given = request | {"verificationId": verification}
        assert await father.refused("requestLeave", **given) == "VERIFICATION_MISMATCH"
    await request_leave(father, household.member_id)
    for parent in (mother, father):
        [member] = (await group_seen_by(parent, household.group_id))["viewerMembers"]
        assert member["leaveRequest"] == {"reason": REASON}
    message = await wait_for_sms(mother, "relative_leaving")
    masked = mask_name(household.child.name)
    assert message["params"] == {"member": masked, "group": "第一小学"}
    await wait_for_sms(household.creator, "leave_requested")
    assert await father.denied("completeLeave", memberId=household.member_id) == "FORBIDDEN"
    await household.creator.change("completeLeave", "__typename", memberId=household.member_id)
    for parent in (mother, father):
        await wait_for_sms(parent, "leave_completed")
        assert await is_out(parent, household.group_id)
    assert await sms_of(father, "relative_leaving") == []  # who asked knows
    [gone] = await former(household.creator, household.group_id)
    expected = {"name": household.child.name, "cause": "LEAVE_COMPLETED", "reason": REASON}
    assert gone == expected


async def test_the_other_guardian_may_take_it_back(world: World) -> None:  # R32, R35
    household = await a_household(world, parents=2)
    mother, father = household.parents
    await request_leave(father, household.member_id)
    await mother.change("cancelLeave", "member { id }", memberId=household.member_id)
    await wait_for_sms(father, "relative_staying")
    [member] = (await group_seen_by(father, household.group_id))["viewerMembers"]
    assert member["leaveRequest"] is None
    cancel = {"memberId": household.member_id}
    assert await father.refused("cancelLeave", **cancel) == "LEAVE_NOT_REQUESTED"


async def test_guardians_are_told_when_time_lets_the_child_out(world: World) -> None:  # R33, R35
    household = await a_household(world, parents=2)
    await request_leave(household.parent, household.member_id)
    await world.advance(hours=24)
    for parent in household.parents:
        await wait_for_sms(parent, "leave_completed")
    await household.creator.sign_in()
    [gone] = await former(household.creator, household.group_id)
    assert (gone["name"], gone["cause"]) == (household.child.name, "LEAVE_EXPIRED")


async def test_a_manager_does_not_complete_what_they_asked_for_their_child(  # R32, R35
    world: World,
) -> None:
    household = await a_household(world)
    creator, child = household.creator, world.stranger()
    relative_id = await add_relative(creator, child)
    [member_id] = await enrol(creator, household.token, relative_id)
    await request_leave(creator, member_id)
    assert await creator.refused("completeLeave", memberId=member_id) == "LEAVE_YOUR_OWN"
    removed = await creator.change("removeMember", "group { memberCount }", memberId=member_id)
    assert removed["group"] == {"memberCount": 2}
    assert (await group_seen_by(creator, household.group_id))["viewerRole"] == "CREATOR"


async def test_nobody_else_asks_for_the_child(world: World) -> None:  # R35
    household = await a_household(world)
    member, outsider = await world.someone(), await world.real_person()
    await member.join(household.token)
    await add_relative(outsider, household.child)  # on the list, yet not enrolled by them
    for person, denial in (
        (member, "FORBIDDEN"),
        (household.creator, "FORBIDDEN"),
        (outsider, "NOT_FOUND"),
    ):
        verification_id = await person.verify("LEAVE")
        request = {
            "memberId": household.member_id,
            "reason": "x",
            "verificationId": verification_id,
        }
        assert await person.denied("requestLeave", **request) == denial
    assert await outsider.error_code(MEMBER, id=household.member_id) == "NOT_FOUND"


async def test_guardians_are_told_of_a_child_who_is_removed(world: World) -> None:  # R12, R16
    household = await a_household(world, parents=2)
    await household.creator.change("removeMember", "group { id }", memberId=household.member_id)
    for parent in household.parents:
        await wait_for_sms(parent, "member_removed")
        assert await is_out(parent, household.group_id)
    [gone] = await former(household.creator, household.group_id)
    assert (gone["name"], gone["cause"]) == (household.child.name, "REMOVED")


async def test_a_child_with_an_account_is_a_member_of_their_own(world: World) -> None:  # R12, R32
    household = await a_household(world, parents=2)
    child = household.child
    assert await child.error_code(PAGE, id=household.group_id) == "UNAUTHENTICATED"
    await child.sign_in()
    assert await is_out(child, household.group_id)  # nobody knows yet who it is
    await child.identify()
    group = await group_seen_by(child, household.group_id)
    assert group["viewerRole"] == "MEMBER"
    [member] = group["viewerMembers"]
    assert member["id"] == household.member_id
    assert member["enrolledBy"] == {"name": household.parent.name}
    await request_leave(child, household.member_id)
    for parent in household.parents:
        await wait_for_sms(parent, "relative_leaving")
    await household.creator.change("completeLeave", "__typename", memberId=household.member_id)
    assert await is_out(child, household.group_id)
    await wait_for_sms(
        child, "leave_completed"
    )  # R33: whoever leaves is told, beside the guardians


async def test_a_child_with_an_account_hears_what_a_guardian_asks_for_them(world: World) -> None:
    household = await a_household(world)  # R12, R35
    await come_of_age(household.child)
    await request_leave(household.parent, household.member_id)
    await wait_for_sms(household.child, "relative_leaving")
    await household.child.change("cancelLeave", "member { id }", memberId=household.member_id)
    await wait_for_sms(household.parent, "relative_staying")
    assert await sms_of(household.child, "relative_staying") == []  # who took it back knows


async def test_a_child_with_an_account_ends_the_guardians_hold(world: World) -> None:  # R12
    household = await a_household(world, parents=2)
    mother, father = household.parents
    child, group_id = household.child, household.group_id
    await come_of_age(child)
    async with father.socket() as socket:
        await socket.subscribe(STATUS, id=group_id)
        await socket.next()
        ended = await child.change(
            "endGuardianship",
            "member { id phone enrolledBy { name } }",
            memberId=household.member_id,
        )
        own = {"id": household.member_id, "phone": child.phone, "enrolledBy": None}
        assert ended["member"] == own
        assert await code_at_the_end(socket) == "NOT_FOUND"
    for parent in (mother, father):
        await wait_for_sms(parent, "guardians_ended")
        assert await is_out(parent, group_id)
        again = await add_relative(parent, child)
        refusal = await parent.refused("joinGroup", **enrolling(household.token, again))
        assert refusal == "RELATIVE_JOINED_THEMSELVES"
        verification_id = await parent.verify("LEAVE")
        request = {
            "memberId": household.member_id,
            "reason": "x",
            "verificationId": verification_id,
        }
        assert await parent.denied("requestLeave", **request) == "NOT_FOUND"
    [_, member] = await members_listed(household.creator, group_id)
    assert (member["phone"], member["enrolledBy"]) == (child.phone, None)
    ending = {"memberId": household.member_id}
    assert await child.refused("endGuardianship", **ending) == "MEMBER_WITHOUT_GUARDIAN"
    await household.creator.change("removeMember", "group { id }", **ending)
    await wait_for_sms(child, "member_removed")  # from now on at their own phone
    assert await sms_of(mother, "member_removed") == []


async def test_who_joined_themselves_has_no_guardian_to_end(world: World) -> None:  # R12
    creator, group_id, [member] = await a_group(world)
    for person in (creator, member):
        [own] = (await group_seen_by(person, group_id))["viewerMembers"]
        refusal = await person.refused("endGuardianship", memberId=own["id"])
        assert refusal == "MEMBER_WITHOUT_GUARDIAN"


async def test_only_with_an_account_a_child_becomes_admin(world: World) -> None:  # R7
    household = await a_household(world)
    request = {"memberId": household.member_id}
    assert await household.creator.refused("appointAdmin", **request) == "MEMBER_WITHOUT_ACCOUNT"
    await household.child.sign_in()
    assert await household.creator.refused("appointAdmin", **request) == "MEMBER_WITHOUT_ACCOUNT"
    await household.child.identify()
    await household.creator.change("appointAdmin", "member { id }", **request)
    assert (await group_seen_by(household.child, household.group_id))["viewerRole"] == "ADMIN"
    assert (await group_seen_by(household.parent, household.group_id))["viewerRole"] is None
