"""Managers: editing the group, roles, removal, handing over (R3, R7, R9, R16)."""

import asyncio
from typing import Any

from tests.support.groups import a_group
from tests.support.members import appoint, member_id_of
from tests.support.person import Person
from tests.support.waiting import eventually
from tests.support.world import World

PAGE = """query($id: ID!) { group(id: $id) { name type address viewerRole creator { name }
    offer { memberId until }
    invitationPolicy { adminsMayInvite open remarkPrompt remarkRequired }
    invitations { nodes { id } } } }"""
ROLES = "query($id: ID!) { group(id: $id) { members { nodes { id role remark } } } }"
FORMER = """query($id: ID!) { group(id: $id) { memberCount
    formerMembers { nodes { name remark cause reason } } } }"""


async def page(person: Person, group_id: str) -> dict[str, Any]:
    seen: dict[str, Any] = (await person.ask(PAGE, id=group_id))["group"]
    return seen


async def test_the_creator_edits_the_page(world: World) -> None:  # R7
    creator, group_id, _ = await a_group(world, members=0)
    payload = await creator.change(
        "updateGroup", "group { name type address }", groupId=group_id, name=" 第二小学 "
    )
    assert payload["group"] == {"name": "第二小学", "type": "SCHOOL", "address": "广州"}
    await creator.change("updateGroup", "", groupId=group_id, type="OTHER", address="佛山")
    seen = await page(creator, group_id)
    assert (seen["name"], seen["type"], seen["address"]) == ("第二小学", "OTHER", "佛山")
    assert await creator.refused("updateGroup", groupId=group_id) == "NOTHING_TO_CHANGE"
    assert await creator.refused("updateGroup", groupId=group_id, name=" ") == "NAME_INVALID"
    long = "长" * 201
    assert await creator.refused("updateGroup", groupId=group_id, address=long) == "ADDRESS_INVALID"
    assert (await page(creator, group_id))["name"] == "第二小学"


async def test_the_policy_pauses_joining_and_asks_for_remarks(world: World) -> None:  # R9
    creator, group_id, _ = await a_group(world, members=0)
    token = await creator.invite(group_id)
    policy = {"open": False, "remarkPrompt": "班级+姓名", "remarkRequired": True}
    await creator.change("setInvitationPolicy", "", groupId=group_id, **policy)
    someone = await world.someone()
    joining = await someone.joining(token)
    assert await someone.refused("joinGroup", **joining) == "INVITATION_PAUSED"
    await creator.change("setInvitationPolicy", "", groupId=group_id, open=True)
    nothing = [{**joining["people"][0], "remark": " "}]
    assert await someone.refused("joinGroup", **{**joining, "people": nothing}) == "REMARK_REQUIRED"
    preview = "query($t: String!) { invitation(token: $t) { state remarkPrompt remarkRequired } }"
    seen = (await someone.ask(preview, t=token))["invitation"]
    assert seen == {"state": "OPEN", "remarkPrompt": "班级+姓名", "remarkRequired": True}
    await someone.change("joinGroup", "", **joining)


async def test_admins_who_may_not_invite_lose_their_invitations(world: World) -> None:  # R9
    creator, group_id, (admin,) = await a_group(world)
    await appoint(creator, group_id, admin)
    theirs, own = await admin.invite(group_id), await creator.invite(group_id)
    policy = await creator.change(
        "setInvitationPolicy",
        "group { invitationPolicy { adminsMayInvite } }",
        groupId=group_id,
        adminsMayInvite=False,
    )
    assert policy["group"]["invitationPolicy"] == {"adminsMayInvite": False}
    assert await admin.denied("createInvitation", groupId=group_id) == "FORBIDDEN"
    someone = await world.someone()
    joining = await someone.joining(theirs)
    assert await someone.refused("joinGroup", **joining) == "INVITATION_WITHDRAWN"
    await someone.join(own)


async def test_five_admins_and_not_one_more_however_many_at_once(world: World) -> None:  # R3
    creator, group_id, people = await a_group(world, members=7)
    ids = [await member_id_of(person, group_id) for person in people]
    answers = await asyncio.gather(
        *(creator.payload("appointAdmin", "", memberId=member_id) for member_id in ids)
    )
    codes = [error["code"] for answer in answers for error in answer["errors"]]
    assert codes == ["ADMIN_LIMIT_REACHED"] * 2
    members = (await creator.ask(ROLES, id=group_id))["group"]["members"]["nodes"]
    assert sum(member["role"] == "ADMIN" for member in members) == 5
    admin = next(member["id"] for member in members if member["role"] == "ADMIN")
    plain = next(member["id"] for member in members if member["role"] == "MEMBER")
    await creator.change("appointAdmin", "", memberId=admin)  # harmless, uses no capacity
    await creator.change("dismissAdmin", "", memberId=admin)
    await creator.change("appointAdmin", "", memberId=plain)


async def test_only_a_plain_member_with_an_account_becomes_admin(world: World) -> None:  # R7
    creator, group_id, (member,) = await a_group(world)
    own = await member_id_of(creator, group_id)
    assert await creator.refused("appointAdmin", memberId=own) == "MEMBER_IS_CREATOR"
    plain = await member_id_of(member, group_id)
    assert await creator.refused("dismissAdmin", memberId=plain) == "MEMBER_NOT_ADMIN"
    assert await creator.denied("appointAdmin", memberId=group_id) == "BAD_USER_INPUT"


async def test_who_is_dismissed_reads_and_invites_no_more(world: World) -> None:  # R9, R16
    creator, group_id, (admin, other) = await a_group(world, members=2)
    [admin_id, _] = await appoint(creator, group_id, admin, other)
    token = await admin.invite(group_id)
    assert await other.denied("dismissAdmin", memberId=admin_id) == "FORBIDDEN"
    await creator.change("dismissAdmin", "member { role }", memberId=admin_id)
    assert await admin.error_code(ROLES, id=group_id) == "FORBIDDEN"
    someone = await world.someone()
    assert (
        await someone.refused("joinGroup", **await someone.joining(token)) == "INVITATION_WITHDRAWN"
    )


async def test_managers_edit_remarks(world: World) -> None:  # R16
    creator, group_id, (admin, member) = await a_group(world, members=2)
    await appoint(creator, group_id, admin)
    member_id = await member_id_of(member, group_id)
    payload = await admin.change(
        "updateMemberRemark", "member { remark }", memberId=member_id, remark=" 四年一班 "
    )
    assert payload["member"] == {"remark": "四年一班"}
    long = "长" * 61
    assert (
        await admin.refused("updateMemberRemark", memberId=member_id, remark=long)
        == "REMARK_INVALID"
    )
    own = "query($id: ID!) { group(id: $id) { viewerMembers { remark } } }"
    [seen] = (await member.ask(own, id=group_id))["group"]["viewerMembers"]
    assert seen == {"remark": "四年一班"}


async def test_the_order_of_removal(world: World) -> None:  # R16
    creator, group_id, (admin, other, _) = await a_group(world, members=3)
    [admin_id, other_id] = await appoint(creator, group_id, admin, other)
    creator_id = await member_id_of(creator, group_id)
    assert await admin.refused("removeMember", memberId=creator_id) == "MEMBER_IS_CREATOR"
    assert await creator.refused("removeMember", memberId=creator_id) == "MEMBER_IS_CREATOR"
    assert await admin.refused("removeMember", memberId=admin_id) == "MEMBER_IS_SELF"
    assert await admin.refused("removeMember", memberId=other_id) == "MEMBER_IS_ADMIN"
    assert await creator.refused("removeMember", memberId=other_id) == "MEMBER_IS_ADMIN"
    await creator.change("dismissAdmin", "", memberId=other_id)
    token = await creator.invite(group_id)
    await admin.change("removeMember", "group { memberCount }", memberId=other_id)
    assert await other.error_code(PAGE, id=group_id) == "NOT_FOUND"
    told = await eventually(
        lambda: world.messages(other.phone),
        lambda seen: bool(seen) and seen[-1]["template"] == "member_removed",
    )
    assert "第一小学" in told[-1]["text"]
    seen = (await creator.ask(FORMER, id=group_id))["group"]
    former = {"name": other.name, "remark": "三年二班", "cause": "REMOVED", "reason": None}
    assert seen == {"memberCount": 3, "formerMembers": {"nodes": [former]}}
    assert await admin.denied("removeMember", memberId=other_id) == "NOT_FOUND"
    joining = await other.joining(token)
    assert await other.refused("joinGroup", **joining) == "INVITATION_WITHDRAWN"
    await other.join(await creator.invite(group_id))  # by a new invitation
    assert (await creator.ask(FORMER, id=group_id))["group"]["memberCount"] == 4


async def offer(creator: Person, member_id: str) -> dict[str, Any]:
    return await creator.payload(
        "offerGroup",
        "group { offer { memberId } }",
        memberId=member_id,
        verificationId=await creator.verify("TRANSFER"),
    )


async def test_the_group_changes_hands(world: World) -> None:  # R16
    creator, group_id, (admin, other) = await a_group(world, members=2)
    [admin_id, _] = await appoint(creator, group_id, admin, other)
    assert (await offer(creator, admin_id))["group"]["offer"] == {"memberId": admin_id}
    await eventually(
        lambda: world.messages(admin.phone),
        lambda seen: [one["template"] for one in seen[-1:]] == ["group_offered"],
    )
    accepting = {"groupId": group_id, "verificationId": await other.verify("TRANSFER")}
    assert await other.refused("acceptGroup", **accepting) == "OFFER_NOT_FOUND"
    accepting["verificationId"] = await admin.verify("TRANSFER")
    payload = await admin.change("acceptGroup", "group { viewerRole offer { until } }", **accepting)
    assert payload["group"] == {"viewerRole": "CREATOR", "offer": None}
    seen = await page(creator, group_id)
    assert (seen["viewerRole"], seen["creator"]["name"]) == ("ADMIN", admin.name)
    assert await creator.denied("updateGroup", groupId=group_id, name="新") == "FORBIDDEN"
    # R1: the old creator's capacity is released, and the new one's reserved.
    for _ in range(5):
        await creator.create_group()
    for _ in range(4):
        await admin.create_group()
    new = {"name": "六", "type": "OTHER", "address": "六", "consent": True}
    assert await admin.refused("createGroup", **new) == "GROUP_LIMIT_REACHED"


async def test_an_offer_needs_an_admin_and_ones_own_face(world: World) -> None:  # R16
    creator, group_id, (member,) = await a_group(world)
    member_id = await member_id_of(member, group_id)
    assert (await offer(creator, member_id))["errors"][0]["code"] == "MEMBER_NOT_ADMIN"
    await appoint(creator, group_id, member)
    given = {"memberId": member_id, "verificationId": await creator.verify("DISSOLVE")}
    assert await creator.refused("offerGroup", **given) == "VERIFICATION_MISMATCH"
    given["verificationId"] = await member.verify("TRANSFER")
    assert await creator.refused("offerGroup", **given) == "VERIFICATION_REQUIRED"
    assert (await page(creator, group_id))["offer"] is None


async def test_an_offer_ends_with_a_day_a_dismissal_or_a_word(world: World) -> None:  # R16
    creator, group_id, (admin,) = await a_group(world)
    [admin_id] = await appoint(creator, group_id, admin)

    async def accepted() -> str:
        return await admin.refused(
            "acceptGroup", groupId=group_id, verificationId=await admin.verify("TRANSFER")
        )

    assert not (await offer(creator, admin_id))["errors"]
    await creator.change("withdrawGroupOffer", "", groupId=group_id)
    assert await accepted() == "OFFER_NOT_FOUND"
    assert not (await offer(creator, admin_id))["errors"]
    await creator.change("dismissAdmin", "", memberId=admin_id)
    await appoint(creator, group_id, admin)
    assert await accepted() == "OFFER_NOT_FOUND"
    assert not (await offer(creator, admin_id))["errors"]
    await world.advance(hours=24)
    await creator.renew()
    await admin.renew()
    assert await accepted() == "OFFER_NOT_FOUND"
    assert (await page(creator, group_id))["offer"] is None


async def test_nobody_takes_over_a_sixth_group(world: World) -> None:  # R1
    creator, group_id, (admin,) = await a_group(world)
    [admin_id] = await appoint(creator, group_id, admin)
    for _ in range(5):
        await admin.create_group()
    assert not (await offer(creator, admin_id))["errors"]
    given = {"groupId": group_id, "verificationId": await admin.verify("TRANSFER")}
    assert await admin.refused("acceptGroup", **given) == "GROUP_LIMIT_REACHED"
    assert (await page(creator, group_id))["viewerRole"] == "CREATOR"
