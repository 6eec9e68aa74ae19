"""Who watches is told in time even if every nudge is lost, and many cost no more than one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from app.domain.groups import GroupColour
from app.domain.roles import Role
from app.models.accounts import Session
from app.models.groups import Group
from app.models.guardians import Guardianship
from app.models.members import Membership
from app.ports import bus
from app.resolvers.ids import decode_id
from tests.support.families import add_relative, enrol
from tests.support.groups import a_group
from tests.support.in_process import env_of
from tests.support.members import member_id_of
from tests.support.person import Person, Socket
from tests.support.shown_writes import by_hand
from tests.support.statements import counted_statements
from tests.support.waiting import settled
from tests.support.world import World

STATUS = "subscription($id: ID!) { groupStatusChanged(groupId: $id) { name colour viewerRole } }"
PROGRESS = "subscription($id: ID!) { refreshProgressed(groupId: $id) { status } }"
GROUPS = "subscription { viewerGroupsChanged { kind groupId group { viewerRole } } }"
EVENTS = "subscription($id: ID!) { groupEvents(groupId: $id, after: 0) { __typename } }"
SYNCED = {"viewerGroupsChanged": {"kind": "SYNCED", "groupId": None, "group": None}}
LOOKED_AT = ('FROM "session"', 'FROM "groups"', 'FROM "membership"', 'FROM "refresh_run"')


@pytest.fixture
def no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits 15 seconds here for what no nudge tells."""
    monkeypatch.setattr(bus, "LOOK_AGAIN_SECONDS", 0.2)


@asynccontextmanager
async def watching(*people: Person, group_id: str) -> AsyncIterator[list[Socket]]:
    """Each of these people watches a group's status, and was told what it is."""
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(person.socket()) for person in people]
        for socket in sockets:
            await socket.subscribe(STATUS, id=group_id)
            await socket.next()
        yield sockets


def shown(told: dict[str, Any]) -> dict[str, Any]:
    status: dict[str, Any] = told["groupStatusChanged"]
    return status


async def test_a_change_whose_nudge_is_lost_is_told_to_all(world: World, no_wait: None) -> None:
    creator, group_id, (member, other) = await a_group(world, members=2)
    await settled(world)
    async with watching(creator, member, other, group_id=group_id) as sockets:
        group = decode_id(group_id, "Group")
        async with by_hand(group):
            await Group.filter(id=group).update(colour=GroupColour.RED)
        for socket, role in zip(sockets, ("CREATOR", "MEMBER", "MEMBER"), strict=True):
            told = {"name": "第一小学", "colour": "RED", "viewerRole": role}
            assert shown(await socket.next()) == told


async def test_a_role_a_session_and_a_right_that_end_in_silence_end(
    world: World, no_wait: None
) -> None:  # R17
    _, group_id, people = await a_group(world, members=4)
    group = decode_id(group_id, "Group")
    seats = [decode_id(await member_id_of(one, group_id), "Member") for one in people]
    await settled(world)
    async with watching(*people, group_id=group_id) as (promoted, removed, signed_out, other):
        async with by_hand(group):
            await Membership.filter(id=seats[0]).update(role=Role.ADMIN)
        assert shown(await promoted.next())["viewerRole"] == "ADMIN"
        async with by_hand(group):
            await Membership.filter(id=seats[1]).delete()
        assert await removed.error() == "NOT_FOUND"
        member = await Membership.get(id=seats[2])
        for session in await Session.filter(account__person_id=member.person_id):
            await Session.filter(id=session.id).update(ended_at=datetime.now(UTC))
        assert await signed_out.error() == "UNAUTHENTICATED"
        await Group.filter(id=group).update(dissolved_at=datetime.now(UTC))
        for socket in (promoted, other):
            assert await socket.error() == "NOT_FOUND"


async def test_a_guardian_watches_as_long_as_they_guard(world: World, no_wait: None) -> None:  # R17
    creator, group_id, _ = await a_group(world)
    guardian = await world.real_person()
    relative = await add_relative(guardian, world.stranger())
    [ward] = await enrol(guardian, await creator.invite(group_id), relative)
    await settled(world)
    async with watching(creator, guardian, group_id=group_id) as (_, guardians):
        group = decode_id(group_id, "Group")
        async with by_hand(group):
            await Group.filter(id=group).update(colour=GroupColour.YELLOW)
        told = shown(await guardians.next())
        assert (told["colour"], told["viewerRole"]) == ("YELLOW", None)
        async with by_hand(group):
            await Guardianship.filter(member_id=decode_id(ward, "Member")).delete()
        assert await guardians.error() == "NOT_FOUND"


async def test_all_ones_groups_are_looked_at_without_a_nudge(world: World, no_wait: None) -> None:
    creator, group_id, (member, other) = await a_group(world, members=2)
    group = decode_id(group_id, "Group")
    seats = [decode_id(await member_id_of(one, group_id), "Member") for one in (member, other)]
    await settled(world)
    async with member.socket() as first, other.socket() as second, creator.socket() as third:
        for socket in (first, second, third):
            await socket.subscribe(GROUPS)
            while (await socket.next()) != SYNCED:
                pass
        async with by_hand(group):
            await Membership.filter(id=seats[0]).update(role=Role.ADMIN)
        promoted = {"kind": "CHANGED", "groupId": group_id, "group": {"viewerRole": "ADMIN"}}
        # Something else may have changed before.
        while (told := (await first.next())["viewerGroupsChanged"]) != promoted:
            assert told["kind"] == "CHANGED"
        async with by_hand(group):
            await Membership.filter(id=seats[1]).delete()
        left = {"kind": "LEFT", "groupId": group_id, "group": None}
        # Whose seat goes amid a look may hear of a change before.
        while (told := (await second.next())["viewerGroupsChanged"]) != left:
            assert told["kind"] == "CHANGED"
        members = await Membership.filter(group_id=decode_id(group_id, "Group"))
        people = [one.person_id for one in members]
        sessions = await Session.filter(account__person_id__in=people).values_list("id", flat=True)
        await Session.filter(id__in=sessions).update(ended_at=datetime.now(UTC))
        for socket in (first, third):
            assert await socket.error() == "UNAUTHENTICATED"


async def test_many_who_look_cost_the_statements_of_one(world: World) -> None:
    creator, group_id, members = await a_group(world, members=6)
    second, another_id, _ = await a_group(world)
    await second.change("refreshGroup", "run { id }", groupId=another_id)
    await settled(world)
    costs = []
    for watchers in ([creator, members[0]], [creator, *members]):
        async with watching(*watchers, group_id=group_id) as sockets, second.socket() as managers:
            for number, query in enumerate((EVENTS, PROGRESS, STATUS, GROUPS)):
                await managers.subscribe(query, str(number), id=another_id)
                while (await managers.receive())["id"] != str(number):
                    pass  # until it has begun
            for socket in sockets:
                await socket.subscribe(GROUPS, "2")
            for socket in (managers, *sockets):
                while (await socket.receive())["payload"]["data"] != SYNCED:
                    pass
            costs.append(min([await cost_of_a_look(world) for _ in range(3)]))
    assert 0 < costs[0] == costs[1] < 25


async def cost_of_a_look(world: World) -> int:
    """Return how many statements it takes when all who listen look again."""
    listening = env_of(world).bus
    assert isinstance(listening, bus.LocalBus)
    with counted_statements() as statements:
        listening.nudge_all()
        looked, before = 0, -1
        while not looked or looked != before:
            await asyncio.sleep(0.3)  # nothing tells that nobody will look any more
            looked, before = len(statements.of(*LOOKED_AT)), looked
    return looked
