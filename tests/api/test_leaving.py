"""Leaving: requested, cancelled, completed by hand or by time (R16, R32, R33)."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from app.domain.events import EventType
from app.models.due import Claim, WorkKind
from app.models.events import GroupEvent
from app.resolvers.ids import decode_id
from app.services.groups.leaves import end_leave
from tests.support.clock import advance_to, time_until
from tests.support.groups import a_group
from tests.support.in_process import env_of
from tests.support.leaves import (
    REASON,
    former_of,
    group_view,
    group_view_now,
    leave,
    leave_request,
    request_leave,
)
from tests.support.members import appoint, member_id_of
from tests.support.sms import each_got_one, sms_of
from tests.support.waiting import eventually
from tests.support.world import World

GROUP = "query($id: ID!) { group(id: $id) { name } }"
NODE = "query($id: ID!) { node(id: $id) { id } }"
PENDING = "query($id: ID!) { group(id: $id) { pendingLeaveCount } }"
OWN = "query($id: ID!) { group(id: $id) { viewerMembers { leaveRequest { reason dueAt } } } }"
GROUPS = "{ me { groups { nodes { id } } } }"

MAY_COMPLETE = """query($id: ID!) { group(id: $id) {
    leaveRequests { nodes { viewerMayComplete } } } }"""
KEPT = "query($id: ID!) { group(id: $id) { formerMembers { nodes { leftAt keptUntil } } } }"


async def test_leaving_needs_a_fresh_verification_of_ones_own_for_it(world: World) -> None:  # R32
    creator, group_id, [member, other] = await a_group(world, members=2)
    member_id = await member_id_of(member, group_id)
    about_other = replace(member)
    about_other.id_number, about_other.name = other.id_number, other.name
    failed = await member.start_verification("LEAVE")
    (await world.http.post(failed["url"], json={"status": "FAILED"})).raise_for_status()
    for verification, refusal in (
        ({"id": "garbage"}, "VERIFICATION_REQUIRED"),
        (await other.start_verification("LEAVE"), "VERIFICATION_REQUIRED"),
        (await about_other.start_verification("LEAVE"), "VERIFICATION_MISMATCH"),
        (await member.start_verification("JOIN"), "VERIFICATION_MISMATCH"),
        (failed, "VERIFICATION_FAILED"),
    ):
        asking = await leave_request(member, member_id, verificationId=verification["id"])
        assert await member.refused("requestLeave", **asking) == refusal
    asking = await leave_request(member, member_id)
    await member.change("requestLeave", "member { id }", **asking)
    await member.change("cancelLeave", "member { id }", memberId=member_id)
    assert await member.refused("requestLeave", **asking) == "VERIFICATION_USED"
    old = await member.start_verification("LEAVE")
    (await world.http.post(old["url"], json={"status": "PASSED"})).raise_for_status()
    await world.advance(minutes=10)
    late = asking | {"verificationId": old["id"]}
    assert await member.refused("requestLeave", **late) == "VERIFICATION_EXPIRED"
    assert (await group_view(creator, group_id))["pendingLeaveCount"] == 0
    await request_leave(member, group_id)
    assert (await group_view(creator, group_id))["pendingLeaveCount"] == 1


@pytest.mark.parametrize("reason", ["", "   ", "x" * 201, "a\x00b"])
async def test_asking_needs_a_reason_that_can_be_read(world: World, reason: str) -> None:  # R32
    _, group_id, [member] = await a_group(world)
    asking = await leave_request(member, await member_id_of(member, group_id))
    payload = await member.payload("requestLeave", "__typename", **asking | {"reason": reason})
    [error] = payload["errors"]
    assert (error["code"], error["path"]) == ("REASON_INVALID", ["reason"])
    await member.change("requestLeave", "member { id }", **asking | {"reason": "x" * 200})


async def test_nobody_asks_for_the_creator_or_for_someone_else(world: World) -> None:  # R16, R32
    creator, group_id, [member, other] = await a_group(world, members=2)
    asking = await leave_request(creator, await member_id_of(creator, group_id))
    assert await creator.refused("requestLeave", **asking) == "CREATOR_CANNOT_LEAVE"
    member_id, outsider = await member_id_of(member, group_id), await world.real_person()
    for person, error in ((creator, "FORBIDDEN"), (other, "FORBIDDEN"), (outsider, "NOT_FOUND")):
        assert (
            await person.denied("requestLeave", **await leave_request(person, member_id)) == error
        )
        assert await person.denied("cancelLeave", memberId=member_id) == error
    assert (await group_view(creator, group_id))["pendingLeaveCount"] == 0


async def test_managers_are_told_and_see_who_asks_and_why(world: World) -> None:  # R32
    creator, group_id, [member, admin, other] = await a_group(world, members=3)
    await appoint(creator, group_id, admin)
    token = await creator.invite(group_id)
    member_id = await request_leave(member, group_id)
    await each_got_one((creator, admin), "leave_requested")
    [told_creator] = await sms_of(creator, "leave_requested")
    assert member.name not in told_creator["text"] and REASON not in told_creator["text"]
    assert await sms_of(member, "leave_requested") == await sms_of(other, "leave_requested") == []
    group = await group_view(creator, group_id)
    [request] = group["leaveRequests"]["nodes"]
    assert request["member"] == {"id": member_id, "person": {"name": member.name}}
    assert request["reason"] == REASON
    requested_at = datetime.fromisoformat(request["requestedAt"])
    assert datetime.fromisoformat(request["dueAt"]) - requested_at == timedelta(hours=24)
    assert group["memberCount"] == 4  # R2: who waits is still in
    own = (await member.ask(OWN, id=group_id))["group"]["viewerMembers"][0]["leaveRequest"]
    assert own == {"reason": REASON, "dueAt": request["dueAt"]}
    assert await other.error_code(PENDING, id=group_id) == "FORBIDDEN"
    # Asking again, by a verification that serves nothing and for another reason: nothing changes.
    again = await leave_request(member, member_id, reason="还有别的原因")
    again["verificationId"] = await member.verify("JOIN")
    await member.change("requestLeave", "member { id }", **again)
    assert await member.join(token) == member_id
    assert await group_view(admin, group_id) == group
    await creator.change("completeLeave", "group { id }", memberId=member_id)
    await each_got_one((member,), "leave_completed")  # SMS sent after any second leave_requested
    assert len(await sms_of(creator, "leave_requested")) == 1


async def test_an_admin_asks_like_anyone_and_the_role_ends_on_the_way_out(world: World) -> None:
    creator, group_id, people = await a_group(world, members=6)  # R3, R9, R32
    await appoint(creator, group_id, *people[:5])
    admin, other = people[:2]
    sixth = await member_id_of(people[5], group_id)
    token = await admin.invite(group_id)
    member_id = await request_leave(admin, group_id)
    await each_got_one((creator, other), "leave_requested")
    assert await sms_of(admin, "leave_requested") == []
    for manager, may in ((admin, False), (other, True), (creator, True)):
        [request] = (await manager.ask(MAY_COMPLETE, id=group_id))["group"]["leaveRequests"][
            "nodes"
        ]
        assert request == {"viewerMayComplete": may}
    assert await admin.refused("completeLeave", memberId=member_id) == "LEAVE_YOUR_OWN"
    assert await creator.refused("appointAdmin", memberId=sixth) == "ADMIN_LIMIT_REACHED"
    await other.change("completeLeave", "group { id }", memberId=member_id)
    assert await admin.error_code(GROUP, id=group_id) == "NOT_FOUND"
    await creator.change("appointAdmin", "member { role }", memberId=sixth)
    newcomer = await world.someone()
    joining = await newcomer.joining(token)
    assert await newcomer.refused("joinGroup", **joining) == "INVITATION_WITHDRAWN"


async def test_who_left_is_kept_until_a_moment_that_is_told(world: World) -> None:  # R34
    creator, group_id, [member] = await a_group(world)
    member_id = await member_id_of(member, group_id)
    await creator.change("removeMember", "", memberId=member_id)
    [former] = (await creator.ask(KEPT, id=group_id))["group"]["formerMembers"]["nodes"]
    left, kept = (datetime.fromisoformat(former[name]) for name in ("leftAt", "keptUntil"))
    assert kept - left == timedelta(days=30)


async def test_a_request_taken_back_lets_nobody_out(world: World) -> None:  # R32, R33
    creator, group_id, [member, other] = await a_group(world, members=2)
    member_id = await member_id_of(member, group_id)
    assert await member.refused("cancelLeave", memberId=member_id) == "LEAVE_NOT_REQUESTED"
    await request_leave(member, group_id)
    await request_leave(other, group_id)
    await member.change("cancelLeave", "member { id }", memberId=member_id)
    assert (await group_view(creator, group_id))["pendingLeaveCount"] == 1
    assert await member.refused("cancelLeave", memberId=member_id) == "LEAVE_NOT_REQUESTED"
    assert await creator.refused("completeLeave", memberId=member_id) == "LEAVE_NOT_REQUESTED"
    await world.advance(hours=24)
    await each_got_one((other,), "leave_completed")
    await creator.sign_in_again()
    assert [one["name"] for one in await former_of(creator, group_id)] == [other.name]
    assert await sms_of(member, "leave_completed") == []


async def test_who_is_let_out_is_out_at_once(world: World) -> None:  # R33
    creator, group_id, [member, other] = await a_group(world, members=2)
    outsider = await world.real_person()
    member_id = await member_id_of(member, group_id)
    assert await creator.refused("completeLeave", memberId=member_id) == "LEAVE_NOT_REQUESTED"
    await request_leave(member, group_id)
    assert await other.denied("completeLeave", memberId=member_id) == "FORBIDDEN"
    assert await member.denied("completeLeave", memberId=member_id) == "FORBIDDEN"
    assert await outsider.denied("completeLeave", memberId=member_id) == "NOT_FOUND"
    payload = await creator.change(
        "completeLeave", "group { memberCount pendingLeaveCount }", memberId=member_id
    )
    assert payload["group"] == {"memberCount": 2, "pendingLeaveCount": 0}
    assert await member.error_code(GROUP, id=group_id) == "NOT_FOUND"
    assert await member.error_code(NODE, id=member_id) == "NOT_FOUND"
    assert (await member.ask(GROUPS))["me"]["groups"]["nodes"] == []
    assert await member.denied("cancelLeave", memberId=member_id) == "NOT_FOUND"
    asking = await leave_request(member, member_id)
    assert await member.denied("requestLeave", **asking) == "NOT_FOUND"
    await each_got_one((member,), "leave_completed")
    assert await creator.refused("completeLeave", memberId=member_id) == "LEAVE_ALREADY_COMPLETE"
    assert await other.denied("completeLeave", memberId=member_id) == "FORBIDDEN"
    [former] = await former_of(creator, group_id)
    assert (former["cause"], former["reason"]) == ("LEAVE_COMPLETED", REASON)


async def test_after_24_hours_one_is_out_by_time_alone(world: World) -> None:  # R33, R42
    creator, group_id, [member] = await a_group(world)
    await request_leave(member, group_id)
    [request] = (await group_view(creator, group_id))["leaveRequests"]["nodes"]
    await advance_to(world, request["dueAt"], minutes=3)
    await creator.sign_in_again()
    await advance_to(world, request["dueAt"], seconds=15)
    assert (await group_view(creator, group_id))["memberCount"] == 2
    assert await time_until(world, request["dueAt"]) > timedelta()  # it was seen before
    await advance_to(world, request["dueAt"])
    await eventually(
        lambda: group_view_now(creator, group_id), lambda seen: seen["memberCount"] == 1
    )
    group = await group_view(creator, group_id)
    [former] = group["formerMembers"]["nodes"]
    assert former["cause"] == "LEAVE_EXPIRED" and former["leftAt"] >= request["dueAt"]
    assert await member.error_code(GROUP, id=group_id) == "UNAUTHENTICATED"
    await member.sign_in_again()
    assert await member.error_code(GROUP, id=group_id) == "NOT_FOUND"
    await each_got_one((member,), "leave_completed")


async def test_completed_in_the_very_second_one_is_out_once(world: World) -> None:  # R33
    creator, group_id, people = await a_group(world, members=4)
    member_ids = [await request_leave(person, group_id) for person in people]
    last = (await group_view(creator, group_id))["leaveRequests"]["nodes"][-1]["dueAt"]
    await advance_to(world, last, minutes=3)
    await creator.sign_in_again()
    keys = [decode_id(member_id, "Member") for member_id in member_ids]
    claims = [Claim(WorkKind.END_LEAVE, key, uuid4()) for key in keys]
    await advance_to(world, last)
    by_hand = [
        creator.payload("completeLeave", "__typename", memberId=one) for one in member_ids * 6
    ]
    by_time = [end_leave(env_of(world), claim) for claim in claims + claims]
    answers, _ = await asyncio.gather(asyncio.gather(*by_hand), asyncio.gather(*by_time))
    refusals = {error["code"] for answer in answers for error in answer["errors"]}
    assert refusals <= {"LEAVE_ALREADY_COMPLETE"}
    group = await group_view(creator, group_id)
    assert (group["memberCount"], group["pendingLeaveCount"]) == (1, 0)
    former = [one["id"] for one in group["formerMembers"]["nodes"]]
    assert len(former) == 4
    left = GroupEvent.filter(type=EventType.MEMBER_LEFT, subject_id__in=keys)
    assert await left.count() == 4
    await each_got_one(people, "leave_completed")


async def test_a_removed_member_is_told_and_may_join_again(world: World) -> None:  # R16
    creator, group_id, [member] = await a_group(world)
    member_id = await request_leave(member, group_id)
    await creator.change("removeMember", "group { id }", memberId=member_id)
    await each_got_one((member,), "member_removed")
    assert await creator.refused("completeLeave", memberId=member_id) == "LEAVE_ALREADY_COMPLETE"
    [former] = await former_of(creator, group_id)
    assert (former["id"] != member_id, former["cause"]) == (True, "REMOVED")
    again = await member.join(await creator.invite(group_id))
    assert again != member_id
    assert (await group_view(creator, group_id))["pendingLeaveCount"] == 0
    await leave(member, group_id, creator)
    causes = [one["cause"] for one in await former_of(creator, group_id)]
    assert causes == ["LEAVE_COMPLETED", "REMOVED"]
