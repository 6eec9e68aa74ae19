"""What is removed is named, and what changes the viewer answers the viewer: caches need both."""

from typing import Any
from uuid import UUID

from app.domain.times import read_time
from app.resolvers.ids import encode_id
from tests.support.families import (
    a_household,
    register,
    registry_entry,
    relative_input,
    verify_relative,
)
from tests.support.groups import a_group, dissolving
from tests.support.leaves import request_leave
from tests.support.members import appoint, member_id_of
from tests.support.person import Person
from tests.support.records import nat
from tests.support.world import World

REQUEST = "query($id: ID!) { group(id: $id) { leaveRequests { nodes { id } } } }"
INVITATIONS = "query($id: ID!) { group(id: $id) { invitations { nodes { id } } } }"
NODE = "query($id: ID!) { node(id: $id) { id } }"
OUT = "group { memberCount pendingLeaveCount } removedMemberId removedLeaveRequestId"
ME = "me { id relatives { id } }"
GROUPS = "me { id groups { nodes { id } } }"


async def waiting_request(creator: Person, group_id: str) -> str:
    [request] = (await creator.ask(REQUEST, id=group_id))["group"]["leaveRequests"]["nodes"]
    request_id: str = request["id"]
    return request_id


async def test_a_removed_member_is_named(world: World) -> None:
    creator, group_id, (member, leaver) = await a_group(world, members=2)
    member_id = await member_id_of(member, group_id)
    answered = await creator.change("removeMember", OUT, memberId=member_id)
    assert answered["removedMemberId"] == member_id
    assert answered["removedLeaveRequestId"] is None
    assert answered["group"] == {"memberCount": 2, "pendingLeaveCount": 0}
    assert await creator.error_code(NODE, id=member_id) == "NOT_FOUND"
    leaver_id = await request_leave(leaver, group_id)
    request_id = await waiting_request(creator, group_id)
    answered = await creator.change("removeMember", OUT, memberId=leaver_id)
    assert answered["removedMemberId"] == leaver_id
    assert answered["removedLeaveRequestId"] == request_id


async def test_a_completed_leave_names_the_member_and_the_request(world: World) -> None:
    creator, group_id, [leaver] = await a_group(world)
    leaver_id = await request_leave(leaver, group_id)
    request_id = await waiting_request(creator, group_id)
    answered = await creator.change("completeLeave", OUT, memberId=leaver_id)
    assert answered == {
        "group": {"memberCount": 1, "pendingLeaveCount": 0},
        "removedMemberId": leaver_id,
        "removedLeaveRequestId": request_id,
        "errors": [],
    }
    refused = await creator.payload("completeLeave", OUT, memberId=leaver_id)
    assert [error["code"] for error in refused.pop("errors")] == ["LEAVE_ALREADY_COMPLETE"]
    assert set(refused.values()) == {None}


async def test_a_cancelled_leave_names_the_request(world: World) -> None:
    creator, group_id, [leaver] = await a_group(world)
    leaver_id = await request_leave(leaver, group_id)
    request_id = await waiting_request(creator, group_id)
    fields = "member { id leaveRequest { id } } removedLeaveRequestId"
    answered = await leaver.change("cancelLeave", fields, memberId=leaver_id)
    assert answered["removedLeaveRequestId"] == request_id
    assert answered["member"] == {"id": leaver_id, "leaveRequest": None}


async def test_a_withdrawn_invitation_is_named(world: World) -> None:
    creator, group_id, _ = await a_group(world)
    [listed] = (await creator.ask(INVITATIONS, id=group_id))["group"]["invitations"]["nodes"]
    fields = "group { invitations { nodes { id } } } withdrawnInvitationId"
    answered = await creator.change("withdrawInvitation", fields, invitationId=listed["id"])
    assert answered["withdrawnInvitationId"] == listed["id"]
    assert answered["group"]["invitations"]["nodes"] == []


async def test_invitations_of_admins_that_stop_are_named(world: World) -> None:  # R9
    creator, group_id, (admin, other) = await a_group(world, members=2)
    admin_id, _ = await appoint(creator, group_id, admin, other)
    made = {await invitation_by(admin, group_id) for _ in range(2)}
    own = await invitation_by(other, group_id)
    fields = "member { role } withdrawnInvitationIds"
    dismissed = await creator.change("dismissAdmin", fields, memberId=admin_id)
    assert dismissed["member"] == {"role": "MEMBER"}
    assert set(dismissed["withdrawnInvitationIds"]) == made
    fields = "group { invitations { nodes { id } } } withdrawnInvitationIds"
    policy = {"groupId": group_id, "adminsMayInvite": False}
    closed = await creator.change("setInvitationPolicy", fields, **policy)
    assert closed["withdrawnInvitationIds"] == [own]
    left = [one["id"] for one in closed["group"]["invitations"]["nodes"]]
    assert left and not made & set(left) and own not in left
    again = await creator.change("setInvitationPolicy", fields, **policy)
    assert again["withdrawnInvitationIds"] == []


async def invitation_by(manager: Person, group_id: str) -> str:
    made = await manager.change("createInvitation", "invitation { id }", groupId=group_id)
    invitation_id: str = made["invitation"]["id"]
    return invitation_id


async def test_a_withdrawn_consent_changes_the_viewer(world: World) -> None:  # R42
    _, group_id, [member] = await a_group(world)
    member_id = await member_id_of(member, group_id)
    fields = "me { consents { nodes { withdrawnAt } } }"
    answered = await member.change("withdrawConsent", fields, memberId=member_id)
    [consent] = answered["me"]["consents"]["nodes"]
    assert consent["withdrawnAt"] is not None


async def test_groups_that_come_and_go_change_the_viewer(world: World) -> None:
    creator = await world.real_person()
    new = {"name": "第一小学", "type": "SCHOOL", "address": "广州", "consent": True}
    created = await creator.change("createGroup", f"group {{ id }} {GROUPS}", **new)
    group_id = created["group"]["id"]
    assert created["me"]["groups"]["nodes"] == [{"id": group_id}]
    member = await world.someone()
    joining = await member.joining(await creator.invite(group_id))
    joined = await member.change("joinGroup", f"group {{ id viewerRole }} {GROUPS}", **joining)
    assert joined["group"] == {"id": group_id, "viewerRole": "MEMBER"}
    assert joined["me"]["groups"]["nodes"] == [{"id": group_id}]
    dissolved = await creator.change(
        "dissolveGroup",
        f"group {{ id name }} dissolvedGroupId {GROUPS}",
        **await dissolving(creator, group_id),
    )
    assert dissolved["dissolvedGroupId"] == group_id == dissolved["group"]["id"]
    assert dissolved["me"]["groups"]["nodes"] == []


async def test_the_family_list_changes_the_viewer(world: World) -> None:
    parent, child, other = await world.real_person(), world.stranger(), world.stranger()
    given = relative_input(child, verificationId=await verify_relative(parent, child))
    added = await parent.change("addRelative", f"relative {{ id }} {ME}", **given)
    relative_id = added["relative"]["id"]
    assert added["me"]["relatives"] == [{"id": relative_id}]
    await register(parent, registry_entry(other, verified=False))
    synced = await synchronised(parent)
    [other_id] = {one["id"] for one in synced["relatives"]} - {relative_id}
    assert synced["removedRelativeIds"] == []
    assert synced["me"]["relatives"] == synced["relatives"]
    proved = {"relativeId": other_id, "verificationId": await verify_relative(parent, other)}
    verified = await parent.change(
        "verifyRelative", "relative { id verified } me { relatives { id verified } }", **proved
    )
    assert {"id": other_id, "verified": True} in verified["me"]["relatives"]
    await register(parent)
    synced = await synchronised(parent)
    assert synced["removedRelativeIds"] == [other_id]
    assert synced["me"]["relatives"] == [{"id": relative_id}]
    fields = f"relatives {{ id }} removedRelativeId {ME}"
    removed = await parent.change("removeRelative", fields, relativeId=relative_id)
    assert removed["removedRelativeId"] == relative_id
    assert removed["relatives"] == removed["me"]["relatives"] == []


async def synchronised(parent: Person) -> dict[str, Any]:
    query = f"mutation {{ syncRelatives {{ relatives {{ id }} removedRelativeIds {ME} }} }}"
    payload: dict[str, Any] = (await parent.ask(query))["syncRelatives"]
    return payload


async def test_a_relative_who_is_enrolled_is_not_removed_by_the_registry(world: World) -> None:
    household = await a_household(world)
    before = (await household.parent.ask("{ me { relatives { id } } }"))["me"]["relatives"]
    await register(household.parent)
    synced = await synchronised(household.parent)
    assert synced["removedRelativeIds"] == [] and synced["relatives"] == before


async def test_what_is_selected_is_read_by_the_rights_there_are(world: World) -> None:
    creator, group_id, _ = await a_group(world)
    fields = "enabled group { anomalyAlerts }"
    switched = await creator.change("setAnomalyAlerts", fields, groupId=group_id, enabled=False)
    assert switched["group"] == {"anomalyAlerts": False} and switched["enabled"] is False
    refused = await creator.payload(
        "removeRelative", ME, relativeId=encode_id("Relative", UUID(int=1))
    )
    assert refused["me"] is None
    assert [error["code"] for error in refused["errors"]] == ["RELATIVE_NOT_FOUND"]


async def test_who_was_reminded_just_now_is_reminded_again_after_the_wait(world: World) -> None:
    member = {"tests": [nat(read_time(await world.now()), 1)]}
    creator, group_id, _ = await a_group(world, record=member)
    await creator.change("setRequirement", "__typename", groupId=group_id, natValidity="H24")
    reminder = {"groupId": group_id, "condition": {"noNegativeWithin": "H24"}}
    fields = "sent skippedBecause { reason retryAfterSeconds }"
    await world.advance(days=2)
    await creator.sign_in_again()
    first = await creator.change("sendHealthReminders", fields, **reminder)
    assert first["sent"] > 0 and first["skippedBecause"] == []
    await world.advance(minutes=20)
    await creator.sign_in_again()
    again = await creator.change("sendHealthReminders", fields, **reminder)
    [skipped] = again["skippedBecause"]
    assert skipped["reason"] == "REMINDED_WITHIN_AN_HOUR"
    assert 38 * 60 <= skipped["retryAfterSeconds"] <= 39 * 60
    await world.advance(seconds=skipped["retryAfterSeconds"])
    await creator.sign_in_again()
    third = await creator.change("sendHealthReminders", fields, **reminder)
    assert third["sent"] == first["sent"] and third["skippedBecause"] == []


async def test_a_refresh_says_after_how_many_seconds_the_next_is_possible(world: World) -> None:
    creator, group_id, _ = await a_group(world)
    fields = "run { id } nextAllowedAt retryAfterSeconds"
    first = await creator.change("refreshGroup", fields, groupId=group_id)
    assert 1790 <= first["retryAfterSeconds"] <= 1800
    await world.advance(minutes=10)
    same = await creator.change("refreshGroup", fields, groupId=group_id)
    assert same["run"] == first["run"] and same["nextAllowedAt"] == first["nextAllowedAt"]
    assert 1190 <= same["retryAfterSeconds"] <= 1200
    await world.advance(seconds=same["retryAfterSeconds"])
    await creator.sign_in_again()
    third = await creator.change("refreshGroup", fields, groupId=group_id)
    assert third["run"] != first["run"]
