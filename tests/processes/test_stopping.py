"""A server that stops says nothing that clients would take for the end of what they asked."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from app.client import mutation
from tests.support.event_streams import reserved, streamed
from tests.support.groups import a_group
from tests.support.person import Socket
from tests.support.processes import Process, serving
from tests.support.waiting import eventually
from tests.support.world import World

STATUS = "subscription($id: ID!) { groupStatusChanged(groupId: $id) { colour } }"


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[tuple[Process, World]]:
    """A server in a process of its own."""
    async with serving(tmp_path) as running:
        yield running


async def until_closed(socket: Socket) -> tuple[list[dict[str, object]], int]:
    """What comes by a socket until it closes, and the code with which it does."""
    came = [json.loads(text) async for text in _texts(socket)]
    assert socket.connection.close_code is not None
    return came, socket.connection.close_code


async def _texts(socket: Socket) -> AsyncIterator[str | bytes]:
    with suppress(ConnectionClosed):
        while True:
            yield await socket.connection.recv()


async def faults_left(world: World) -> int:
    """How many requests the identity provider will still answer late."""
    left: int = (await world.http.get(f"{world.sandbox}/faults")).json()["identity"]["times"]
    return left


async def test_subscriptions_end_without_complete_and_at_once(
    served: tuple[Process, World],
) -> None:
    process, world = served
    creator, group_id, _ = await a_group(world)
    shared = await reserved(creator)
    async with (
        streamed(creator, STATUS, id=group_id) as alone,
        shared.opened() as events,
        (await reserved(creator)).opened() as idle,
        creator.socket() as socket,
    ):
        await shared.begin("a", STATUS, id=group_id)
        await socket.subscribe(STATUS, id=group_id)
        assert await alone.next() and await events.next("a") and await socket.next()
        async with asyncio.timeout(8):
            stopping = asyncio.create_task(asyncio.to_thread(process.stop))
            assert [await stream.rest() for stream in (alone, events, idle)] == [[], [], []]
            assert await until_closed(socket) == ([], 1012)
            assert await stopping in (0, -signal.SIGTERM)


async def test_what_is_under_way_is_answered_before_the_connection_closes(
    served: tuple[Process, World],
) -> None:
    process, world = served
    person = await world.someone()
    await world.faults(identity={"delay_ms": 3000, "times": 4})
    start = mutation("startIdentityVerification", "verification { status }")
    given = {"purpose": "IDENTIFY", **person.document}
    shared = await reserved(person)
    async with (
        streamed(person, start, input=given) as alone,
        shared.opened() as events,
        person.socket() as socket,
    ):
        begun = asyncio.create_task(shared.begin("a", start, input=given))
        await socket.subscribe(start, input=given)
        await eventually(partial(faults_left, world), lambda times: times == 1)  # all three wait
        stopping = asyncio.create_task(asyncio.to_thread(process.stop))
        [(_, payload), end] = await alone.rest()
        assert payload["data"]["startIdentityVerification"]["verification"]
        assert end == ("complete", None)
        assert [name for name, _ in await events.rest()] == ["next", "complete"]
        came, code = await until_closed(socket)
        assert ([message["type"] for message in came], code) == (["next", "complete"], 1012)
        assert (await begun).status_code == 202
        await stopping
