"""Events that are executed once for many: everybody is told what their own right shows."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
from graphql import ExecutionResult

from app.config import Settings
from app.schema import shared_answers
from tests.support.families import add_relative, enrol
from tests.support.groups import a_group
from tests.support.members import member_id_of
from tests.support.person import Person, Socket
from tests.support.waiting import settled
from tests.support.world import World

STATUS = """subscription($id: ID!) { groupStatusChanged(groupId: $id) {
    colour viewerRole colourReasons { reason count } } }"""
OWN = """subscription($id: ID!) { groupStatusChanged(groupId: $id) {
    colour anomalyAlerts viewerMembers { person { name } } } }"""
LISTED = """subscription($id: ID!) { groupStatusChanged(groupId: $id) {
    colour members(first: 1) { nodes { person { name } } } } }"""
CHANGES = """subscription { viewerGroupsChanged {
    kind groupId group { name viewerRole } managed { memberCount } } }"""
RED = {"health_code": "RED", "tests": []}


@pytest.fixture
def executed(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """What was decided about each event that was executed: whether it is shared."""
    decided: list[bool] = []
    is_shared = shared_answers.is_shared

    def noted(executor: Any, result: ExecutionResult) -> bool:
        decided.append(is_shared(executor, result))
        return decided[-1]

    monkeypatch.setattr(shared_answers, "is_shared", noted)
    return decided


@asynccontextmanager
async def watching(people: list[Person], query: str, group_id: str) -> AsyncIterator[list[Socket]]:
    """Each of these people watches by the same document, and was told of the present."""
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(person.socket()) for person in people]
        for socket in sockets:
            await socket.subscribe(query, id=group_id)
            await socket.receive()
        yield sockets


async def payload_of(socket: Socket) -> dict[str, Any]:
    """What a subscriber is told next, with its errors."""
    payload: dict[str, Any] = (await socket.receive())["payload"]
    payload.pop("extensions", None)
    return payload


async def turn_red(world: World, creator: Person, group_id: str) -> None:
    await world.set_record(creator.id_number, **RED)
    await creator.change("refreshGroup", "run { id }", groupId=group_id)


def told(role: str | None) -> dict[str, Any]:
    """What somebody of a role is told of a group that turned red, by ``STATUS``."""
    manages = role in ("CREATOR", "ADMIN")
    counts = [{"reason": "CODE_RED", "count": 1}] if manages else None
    return {"colour": "RED", "viewerRole": role, "colourReasons": counts}


async def test_everyone_is_told_by_their_own_role_and_in_their_own_language(world: World) -> None:
    creator, group_id, people = await a_group(world, members=5)
    admin, *_, chinese = people
    chinese.language = "zh"
    await creator.change("appointAdmin", "", memberId=await member_id_of(admin, group_id))
    guardian = await world.real_person()
    relative = await add_relative(guardian, world.stranger())
    await enrol(guardian, await creator.invite(group_id), relative)
    await settled(world)
    everyone = [creator, guardian, *people]
    async with watching(everyone, STATUS, group_id) as sockets:
        await turn_red(world, creator, group_id)
        roles = ["CREATOR", None, "ADMIN", *["MEMBER"] * 4]
        for person, role, socket in zip(everyone, roles, sockets, strict=True):
            payload = await payload_of(socket)
            assert payload["data"] == {"groupStatusChanged": told(role)}
            codes = [error["extensions"]["code"] for error in payload.get("errors", ())]
            assert codes == ([] if role in ("CREATOR", "ADMIN") else ["FORBIDDEN"])
            if codes:
                english = payload["errors"][0]["message"].isascii()
                assert english == (person.language == "en")


async def test_equal_views_are_executed_once(world: World, executed: list[bool]) -> None:
    creator, group_id, members = await a_group(world, members=5)
    await settled(world)
    async with watching([creator, *members], STATUS, group_id) as sockets:
        executed.clear()
        await turn_red(world, creator, group_id)
        for socket in sockets:
            await socket.receive()
    # The creator's, and that of all members; none where nothing is shared.
    assert executed == [True, True] * Settings().fast_path


async def test_a_role_that_changes_changes_what_is_told(world: World) -> None:  # R17
    creator, group_id, (one, other) = await a_group(world, members=2)
    member_id = await member_id_of(one, group_id)
    await settled(world)
    async with watching([creator, one, other], STATUS, group_id) as (creators, ones, others):
        await creator.change("appointAdmin", "", memberId=member_id)
        admin = {"colour": "GREEN", "viewerRole": "ADMIN", "colourReasons": []}
        assert await payload_of(ones) == {"data": {"groupStatusChanged": admin}}
        await turn_red(world, creator, group_id)
        for socket, role in ((creators, "CREATOR"), (ones, "ADMIN"), (others, "MEMBER")):
            assert (await payload_of(socket))["data"]["groupStatusChanged"] == told(role)
        await creator.change("dismissAdmin", "", memberId=member_id)
        payload = await payload_of(ones)
        assert payload["data"]["groupStatusChanged"] == told("MEMBER")
        assert payload["errors"][0]["extensions"]["code"] == "FORBIDDEN"
        await creator.change("removeMember", "", memberId=member_id)
        payload = await payload_of(ones)
        assert payload["data"] is None or payload["data"]["groupStatusChanged"] is None
        assert payload["errors"][0]["extensions"]["code"] == "NOT_FOUND"


@pytest.mark.parametrize("query", [OWN, LISTED])
async def test_what_is_ones_own_or_asks_more_than_the_row_is_executed_for_each(
    world: World, executed: list[bool], query: str
) -> None:
    creator, group_id, people = await a_group(world, members=2)
    for person in people:
        member_id = await member_id_of(person, group_id)
        await creator.change("appointAdmin", "", memberId=member_id)
    await people[0].change("setAnomalyAlerts", "", groupId=group_id, enabled=False)
    await settled(world)
    async with watching(people, query, group_id) as sockets:
        await turn_red(world, creator, group_id)
        payloads = [(await payload_of(socket))["data"]["groupStatusChanged"] for socket in sockets]
    assert not any(executed)
    if query is OWN:
        assert [one["anomalyAlerts"] for one in payloads] == [False, True]
        names = [one["viewerMembers"][0]["person"]["name"] for one in payloads]
        assert names == [person.name for person in people]


async def test_switches_that_differ_are_alike_to_nobody(world: World) -> None:
    creator, group_id, people = await a_group(world, members=2)
    for person in people:
        member_id = await member_id_of(person, group_id)
        await creator.change("appointAdmin", "", memberId=member_id)
    await people[0].change("setAnomalyAlerts", "", groupId=group_id, enabled=False)
    await settled(world)
    query = "subscription($id: ID!) { groupStatusChanged(groupId: $id) { anomalyAlerts } }"
    async with watching(people, query, group_id) as sockets:
        await turn_red(world, creator, group_id)
        payloads = [(await payload_of(socket))["data"]["groupStatusChanged"] for socket in sockets]
    assert [one["anomalyAlerts"] for one in payloads] == [False, True]


async def test_one_change_is_told_alike_to_those_who_follow_all_their_groups(
    world: World, executed: list[bool]
) -> None:
    creator, group_id, members = await a_group(world, members=4)
    await members[0].create_group(name="自己的")
    await settled(world)
    async with AsyncExitStack() as stack:
        people = [creator, *members]
        sockets = [await stack.enter_async_context(person.socket()) for person in people]
        for socket in sockets:
            await socket.subscribe(CHANGES)
            while (await socket.next())["viewerGroupsChanged"]["kind"] != "SYNCED":
                pass
        executed.clear()
        await creator.change("updateGroup", "", groupId=group_id, name="新名")
        for person, socket in zip(people, sockets, strict=True):
            role, managed = (
                ("CREATOR", {"memberCount": 5}) if person is creator else ("MEMBER", None)
            )
            group = {"name": "新名", "viewerRole": role}
            told = {"kind": "CHANGED", "groupId": group_id, "group": group, "managed": managed}
            assert (await socket.next())["viewerGroupsChanged"] == told
    # The creator's, and that of all members; none where nothing is shared.
    assert executed == [True, True] * Settings().fast_path
