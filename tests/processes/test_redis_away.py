"""Two servers and their workers while Redis is stopped, hung or emptied: nobody waits for it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack

import pytest

from tests.support.deployment import Deployment, deployed, elsewhere
from tests.support.members import member_id_of
from tests.support.person import Person, Socket
from tests.support.processes import Process
from tests.support.servers import PostgresServer, RedisServer
from tests.support.waiting import eventually

ROLE = "subscription($id: ID!) { groupStatusChanged(groupId: $id) { viewerRole } }"
COLOUR = "query($id: ID!) { group(id: $id) { colour } }"
# Without a nudge it takes up to 15 s. Much more than is needed, for a machine that does much else.
AT_ONCE = 5.0


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    with RedisServer() as server:
        yield server


@pytest.fixture(scope="module")
async def deployment(
    postgres: PostgresServer,
    postgres_template: str,
    redis: RedisServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Deployment]:
    folder = tmp_path_factory.mktemp("redis-away")
    async with deployed(
        folder, postgres, redis, "redis_away", template=postgres_template
    ) as deployment:
        yield deployment


async def readiness(deployment: Deployment) -> list[tuple[int, bool, list[str]]]:
    """What each server says of itself: the status, whether it is ready, and without what."""
    answers = [await one.http.get(f"{one.url}/readyz") for one in deployment.worlds]
    return [(one.status_code, one.json()["ready"], one.json()["degraded"]) for one in answers]


def said(process: Process, event: str) -> int:
    return process.log.read_text().count(event)


class Watched:
    """A member whose role changes, watched at both servers by their own sockets."""

    def __init__(self, creator: Person, member_id: str, sockets: list[Socket]) -> None:
        self._creator, self._member_id, self._sockets = creator, member_id, sockets
        self._admin = False

    async def change(self) -> float:
        """Change the role at the first server; return how many seconds the answer took."""
        self._admin = not self._admin
        began = time.monotonic()
        mutation = "appointAdmin" if self._admin else "dismissAdmin"
        await self._creator.change(mutation, "member { role }", memberId=self._member_id)
        return time.monotonic() - began

    async def told(self, number: int) -> None:
        """Return when the watcher at a server was told of the newest role. Raise if it is late."""
        role = "ADMIN" if self._admin else "MEMBER"
        async with asyncio.timeout(AT_ONCE):
            while (await self._sockets[number].next())["groupStatusChanged"]["viewerRole"] != role:
                pass


@pytest.fixture
async def watched(deployment: Deployment) -> AsyncIterator[Watched]:
    creator = await deployment.worlds[0].real_person()
    group_id = await creator.create_group()
    member = await deployment.worlds[0].someone()
    await member.join(await creator.invite(group_id))
    async with AsyncExitStack() as stack:
        sockets = []
        for world in deployment.worlds:
            socket = await stack.enter_async_context(elsewhere(member, world).socket())
            await socket.subscribe(ROLE, id=group_id)
            await socket.next()
            sockets.append(socket)
        yield Watched(creator, await member_id_of(member, group_id), sockets)


@pytest.mark.parametrize("hung", [False, True], ids=["stopped", "hung"])
async def test_nobody_waits_for_redis_and_all_hear_when_it_is_back(
    deployment: Deployment, watched: Watched, hung: bool
) -> None:
    redis, processes = deployment.redis, [*deployment.servers, *deployment.workers]
    events = ("redis is away", "redis is back")

    async def lines() -> list[list[int]]:
        return [[said(one, event) for event in events] for one in processes]

    before = await lines()
    leave: Callable[[], None] = redis.hang if hung else redis.kill
    come_back: Callable[[], None] = redis.resume if hung else redis.restart
    await asyncio.to_thread(leave)
    try:
        took = [await watched.change()]
        await watched.told(0)  # who listens at the server that made the change
        degraded = await eventually(
            lambda: readiness(deployment), lambda seen: all(without for _, _, without in seen)
        )
        assert degraded == [(200, True, ["redis"])] * 2
        noticed = [[away + 1, back] for away, back in before]
        await eventually(lines, noticed.__eq__)
        for _ in range(4):
            took.append(await watched.change())
            await watched.told(0)
    finally:
        await asyncio.to_thread(come_back)
    assert took[0] < 2 and sorted(took)[2] < 1, took
    await watched.told(1)
    await watched.change()
    await watched.told(1)
    assert (
        await eventually(
            lambda: readiness(deployment), lambda seen: not any(without for _, _, without in seen)
        )
        == [(200, True, [])] * 2
    )

    # One line a process when it went, and one when it was back.
    expected = [[number + 1 for number in numbers] for numbers in before]
    assert await eventually(lines, lambda seen: sum(map(sum, seen)) >= sum(map(sum, expected))) == (
        expected
    )


async def test_an_emptied_redis_is_noticed_by_nobody(
    deployment: Deployment, watched: Watched
) -> None:
    await asyncio.to_thread(deployment.redis.flush)
    assert await watched.change() < 2
    for number in range(2):
        await watched.told(number)
    assert await readiness(deployment) == [(200, True, [])] * 2


async def test_work_is_done_while_redis_is_away(deployment: Deployment) -> None:
    world = deployment.worlds[0]
    creator = await world.real_person()
    group_id = await creator.create_group()
    await asyncio.to_thread(deployment.redis.kill)
    try:
        await world.set_record(creator.id_number, health_code="RED")
        await creator.change("refreshGroup", "run { id }", groupId=group_id)
        await eventually(
            lambda: creator.ask(COLOUR, id=group_id),
            lambda seen: seen["group"]["colour"] == "RED",
            30,
        )
    finally:
        await asyncio.to_thread(deployment.redis.restart)
