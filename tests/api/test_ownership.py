"""What a group that changes hands takes along, and what it leaves behind (R9, R16, R32)."""

from typing import Any

from tests.support.groups import a_group, accept_group, offer_group
from tests.support.leaves import former_of, request_leave
from tests.support.members import member_id_of
from tests.support.person import Person
from tests.support.waiting import eventually
from tests.support.world import World

PAGE = "query($id: ID!) { group(id: $id) { viewerRole memberCount pendingLeaveCount } }"


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
