"""Dissolving a group: for good, told to everyone, erased 30 days later (R1, R8)."""

import asyncio
from typing import Any, Final

import pytest
from graphql import GraphQLInputObjectType, GraphQLNonNull, build_schema

from app.domain.refresh import RefreshStatus
from app.models.refresh import RefreshRun
from app.models.statements import fetch_value
from app.resolvers.ids import decode_id
from tests.support.families import enrol_child
from tests.support.gates import provider_held
from tests.support.groups import a_group, dissolve, dissolving
from tests.support.leaves import leave, request_leave
from tests.support.members import member_id_of
from tests.support.processes import ROOT
from tests.support.records import has_record
from tests.support.sms import each_got_one, sms_of
from tests.support.waiting import eventually, settled
from tests.support.world import World

GROUP = "query($id: ID!) { group(id: $id) { name } }"
NODE = "query($id: ID!) { node(id: $id) { id } }"
NODES = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
GROUPS = "{ me { groups { nodes { id } } } }"
PREVIEW = "query($token: String!) { invitation(token: $token) { state } }"
FORMER = "query($id: ID!) { group(id: $id) { formerMembers { nodes { id } } } }"
INVITATIONS = "query($id: ID!) { group(id: $id) { invitations { nodes { id } } } }"
STATUS = "subscription($id: ID!) { groupStatusChanged(groupId: $id) { colour } }"
PROGRESS = "subscription($id: ID!) { refreshProgressed(groupId: $id) { status } }"
EVENTS = """subscription($id: ID!) { groupEvents(groupId: $id, after: 0,
    types: [MEMBER_JOINED, GROUP_DISSOLVED]) { ... on GroupEvent { type } } }"""
OF_A_GROUP: Final = ("groupId", "memberId", "invitationId")  # inputs that name one
TABLES: Final = (
    *("membership", "former_member", "consent", "invitation", "anomaly", "leave_request"),
    *("refresh_run", "group_event", "access_day", "sms"),
)


async def test_only_the_creator_verified_and_aware_of_the_risk_dissolves(world: World) -> None:
    creator, group_id, [admin, member] = await a_group(world, members=2)  # R7, R8
    admin_id, outsider = await member_id_of(admin, group_id), await world.real_person()
    await creator.change("appointAdmin", "member { role }", memberId=admin_id)
    for person, error in ((admin, "FORBIDDEN"), (member, "FORBIDDEN"), (outsider, "NOT_FOUND")):
        given = await dissolving(person, group_id)
        assert await person.denied("dissolveGroup", **given) == error
    given = await dissolving(creator, group_id)
    for change, refusal in (
        ({"riskAcknowledged": False}, "ACKNOWLEDGEMENT_REQUIRED"),
        ({"verificationId": "garbage"}, "VERIFICATION_REQUIRED"),
        (
            {"verificationId": await creator.verify("LEAVE")},
            "VERIFICATION_MISMATCH",
        ),
        (
            {"verificationId": await admin.verify("DISSOLVE")},
            "VERIFICATION_REQUIRED",
        ),
    ):
        assert await creator.refused("dissolveGroup", **given | change) == refusal
    assert (await member.ask(GROUP, id=group_id))["group"] == {"name": "第一小学"}
    payload = await creator.change("dissolveGroup", "group { name }", **given)
    assert payload["group"] == {"name": "第一小学"}
    assert await member.error_code(GROUP, id=group_id) == "NOT_FOUND"


async def test_its_page_is_answered_as_it_was_without_anyones_data(world: World) -> None:  # R8
    creator, group_id, _ = await a_group(world)
    payload = await creator.change(
        "dissolveGroup",
        "group { viewerRole name viewerMembers { healthCode } }",
        **await dissolving(creator, group_id),
    )
    page = {"viewerRole": "CREATOR", "name": "第一小学", "viewerMembers": []}
    assert payload["group"] == page


async def test_everyone_is_told_once_a_phone(world: World) -> None:  # R8, R12
    creator, group_id, [member, waiting, gone] = await a_group(world, members=3)
    guardian, token = await world.real_person(), await creator.invite(group_id)
    for _ in range(2):
        await enrol_child(guardian, token, world.stranger())
    await request_leave(waiting, group_id)
    await leave(gone, group_id, creator)
    await dissolve(creator, group_id)
    await each_got_one((creator, member, waiting, guardian), "group_dissolved")
    [message] = await sms_of(member, "group_dissolved")
    assert "第一小学" in message["text"]
    await world.advance(hours=24)  # whoever waited to leave has left with everyone
    await each_got_one((gone,), "leave_completed")
    assert await sms_of(gone, "group_dissolved") == await sms_of(waiting, "leave_completed") == []


async def test_nothing_of_it_answers_any_more(world: World) -> None:  # R8
    creator, group_id, [member, gone] = await a_group(world, members=2)
    token, member_id = await creator.invite(group_id), await member_id_of(member, group_id)
    former_id = await leave(gone, group_id, creator)
    [former] = (await creator.ask(FORMER, id=group_id))["group"]["formerMembers"]["nodes"]
    [link] = (await creator.ask(INVITATIONS, id=group_id))["group"]["invitations"]["nodes"][-1:]
    await dissolve(creator, group_id)
    ids = [group_id, member_id, former_id, former["id"], link["id"]]
    for person in (creator, member):
        assert await person.error_code(GROUP, id=group_id) == "NOT_FOUND"
        for one in ids:
            assert await person.error_code(NODE, id=one) == "NOT_FOUND"
        answer = await person.send(NODES, ids=ids)
        assert answer["data"]["nodes"] == [None] * len(ids)
        codes = [error["extensions"]["code"] for error in answer["errors"]]
        assert codes == ["NOT_FOUND"] * len(ids)
        assert (await person.ask(GROUPS))["me"]["groups"]["nodes"] == []
        assert await person.error_code(PREVIEW, token=token) == "NOT_FOUND"
    newcomer = await world.someone()
    for person in (newcomer, creator, member):
        joining = await person.joining(token)
        assert await person.refused("joinGroup", **joining) == "INVITATION_NOT_FOUND"


def operations_on_a_group() -> dict[str, dict[str, Any]]:
    """Every mutation whose input names a group or what is in it, with its required fields."""
    mutations = build_schema((ROOT / "schema.graphql").read_text()).mutation_type
    assert mutations is not None
    found: dict[str, dict[str, Any]] = {}
    for name, mutation in mutations.fields.items():
        given = mutation.args["input"].type.of_type if mutation.args else None
        if isinstance(given, GraphQLInputObjectType) and set(OF_A_GROUP) & set(given.fields):
            required = {
                field: kind.type.of_type
                for field, kind in given.fields.items()
                if isinstance(kind.type, GraphQLNonNull)
            }
            found[name] = {field: str(kind) for field, kind in required.items()}
    return found


async def test_no_operation_finds_it(world: World) -> None:  # R8
    creator, group_id, [member] = await a_group(world)
    member_id = await member_id_of(member, group_id)
    made = await creator.change("createInvitation", "invitation { id }", groupId=group_id)
    own = {"groupId": group_id, "memberId": member_id, "invitationId": made["invitation"]["id"]}
    values = {
        "Boolean": True,
        "String": "remark",
        "NatValidity": "H24",
        "ReminderCondition": {"anomalous": True},
        "Date": (await world.now())[:10],
        "DateTime": "2099-01-01T00:00:00Z",
        "ReportFormat": "CSV",
        "[ID!]": [member_id],
        "[Weekday!]": ["MONDAY"],
        "[MemberRemarkInput!]": [{"memberId": member_id, "remark": ""}],
        "[RosterRowInput!]": [{"name": "三"}],
    }
    chosen = {"setReminderSchedule": {"at": "08:30", "anomalous": True}}
    purposes = {"requestLeave": "LEAVE", "dissolveGroup": "DISSOLVE"}
    await dissolve(creator, group_id)
    operations = operations_on_a_group()
    assert {"refreshGroup", "createInvitation", "completeLeave", "dissolveGroup"} <= set(operations)
    for person in (creator, member):
        for name, fields in operations.items():
            given = {field: own.get(field) or values.get(kind) for field, kind in fields.items()}
            given |= chosen.get(name, {})
            if "verificationId" in fields:
                verification_id = await person.verify(purposes.get(name, "TRANSFER"))
                given["verificationId"] = verification_id
            assert await person.denied(name, **given) == "NOT_FOUND", name


async def test_a_refresh_under_way_ends_and_keeps_nothing(world: World) -> None:  # R8
    creator, group_id, [member] = await a_group(world)
    key = decode_id(group_id, "Group")
    with provider_held(world) as provider:
        await creator.change("refreshGroup", "run { id }", groupId=group_id)
        await provider.query_came()
        await dissolve(creator, group_id)
        assert not await has_record(creator) and not await has_record(member)
        run = await RefreshRun.get(group_id=key)
        assert run.status is RefreshStatus.FAILED and run.ended_at is not None

    async def work_left() -> int:
        of_run = "SELECT count(*) FROM due_work WHERE kind = 'RUN_REFRESH'"
        return await fetch_value(int, of_run) or 0

    await eventually(work_left, lambda count: count == 0)
    assert not await has_record(creator) and not await has_record(member)
    assert (await RefreshRun.get(group_id=key)).status is RefreshStatus.FAILED


async def test_those_who_watch_it_are_told_on_that_operation_alone(world: World) -> None:  # R8
    creator, group_id, [member] = await a_group(world)
    other_id = await creator.create_group()
    await creator.change("refreshGroup", "run { id }", groupId=group_id)
    await settled(world)  # or news of the members are told amid it
    async with creator.socket() as socket, member.socket() as watching:
        await watching.subscribe(STATUS, id=group_id)
        await watching.next()
        await socket.subscribe(STATUS, "other", id=other_id)
        await socket.next("other")
        await socket.subscribe(STATUS, "status", id=group_id)
        await socket.next("status")
        # Each tells of something when it has begun.
        await socket.subscribe(PROGRESS, "progress", id=group_id)
        assert (await socket.next("progress"))["refreshProgressed"] == {"status": "DONE"}
        await socket.subscribe(EVENTS, "events", id=group_id)
        assert (await socket.next("events"))["groupEvents"] == {"type": "MEMBER_JOINED"}
        await dissolve(creator, group_id)
        ended: dict[str, list[dict[str, Any]]] = {"status": [], "progress": [], "events": []}
        while any(not seen or seen[-1]["type"] != "complete" for seen in ended.values()):
            message = await socket.receive()
            ended[message["id"]].append(message)
        told = ended["events"].pop(0)["payload"]["data"]["groupEvents"]  # the last word of the log
        assert told == {"type": "GROUP_DISSOLVED"}
        for seen in ended.values():
            payload = seen[0]["payload"]
            errors = payload if isinstance(payload, list) else payload["errors"]
            assert errors[0]["extensions"]["code"] == "NOT_FOUND"
        assert await watching.error() == "NOT_FOUND"
        require = {"groupId": other_id, "natValidity": "D7"}
        await world.set_record(creator.id_number, health_code="RED", tests=[])
        await creator.change("setRequirement", "group { id }", **require)
        await creator.change("refreshGroup", "run { id }", groupId=other_id)
        while (await socket.next("other"))["groupStatusChanged"]["colour"] != "RED":
            pass


async def test_a_dissolved_group_frees_its_place_once(world: World) -> None:  # R1, R8
    creator = await world.real_person()
    group_ids = [await creator.create_group() for _ in range(5)]
    new = {"name": "第二小学", "type": "SCHOOL", "address": "广州", "consent": True}
    assert await creator.refused("createGroup", **new) == "GROUP_LIMIT_REACHED"
    inputs = [await dissolving(creator, group_ids[0]) for _ in range(3)]
    query = "mutation($input: DissolveGroupInput!) { dissolveGroup(input: $input) { __typename } }"
    answers = await asyncio.gather(*(creator.send(query, input=given) for given in inputs))
    codes = [one["errors"][0]["extensions"]["code"] for one in answers if one.get("errors")]
    assert codes == ["NOT_FOUND"] * 2
    given = await dissolving(creator, group_ids[0])
    assert await creator.denied("dissolveGroup", **given) == "NOT_FOUND"
    await creator.create_group()
    assert await creator.refused("createGroup", **new) == "GROUP_LIMIT_REACHED"
    await each_got_one((creator,), "group_dissolved")


async def rows_of(group_id: str) -> dict[str, int]:
    """How many rows each table holds of a group."""
    key = decode_id(group_id, "Group")
    counted = "SELECT count(*) FROM groups WHERE id = $1"
    counts = {"groups": await fetch_value(int, counted, key) or 0}
    for table in TABLES:
        counted = f"SELECT count(*) FROM {table} WHERE group_id = $1"
        counts[table] = await fetch_value(int, counted, key) or 0
    return counts


@pytest.mark.parametrize("elsewhere", [True, False])
async def test_after_30_days_nothing_is_left(world: World, elsewhere: bool) -> None:  # R8, R34
    record = {"health_code": "RED"}
    creator, group_id, [member, gone, waiting] = await a_group(world, 3, record=record)
    other = await world.real_person()
    if elsewhere:
        await member.join(await other.invite(await other.create_group()))
        await eventually(lambda: has_record(member), bool)
    await creator.change("refreshGroup", "run { id }", groupId=group_id)
    await request_leave(waiting, group_id)
    await leave(gone, group_id, creator)
    assert all((await rows_of(group_id)).values()), await rows_of(group_id)
    await dissolve(creator, group_id)
    assert await has_record(member) == elsewhere  # health data goes at once
    assert not await has_record(creator)
    await world.advance(days=30, minutes=-1)
    assert (await rows_of(group_id))["membership"] == 3
    await world.advance(minutes=1)
    await eventually(lambda: rows_of(group_id), lambda rows: not any(rows.values()))
    await member.sign_in_again()
    me = (await member.ask("{ me { name } }"))["me"]
    assert me == {"name": member.name}  # whoever has an account keeps it
