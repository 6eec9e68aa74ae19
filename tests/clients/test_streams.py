"""Subscribers keep count while the server is killed or deployed: nothing lost, nothing twice."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import httpx

from tests.support.clients import Scenario, scenario
from tests.support.person import Person
from tests.support.processes import Process, answering, serving
from tests.support.waiting import START_PATIENCE, eventually
from tests.support.world import World

TRANSPORTS = ("ws", "distinct", "single")
ENDINGS = ("SIGTERM", "SIGKILL")
CHANGES = 10
VERSION = "query($id: ID!) { group(id: $id) { version } }"


async def change_often(creator: Person, group_id: str) -> None:
    """Make events, whether a server is there or not."""
    for number in range(CHANGES):
        while True:
            try:
                name = f"第{number}小学"
                await creator.change("updateGroup", "group { id }", groupId=group_id, name=name)
                break
            except httpx.TransportError:
                await asyncio.sleep(0.05)


async def listen(playing: Scenario) -> None:
    """Read all that a scenario tells until it ends."""
    while True:
        await playing.next(START_PATIENCE)


def numbers(playing: Scenario) -> list[int]:
    """Return the numbers of the events that came, in order."""
    return [told["number"] for told in playing.told if "number" in told]


async def restart(world: World, process: Process, ending: str) -> None:
    """End the server as a crash or as a deploy does, and start it again."""
    if ending == "SIGKILL":
        process.kill()
    else:
        assert process.stop() == 0
    process.start()
    await answering(world.http, f"{world.url}/readyz", process)


async def heard(playing: Scenario, version: int) -> None:
    """Wait until a subscriber knows of an event."""

    async def newest() -> int:
        return max(numbers(playing), default=0)

    await eventually(newest, lambda number: number >= version, START_PATIENCE)


async def test_no_event_is_lost_or_repeated(tmp_path: Path) -> None:
    async with serving(tmp_path) as (process, world), AsyncExitStack() as stack:
        creator = await world.real_person()
        group_id = await creator.create_group()
        given = {"url": world.url, "token": creator.token, "groupId": group_id}
        started = (scenario("streams", transport=transport, **given) for transport in TRANSPORTS)
        subscribers = [await stack.enter_async_context(one) for one in started]
        listening = [asyncio.create_task(listen(one)) for one in subscribers]
        await asyncio.gather(*(heard(one, 1) for one in subscribers))
        for ending in ENDINGS:
            changing = asyncio.create_task(change_often(creator, group_id))
            await restart(world, process, ending)
            await changing
            version = (await creator.ask(VERSION, id=group_id))["group"]["version"]
            await asyncio.gather(*(heard(one, version) for one in subscribers))
        for task in listening:
            task.cancel()
    for transport, subscriber in zip(TRANSPORTS, subscribers, strict=True):
        assert numbers(subscriber) == list(range(1, version + 1)), transport
        ends = [told for told in subscriber.told if not told.keys() & {"number", "closed"}]
        assert not ends, f"{transport}: {ends}"
    assert version > len(ENDINGS) * CHANGES
