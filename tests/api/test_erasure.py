"""What is kept of those who left, for how long, and what goes at once (R32-R34)."""

import asyncio

import pytest

from app.domain.refresh import RefreshStatus
from app.models.consents import Consent
from app.models.due import LEASE
from app.models.events import GroupEvent
from app.models.leaves import FormerMember
from app.models.messages import Sms
from app.models.refresh import RefreshRun
from app.resolvers.ids import decode_id
from app.services.health import runs
from tests.support.clock import advance_to, time_until
from tests.support.erased import places_of
from tests.support.families import enrol_child
from tests.support.gates import provider_held
from tests.support.groups import a_group
from tests.support.leaves import REASON, former_of, group_view, leave, request_leave
from tests.support.members import member_id_of
from tests.support.person import Person
from tests.support.records import has_record, row_of
from tests.support.waiting import PATIENCE, eventually
from tests.support.world import World

NODE = "query($id: ID!) { node(id: $id) { ... on FormerMember { name healthCode doses } } }"
TEST = {"result": "NEGATIVE", "institution": "天河区疾控中心"}
HEALTHY = {"health_code": "GREEN", "tests": [TEST], "vaccinations": [{"dose": 1}, {"dose": 2}]}
RUN = "query($id: ID!) { group(id: $id) { refresh { run { status done total missing { id } } } } }"


async def run_ended(creator: Person, group_id: str) -> dict[str, object]:
    data = await eventually(
        lambda: creator.ask(RUN, id=group_id),
        lambda seen: seen["group"]["refresh"]["run"]["status"] not in ("QUEUED", "RUNNING"),
    )
    run: dict[str, object] = data["group"]["refresh"]["run"]
    return run


async def test_former_members_are_shown_as_they_left(world: World) -> None:  # R34
    creator, group_id, [first, second] = await a_group(world, members=2, record=HEALTHY)
    first_id = await leave(first, group_id, creator)
    second_id = await member_id_of(second, group_id)
    await creator.change("removeMember", "group { id }", memberId=second_id)
    newest, oldest = await former_of(creator, group_id)
    assert (newest["name"], newest["cause"], newest["reason"]) == (second.name, "REMOVED", None)
    assert newest["leftAt"] > oldest["leftAt"] > oldest["joinedAt"]
    assert (oldest["name"], oldest["remark"]) == (first.name, "三年二班")
    assert (oldest["cause"], oldest["reason"]) == ("LEAVE_COMPLETED", REASON)
    assert (oldest["healthCode"], oldest["latestTest"]) == ("GREEN", TEST)
    assert oldest["doses"] == 2
    # News that come to another group change nothing here.
    await world.set_record(first.id_number, health_code="RED", tests=[{"result": "POSITIVE"}])
    await first.join(await creator.invite(await creator.create_group()))
    await eventually(lambda: has_record(first), bool)
    assert await former_of(creator, group_id) == [newest, oldest]
    for one in (newest, oldest):
        node = (await creator.ask(NODE, id=one["id"]))["node"]
        assert node == {"name": one["name"], "healthCode": "GREEN", "doses": 2}
        assert await first.error_code(NODE, id=one["id"]) == "NOT_FOUND"
    assert first_id not in (newest["id"], second_id)


async def test_they_are_shown_for_30_days_and_then_gone_with_their_consent(world: World) -> None:
    creator, group_id, [member, staying] = await a_group(world, members=2)  # R34
    await leave(member, group_id, creator)
    [former] = await former_of(creator, group_id)
    key = decode_id(group_id, "Group")
    assert await Consent.filter(group_id=key).count() == 3
    await advance_to(world, former["leftAt"], days=-30, minutes=3)
    await creator.sign_in_again()
    await advance_to(world, former["leftAt"], days=-30, seconds=15)
    assert await former_of(creator, group_id) == [former]
    assert (await time_until(world, former["leftAt"], days=-30)).total_seconds() > 0
    await advance_to(world, former["leftAt"], days=-30)
    assert await former_of(creator, group_id) == []
    assert await creator.error_code(NODE, id=former["id"]) == "NOT_FOUND"
    await eventually(lambda: FormerMember.filter(group_id=key).count(), lambda count: count == 0)
    assert await Consent.filter(group_id=key).count() == 2
    await staying.sign_in_again()
    await member.sign_in_again()  # whoever has an account keeps it, and is themself
    assert (await member.ask("{ me { name } }"))["me"] == {"name": member.name}
    # Nothing else holds their number: face checks and the family registry ask by it.
    assert await places_of(member.id_number) == {"person.id_number"}


async def test_of_a_child_who_left_nothing_stays_after_30_days(world: World) -> None:  # R34, R35
    creator, group_id, [guardian] = await a_group(world)
    child, sibling = world.stranger(), world.stranger()
    token = await creator.invite(group_id)
    member_id, _ = [await enrol_child(guardian, token, one) for one in (child, sibling)]
    await eventually(lambda: has_record(child), bool)
    verification_id = await guardian.verify("LEAVE")
    asking = {"memberId": member_id, "reason": "毕业了", "verificationId": verification_id}
    await guardian.change("requestLeave", "member { id }", **asking)
    await creator.change("completeLeave", "group { id }", memberId=member_id)
    assert not await has_record(child)
    key = decode_id(group_id, "Group")
    row = await row_of(child)
    assert row is not None
    assert await FormerMember.filter(person_id=row.id, group_id=key).count() == 1
    assert await Consent.filter(person_id=row.id).count() == 1
    await world.advance(days=30)
    await eventually(lambda: row_of(child), lambda found: found is None)
    assert await FormerMember.filter(person_id=row.id).count() == 0
    assert await Consent.filter(person_id=row.id).count() == 0
    assert await row_of(sibling) is not None and await row_of(guardian) is not None


async def test_who_came_back_keeps_membership_and_consent(world: World) -> None:  # R11, R34
    creator, group_id, [member] = await a_group(world)
    await leave(member, group_id, creator)
    member_id = await member.join(await creator.invite(group_id))
    row, key = await row_of(member), decode_id(group_id, "Group")
    assert row is not None
    await eventually(lambda: has_record(member), bool)
    await world.advance(days=30)
    await eventually(lambda: FormerMember.filter(group_id=key).count(), lambda count: count == 0)
    assert await Consent.filter(person_id=row.id, group_id=key).exists()
    assert await has_record(member)
    await member.sign_in_again()
    assert await member_id_of(member, group_id) == member_id


async def test_health_data_goes_with_the_last_group(world: World) -> None:  # R34
    creator, group_id, [member] = await a_group(world)
    other_id = await creator.create_group()
    await member.join(await creator.invite(other_id))
    await leave(member, group_id, creator)
    assert await has_record(member)
    await leave(member, other_id, creator)
    assert not await has_record(member)
    assert await has_record(creator)


@pytest.mark.parametrize("removed", [True, False])
async def test_the_group_is_judged_anew_without_who_left(world: World, removed: bool) -> None:
    creator, group_id, [member] = await a_group(world, record=HEALTHY)  # R21, R33
    await world.set_record(member.id_number, health_code="RED")
    await creator.change("refreshGroup", "run { id }", groupId=group_id)
    await eventually(lambda: group_view(creator, group_id), lambda seen: seen["colour"] == "RED")
    member_id = await request_leave(member, group_id)
    assert (await group_view(creator, group_id))["colour"] == "RED"  # counts until out
    fields = "group { colour memberCount colourReasons { count } anomalies { nodes { reasons } } }"
    way_out = "removeMember" if removed else "completeLeave"
    payload = await creator.change(way_out, fields, memberId=member_id)
    assert payload["group"] == {
        "colour": "GREEN",
        "memberCount": 1,
        "colourReasons": [],
        "anomalies": {"nodes": []},
    }
    [former] = await former_of(creator, group_id)
    assert former["healthCode"] == "RED"


async def test_a_refresh_under_way_forgets_who_left(world: World) -> None:  # R34
    creator, group_id, [member] = await a_group(world, record=HEALTHY)
    member_id = await request_leave(member, group_id)
    await world.set_record(member.id_number, health_code="RED")
    with provider_held(world) as provider:
        await creator.change("refreshGroup", "run { id }", groupId=group_id)
        await provider.query_came()
        await creator.change("completeLeave", "group { id }", memberId=member_id)
        assert not await has_record(member)
    run = await run_ended(creator, group_id)
    assert (run["status"], run["missing"]) == ("DONE", [])
    assert not await has_record(member) and await has_record(creator)
    assert (await group_view(creator, group_id))["colour"] == "GREEN"
    [former] = await former_of(creator, group_id)
    assert former["healthCode"] == "GREEN"


@pytest.mark.parametrize("dissolved", [True, False])
async def test_a_refresh_whose_worker_died_forgets_who_left(  # R8, R25, R34
    world: World, monkeypatch: pytest.MonkeyPatch, dissolved: bool
) -> None:
    creator, group_id, [member] = await a_group(world, record=HEALTHY)
    member_id = await request_leave(member, group_id)
    verification_id = await creator.verify("DISSOLVE")
    end = {"groupId": group_id, "verificationId": verification_id, "riskAcknowledged": True}
    key, died = decode_id(group_id, "Group"), asyncio.Event()

    async def die(*given: object) -> None:
        died.set()
        raise ConnectionError("the worker is gone")

    with monkeypatch.context() as patch:
        patch.setattr(runs, "_end", die)
        with provider_held(world) as provider:
            await creator.change("refreshGroup", "run { id }", groupId=group_id)
            await provider.query_came()
            if dissolved:
                await creator.change("dissolveGroup", "group { id }", **end)
            else:
                await creator.change("completeLeave", "group { id }", memberId=member_id)
        await asyncio.wait_for(died.wait(), PATIENCE)
    assert await has_record(member)  # what came of them was stored
    await world.advance(seconds=LEASE.total_seconds())
    await eventually(lambda: has_record(member), lambda kept: not kept)
    run = await eventually(RefreshRun.filter(group_id=key).get, lambda run: run.status.ended)
    assert run.status is (RefreshStatus.FAILED if dissolved else RefreshStatus.DONE)
    assert await has_record(creator) is not dissolved


async def test_events_and_messages_are_kept_30_days(world: World) -> None:  # R34
    creator, group_id, [member] = await a_group(world)
    await request_leave(member, group_id)
    key = decode_id(group_id, "Group")
    await world.advance(days=29, hours=22)
    assert await Sms.filter(group_id=key, template="leave_requested").count() == 1
    old = await GroupEvent.filter(group_id=key).order_by("seq").first()
    assert old is not None
    await creator.sign_in_again()
    await creator.change("createInvitation", "invitation { id }", groupId=group_id)
    await world.advance(hours=2)

    async def oldest() -> int:
        event = await GroupEvent.filter(group_id=key).order_by("seq").first()
        return event.seq if event else 0

    await eventually(oldest, lambda seq: seq > old.seq)
    assert await GroupEvent.filter(group_id=key, type="INVITATION_CREATED").exists()
    gone = Sms.filter(group_id=key, template="leave_requested")
    await eventually(gone.count, lambda count: count == 0)
