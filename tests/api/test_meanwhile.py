"""What changes between a use case's first look and its transaction: it is seen in time."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from types import ModuleType
from typing import Any
from uuid import uuid4

import pytest

from app.domain import accesses
from app.domain.refusals import NotFound
from app.domain.verifications import VerificationOutcome, VerificationStatus
from app.models.reports import DayReport
from app.resolvers.ids import decode_id, encode_id
from app.services.groups import joining, leaves, members
from app.services.kernel.env import Viewer
from tests.support.clock import today
from tests.support.groups import a_group, accept_group, dissolve, offer_group
from tests.support.in_process import env_of
from tests.support.leaves import group_view, leave_request, request_leave
from tests.support.members import member_id_of
from tests.support.person import Person
from tests.support.reports import a_report, get, link
from tests.support.verifications import confirm
from tests.support.world import World

Step = Callable[[], Awaitable[Any]]
Meanwhile = Callable[[ModuleType, str, Step], None]


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Have something happen, once, right after a function that a use case calls returned."""

    def arrange(module: ModuleType, name: str, step: Step) -> None:
        really, steps = getattr(module, name), [step]

        async def call(*args: Any, **options: Any) -> Any:
            answer = await really(*args, **options)
            if steps:
                await steps.pop()()
            return answer

        monkeypatch.setattr(module, name, call)

    return arrange


async def remove(creator: Person, member_id: str) -> None:
    await creator.change("removeMember", "group { id }", memberId=member_id)


def answering(world: World, monkeypatch: pytest.MonkeyPatch, **changes: Any) -> None:
    """Have the identity provider answer otherwise than it would."""
    identity = env_of(world).identity
    really = identity.outcome

    async def outcome(check_id: str) -> VerificationOutcome:
        return replace(await really(check_id), **changes)

    monkeypatch.setattr(identity, "outcome", outcome)


@pytest.mark.parametrize("end", ["dissolved", "removed"])
async def test_who_is_out_meanwhile_asks_for_no_leave(  # R8, R16, R32
    world: World, meanwhile: Meanwhile, end: str
) -> None:
    creator, group_id, [member] = await a_group(world)
    member_id = await member_id_of(member, group_id)
    given = await leave_request(member, member_id)

    async def act() -> None:
        await (dissolve(creator, group_id) if end == "dissolved" else remove(creator, member_id))

    meanwhile(leaves, "own_verification", act)
    assert await member.denied("requestLeave", **given) == "NOT_FOUND"
    # The verification was not used up.
    other, other_id, _ = await a_group(world, 0)
    await member.join(await other.invite(other_id))
    again = given | {"memberId": await member_id_of(member, other_id)}
    await member.change("requestLeave", "member { id }", **again)


async def test_of_two_who_ask_for_the_same_leave_one_does(  # R32
    world: World, meanwhile: Meanwhile
) -> None:
    creator, group_id, [member] = await a_group(world)
    member_id = await member_id_of(member, group_id)
    first, second = [await leave_request(member, member_id, reason=reason) for reason in "先后"]

    async def act() -> None:
        await member.change("requestLeave", "member { id }", **first)

    meanwhile(leaves, "own_verification", act)
    answer = await member.change("requestLeave", "member { leaveRequest { reason } }", **second)
    assert answer["member"]["leaveRequest"]["reason"] == "先"
    assert (await group_view(creator, group_id))["pendingLeaveCount"] == 1


async def test_who_accepts_the_group_meanwhile_asks_for_no_leave(  # R16, R32
    world: World, meanwhile: Meanwhile
) -> None:
    creator, group_id, [admin] = await a_group(world)
    admin_id = await member_id_of(admin, group_id)
    await creator.change("appointAdmin", "", memberId=admin_id)
    await offer_group(creator, admin_id)
    given = await leave_request(admin, admin_id)
    meanwhile(leaves, "own_verification", lambda: accept_group(admin, group_id))
    assert await admin.refused("requestLeave", **given) == "CREATOR_CANNOT_LEAVE"


async def test_no_leave_is_taken_back_in_a_dissolved_group(  # R8, R32
    world: World, meanwhile: Meanwhile
) -> None:
    creator, group_id, [member] = await a_group(world)
    member_id = await request_leave(member, group_id)
    meanwhile(leaves, "group_of_member", lambda: dissolve(creator, group_id))
    assert await member.denied("cancelLeave", memberId=member_id) == "NOT_FOUND"


async def test_nobody_completes_the_leave_of_who_was_never_there(world: World) -> None:  # R33
    creator, _, _ = await a_group(world, 0)
    nobody = uuid4()
    given = {"memberId": encode_id("Member", nobody)}
    assert await creator.denied("completeLeave", **given) == "NOT_FOUND"
    with pytest.raises(NotFound):  # erased between the right's look and this one
        await leaves.complete_leave(env_of(world), Viewer(uuid4(), uuid4(), uuid4()), nobody)


async def test_no_remark_is_written_on_who_is_out(world: World, meanwhile: Meanwhile) -> None:
    creator, group_id, [member] = await a_group(world)  # R16
    member_id = await member_id_of(member, group_id)
    meanwhile(members, "group_of_member", lambda: remove(creator, member_id))
    change = {"memberId": member_id, "remark": "1班"}
    assert await creator.denied("updateMemberRemark", **change) == "NOT_FOUND"


async def test_nobody_joins_a_group_that_is_dissolved_meanwhile(  # R8, R11
    world: World, meanwhile: Meanwhile
) -> None:
    creator, group_id, _ = await a_group(world, 0)
    token, person = await creator.invite(group_id), await world.someone()
    meanwhile(joining, "prove_phone", lambda: dissolve(creator, group_id))
    given = await person.joining(token)
    assert await person.refused("joinGroup", **given) == "INVITATION_NOT_FOUND"


async def test_a_link_to_a_report_that_is_gone_leads_nowhere(world: World) -> None:  # R37, R38
    group_id, [creator, *_] = await a_report(world)
    made = await link(creator, group_id, await today(world))
    await DayReport.filter(group_id=decode_id(group_id, "Group")).delete()
    assert (await get(world, made)).status_code == 404


async def test_a_verification_that_goes_on_may_be_queried_again(  # R6
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await world.someone()
    verification = await person.verify("IDENTIFY")
    answering(world, monkeypatch, status=VerificationStatus.PENDING)
    assert await confirm(person, verification) == "VERIFICATION_PENDING"
    monkeypatch.undo()
    assert await confirm(person, verification) == "DONE"


async def test_a_verification_that_somebody_else_passed_proves_nothing(  # R6
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await world.someone()
    verification = await person.verify("IDENTIFY")
    answering(world, monkeypatch, name="冒名顶替")
    assert await confirm(person, verification) == "VERIFICATION_FAILED"
    monkeypatch.undo()
    assert await confirm(person, verification) == "VERIFICATION_FAILED"


async def test_a_manager_who_reads_many_groups_is_noted_in_each(  # R17
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accesses, "_MOST_REMEMBERED", 1)
    creator, group_id, [member] = await a_group(world)
    other_id = await creator.create_group(name="别的团体")
    await member.join(await creator.invite(other_id))
    for id in (group_id, other_id, group_id, other_id):
        await creator.ask("query($id: ID!) { group(id: $id) { members { nodes { id } } } }", id=id)
    seen = await member.ask("{ me { accesses { nodes { groupName kind } } } }")
    assert len(seen["me"]["accesses"]["nodes"]) == 2
