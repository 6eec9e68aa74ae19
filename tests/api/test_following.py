"""Who is told by a call is told what their iteration would have told, and in its order."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest

from app.config import Settings
from app.domain.roles import Role
from app.models.members import Membership
from app.resolvers import crowds
from app.resolvers.ids import decode_id
from app.web.socket_protocol import SocketProtocol
from tests.support.event_streams import streamed
from tests.support.groups import a_group
from tests.support.members import member_id_of
from tests.support.person import Person, Socket
from tests.support.shown_writes import by_hand
from tests.support.waiting import settled
from tests.support.world import World

STATUS = "subscription($id: ID!) { groupStatusChanged(groupId: $id) { colour viewerRole } }"
OTHER = "subscription($id: ID!) { groupStatusChanged(groupId: $id) { shade: colour } }"
COLOURS = ("YELLOW", "RED", "GREEN")

Put = Callable[[SocketProtocol, bytes], bool]


@pytest.fixture
def put(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What was sent by calls."""
    sent: list[bytes] = []
    really: Put = SocketProtocol.put

    def noted(protocol: SocketProtocol, message: bytes) -> bool:
        done = really(protocol, message)
        if done:
            sent.append(message)
        return done

    monkeypatch.setattr(SocketProtocol, "put", noted)
    return sent


@asynccontextmanager
async def watching(people: list[Person], group_id: str, *ids: str) -> AsyncIterator[list[Socket]]:
    """Each of these people watches a group's status, under an id of their own if there is one."""
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(person.socket()) for person in people]
        for place, socket in enumerate(sockets):
            await socket.subscribe(STATUS, ids[place] if ids else "1", id=group_id)
            await socket.receive()
        yield sockets


async def turn(world: World, creator: Person, group_id: str, colour: str) -> None:
    """Have a group take a colour."""
    await world.set_record(creator.id_number, health_code=colour, tests=[])
    await world.advance(minutes=31)
    await creator.sign_in_again()
    await creator.change("refreshGroup", "run { id }", groupId=group_id)


async def test_who_sees_the_same_is_told_the_same_bytes_by_a_call(
    world: World, put: list[bytes]
) -> None:
    creator, group_id, members = await a_group(world, members=4)
    await settled(world)
    ids = ["1", 'a"b', "成员", "\\", " "]
    async with watching([creator, *members], group_id, *ids) as sockets:
        put.clear()
        await world.set_record(creator.id_number, health_code="RED", tests=[])
        await creator.change("refreshGroup", "run { id }", groupId=group_id)
        for one, socket in zip(ids, sockets, strict=True):
            told = await socket.next(one)
            role = "CREATOR" if one == "1" else "MEMBER"
            assert told == {"groupStatusChanged": {"colour": "RED", "viewerRole": role}}
    told_alike = {message.partition(b'"payload":')[2] for message in put}
    assert (len(put), len(told_alike)) == ((5, 2) if Settings().fast_path else (0, 0))


async def test_each_change_is_told_once_and_in_order(world: World) -> None:
    creator, group_id, members = await a_group(world, members=2)
    await settled(world)
    async with watching(members, group_id) as sockets:
        for colour in COLOURS:
            await turn(world, creator, group_id, colour)
            for socket in sockets:
                shown = (await socket.next())["groupStatusChanged"]
                assert shown == {"colour": colour, "viewerRole": "MEMBER"}


async def test_one_socket_is_told_by_each_of_its_operations(world: World) -> None:
    creator, group_id, [member] = await a_group(world, members=1)
    await settled(world)
    async with member.socket() as socket:
        for number in range(20):
            await socket.subscribe(STATUS if number % 2 else OTHER, str(number), id=group_id)
            await socket.next(str(number))
        await world.set_record(creator.id_number, health_code="RED", tests=[])
        await creator.change("refreshGroup", "run { id }", groupId=group_id)
        told = {
            message["id"]: message["payload"]
            for message in [await socket.receive() for _ in range(20)]
        }
    colour, shade = {"colour": "RED", "viewerRole": "MEMBER"}, {"shade": "RED"}
    assert told == {
        str(number): {"data": {"groupStatusChanged": colour if number % 2 else shade}}
        for number in range(20)
    }


async def test_an_operation_that_is_over_is_told_nothing(world: World) -> None:
    creator, group_id, [member] = await a_group(world, members=1)
    await settled(world)
    async with member.socket() as socket:
        for operation in ("1", "2"):
            await socket.subscribe(STATUS, operation, id=group_id)
            await socket.next(operation)
        await socket.send(id="1", type="complete")
        await world.set_record(creator.id_number, health_code="RED", tests=[])
        await creator.change("refreshGroup", "run { id }", groupId=group_id)
        await socket.next("2")


async def test_whoever_no_call_reaches_is_told_by_their_iteration(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    creator, group_id, members = await a_group(world, members=2)
    await settled(world)
    busy = True
    really: Put = SocketProtocol.put
    monkeypatch.setattr(SocketProtocol, "put", lambda *given: not busy and really(*given))
    async with watching(members, group_id) as sockets:
        for colour in COLOURS:
            await turn(world, creator, group_id, colour)
            for socket in sockets:
                assert (await socket.next())["groupStatusChanged"]["colour"] == colour
            busy = not busy


async def test_a_look_that_fails_costs_nobody_the_news(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    creator, group_id, members = await a_group(world, members=2)
    await settled(world)

    async def fail(*_: object) -> None:
        raise OSError("the database is away")

    async with watching(members, group_id) as sockets:
        with monkeypatch.context() as failing:
            failing.setattr(crowds, "own_seats", fail)
            await turn(world, creator, group_id, "RED")
            for socket in sockets:
                assert (await socket.next())["groupStatusChanged"]["colour"] == "RED"
        await turn(world, creator, group_id, "GREEN")
        for socket in sockets:
            assert (await socket.next())["groupStatusChanged"]["colour"] == "GREEN"


async def test_a_right_that_changes_amid_following_is_told_at_the_next_look(
    world: World,
) -> None:  # R17
    creator, group_id, members = await a_group(world, members=3)
    seats = [decode_id(await member_id_of(one, group_id), "Member") for one in members]
    await settled(world)
    async with watching(members, group_id) as (promoted, removed, other):
        async with by_hand(decode_id(group_id, "Group")):
            await Membership.filter(id=seats[0]).update(role=Role.ADMIN)
            await Membership.filter(id=seats[1]).delete()
        await turn(world, creator, group_id, "RED")
        while (shown := (await promoted.next())["groupStatusChanged"])["colour"] != "RED":
            pass
        assert shown["viewerRole"] == "ADMIN"
        assert await removed.error() == "NOT_FOUND"
        assert (await other.next())["groupStatusChanged"]["viewerRole"] == "MEMBER"


async def test_event_streams_are_told_by_calls_too(world: World) -> None:
    creator, group_id, [member] = await a_group(world, members=1)
    await settled(world)
    async with streamed(member, STATUS, id=group_id) as events:
        await events.next()
        for colour in ("RED", "GREEN"):
            await turn(world, creator, group_id, colour)
            shown: dict[str, Any] = (await events.next())["groupStatusChanged"]
            assert shown == {"colour": colour, "viewerRole": "MEMBER"}
