"""What a group that changes hands takes along, and what it leaves behind (R9, R16, R32)."""

from dataclasses import replace
from typing import Any

from tests.support.groups import a_group, accept_group, offer_group
from tests.support.leaves import former_of, request_leave
from tests.support.members import member_id_of
from tests.support.person import Person
from tests.support.waiting import eventually
from tests.support.world import World

PAGE = "query($id: ID!) { group(id: $id) { viewerRole memberCount pendingLeaveCount } }"

ROLE = "query($id: ID!) { group(id: $id) { viewerRole } }"
ROLES = "query($id: ID!) { group(id: $id) { members { nodes { id role } } } }"


async def a_group_with_an_admin(world: World) -> tuple[Person, str, Person, str]:
    creator, group_id, [admin, _] = await a_group(world, members=2)
    admin_id = await member_id_of(admin, group_id)
    await creator.change("appointAdmin", "", memberId=admin_id)
    return creator, group_id, admin, admin_id


async def test_who_accepts_a_group_takes_back_their_wish_to_leave_it(world: World) -> None:  # R16
    creator, group_id, admin, admin_id = await a_group_with_an_admin(world)
    await request_leave(admin, group_id)
    await offer_group(creator, admin_id)
    await accept_group(admin, group_id)
    page: Any = {"viewerRole": "CREATOR", "memberCount": 3, "pendingLeaveCount": 0}
    assert (await admin.ask(PAGE, id=group_id))["group"] == page
    refused = await creator.refused("completeLeave", memberId=admin_id)
    assert refused == "LEAVE_NOT_REQUESTED"
    # The 24 hours pass for somebody who asked later, so they have passed for the creator, too.
    await request_leave(creator, group_id)
    await world.advance(hours=24)
    await admin.sign_in_again()
    [gone] = await eventually(lambda: former_of(admin, group_id), bool)
    assert gone["name"] == creator.name
    page["memberCount"] = 2
    assert (await admin.ask(PAGE, id=group_id))["group"] == page


async def test_an_old_creators_invitations_obey_the_policy(world: World) -> None:  # R9, R16
    for may_invite, refusal in ((False, "INVITATION_WITHDRAWN"), (True, None)):
        creator, group_id, admin, admin_id = await a_group_with_an_admin(world)
        await creator.change(
            "setInvitationPolicy", "", groupId=group_id, adminsMayInvite=may_invite
        )
        token, other = await creator.invite(group_id), await world.someone()
        await offer_group(creator, admin_id)
        await accept_group(admin, group_id)
        joining = await other.joining(token)
        payload = await other.payload("joinGroup", "members { id }", **joining)
        assert [error["code"] for error in payload["errors"]] == ([refusal] if refusal else [])


async def taken_over(phone: Person, world: World) -> None:
    """Have another person pass the check with somebody's phone (R6)."""
    await world.advance(minutes=1)
    other = world.stranger()
    taker = replace(phone, name=other.name, id_number=other.id_number, device_token="")
    await taker.sign_in()
    await taker.identify()


async def role_of(creator: Person, group_id: str, member_id: str) -> str:
    nodes = (await creator.ask(ROLES, id=group_id))["group"]["members"]["nodes"]
    [role] = [node["role"] for node in nodes if node["id"] == member_id]
    return str(role)


async def test_an_admin_whose_phone_somebody_took_is_none_any_more(world: World) -> None:
    creator, group_id, admin, admin_id = await a_group_with_an_admin(world)  # R6, R7, R16
    joiner = await world.someone()
    joining = await joiner.joining(await admin.invite(group_id))
    await offer_group(creator, admin_id)
    await taken_over(admin, world)
    await eventually(lambda: role_of(creator, group_id, admin_id), lambda role: role == "MEMBER")
    offering = {"memberId": admin_id, "verificationId": await creator.verify("TRANSFER")}
    assert await creator.refused("offerGroup", **offering) == "MEMBER_NOT_ADMIN"
    assert await creator.refused("appointAdmin", memberId=admin_id) == "MEMBER_WITHOUT_ACCOUNT"
    assert await joiner.refused("joinGroup", **joining) == "INVITATION_WITHDRAWN"
    back = replace(world.stranger(), name=admin.name, id_number=admin.id_number)
    await back.sign_in()
    await back.identify()
    assert (await back.ask(ROLE, id=group_id))["group"] == {"viewerRole": "MEMBER"}
    await creator.change("appointAdmin", "", memberId=admin_id)
    await offer_group(creator, admin_id)
    await accept_group(back, group_id)
    assert await role_of(back, group_id, admin_id) == "CREATOR"


async def test_an_admin_with_another_phone_stays_one(world: World) -> None:  # R6, R7
    creator, group_id, admin, admin_id = await a_group_with_an_admin(world)
    other_phone = replace(world.stranger(), name=admin.name, id_number=admin.id_number)
    await other_phone.sign_in()
    await other_phone.identify()
    await taken_over(admin, world)
    await offer_group(creator, admin_id)
    assert await role_of(creator, group_id, admin_id) == "ADMIN"
    await accept_group(other_phone, group_id)


async def test_an_admin_whose_phone_slept_is_not_offered_the_group(world: World) -> None:  # R6, R7
    creator, _, admin, admin_id = await a_group_with_an_admin(world)
    await world.advance(days=91)
    await admin.sign_in_again()
    await creator.sign_in_again()
    await creator.identify()
    offering = {"memberId": admin_id, "verificationId": await creator.verify("TRANSFER")}
    assert await creator.refused("offerGroup", **offering) == "MEMBER_WITHOUT_ACCOUNT"
    await admin.identify()
    await creator.change("offerGroup", "", **offering)
