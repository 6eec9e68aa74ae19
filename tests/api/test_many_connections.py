"""Connections that stay open are bounded: silent ones, many of one owner, one that doesn't read."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from prometheus_client import REGISTRY
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from app.web import flow, sockets
from tests.support.event_streams import STREAM, headers_of
from tests.support.groups import a_group
from tests.support.in_process import served
from tests.support.person import Person, Socket
from tests.support.waiting import eventually, settled
from tests.support.world import World

OF_A_PERSON, OF_AN_ADDRESS = 2, 6
STATUS = "subscription($id: ID!) { groupStatusChanged(groupId: $id) { colour } }"
LARGE = """{ __schema { types { name description fields { name description
    args { name description } type { name kind ofType { name } } } } } }"""
MANY = 90  # answers of some 300 kB: more than all buffers between two programs hold


@pytest.fixture(scope="module")
async def world(database_url: str) -> AsyncIterator[World]:
    """A server whose bounds are low, and that soon loses patience."""
    with pytest.MonkeyPatch.context() as soon:
        soon.setattr(sockets, "INIT_SECONDS", 1.0)
        soon.setattr(flow, "LOOK_SECONDS", 0.5)
        bounds = {
            "connections_per_person": OF_A_PERSON,
            "connections_per_address": OF_AN_ADDRESS,
        }
        async with served(
            database_url=database_url,
            rate_limits=True,
            codes_per_address=1000,
            introspection=True,
            **bounds,
        ) as world:
            yield world


def silent(world: World) -> connect:
    """A connection on which nothing is said."""
    address = world.url.replace("http", "ws", 1) + "/graphql"
    return connect(address, subprotocols=[Subprotocol("graphql-transport-ws")])


async def closed_with(connection: ClientConnection) -> int | None:
    async with asyncio.timeout(20):
        await connection.wait_closed()
    return connection.close_code


async def test_who_says_nothing_is_closed(world: World) -> None:
    async with silent(world) as connection:
        assert await closed_with(connection) == 4408


async def test_silent_connections_shut_nobody_out_for_long(world: World) -> None:
    person = await world.someone()
    async with AsyncExitStack() as stack:
        crowd = [await stack.enter_async_context(silent(world)) for _ in range(OF_AN_ADDRESS)]
        with pytest.raises(InvalidStatus) as refused:
            async with silent(world):
                pass
        assert refused.value.response.status_code == 429
        assert b"TOO_MANY_CONNECTIONS" in (refused.value.response.body or b"")
        assert [await closed_with(connection) for connection in crowd] == [4408] * OF_AN_ADDRESS

        async def served_again() -> bool:
            try:
                async with person.socket():
                    return True
            except InvalidStatus:
                return False

        await eventually(served_again, bool)


async def test_one_account_holds_so_many_and_others_theirs(world: World) -> None:
    person, other = await world.someone(), await world.someone()
    async with AsyncExitStack() as stack:
        for _ in range(OF_A_PERSON):
            await stack.enter_async_context(person.socket())
        async with silent(world) as connection:
            socket = Socket(connection)
            hello = {"authorization": f"Bearer {person.token}"}
            await socket.send(type="connection_init", payload=hello)
            assert await closed_with(connection) == 1013
            assert connection.close_reason == "TOO_MANY_CONNECTIONS"
        streamed = {"query": STATUS, "variables": {"id": "x"}}
        answer = await world.http.post(
            world.url + STREAM, json=streamed, headers=headers_of(person)
        )
        assert answer.status_code == 429
        assert answer.json()["errors"][0]["extensions"]["code"] == "TOO_MANY_CONNECTIONS"
        async with other.socket():
            pass

    async def served_again() -> bool:
        try:
            async with person.socket():
                return True
        except (AssertionError, ConnectionClosed):
            return False

    await eventually(served_again, bool)


async def test_who_reads_nothing_holds_up_nobody_and_is_let_go(world: World) -> None:
    creator, group_id, [reader, deaf] = await a_group(world, members=2)
    await settled(world)
    hello = {"authorization": f"Bearer {deaf.token}"}
    async with reader.socket() as socket:
        await socket.subscribe(STATUS, id=group_id)
        await socket.next()
        address = world.url.replace("http", "ws", 1) + "/graphql"
        protocol = Subprotocol("graphql-transport-ws")
        async with connect(
            address, subprotocols=[protocol], compression=None, max_queue=1
        ) as connection:
            unread = Socket(connection)
            await unread.send(type="connection_init", payload=hello)
            await unread.subscribe(STATUS, "status", id=group_id)
            for number in range(MANY):
                await unread.subscribe(LARGE, str(number))
            assert await open_sockets() == 2
            await told_of_red(world, creator, group_id, socket)
            await eventually(open_sockets, lambda number: number == 1)
            assert await messages_left(unread) < 2 * MANY  # an answer and its end
    async with deaf.socket() as again:
        await again.subscribe(STATUS, id=group_id)
        assert (await again.next())["groupStatusChanged"] == {"colour": "RED"}


async def open_sockets() -> float | None:
    """How many WebSockets the server holds."""
    return REGISTRY.get_sample_value("groupcode_streams_open", {"transport": "websocket"})


async def messages_left(socket: Socket) -> int:
    """Read to the end of a connection; return how many messages there were."""
    for number in range(10 * MANY):
        try:
            await socket.receive()
        except ConnectionClosed:
            return number
    raise AssertionError("it never ended")


async def told_of_red(world: World, creator: Person, group_id: str, socket: Socket) -> None:
    await world.set_record(creator.id_number, health_code="RED", tests=[])
    await creator.change("refreshGroup", "run { id }", groupId=group_id)
    assert (await socket.next())["groupStatusChanged"] == {"colour": "RED"}
