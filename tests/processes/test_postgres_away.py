"""Two servers and their workers while PostgreSQL is away: all are answered, nothing is lost."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import pytest

from app.client import mutation
from tests.support.deployment import Deployment, deployed, elsewhere
from tests.support.networks import Network
from tests.support.person import Person
from tests.support.prepared import Prepared
from tests.support.servers import PostgresServer, RedisServer
from tests.support.survival import LONG
from tests.support.waiting import eventually

ANSWERED: Final = 10.0  # seconds
HEALED: Final = 15.0
AWAY: Final = 60.0 if LONG else 7.0
COLOUR: Final = "query($id: ID!) { group(id: $id) { colour } }"
EVENTS: Final = """subscription($id: ID!) { groupEvents(groupId: $id, after: 0) {
    ... on GroupEvent { number type } } }"""


@pytest.fixture(scope="module")
def own_postgres(cluster: tuple[Path, Prepared]) -> Iterator[PostgresServer]:
    with PostgresServer(cluster[0]) as server:
        yield server


@pytest.fixture(scope="module")
async def network(own_postgres: PostgresServer) -> AsyncIterator[Network]:
    async with Network(own_postgres.port).open() as network:
        yield network


@pytest.fixture(scope="module")
async def deployment(
    own_postgres: PostgresServer,
    network: Network,
    postgres_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Deployment]:
    folder: Path = tmp_path_factory.mktemp("postgres-away")
    # What it has committed outlasts its end, as in production.
    own_postgres.run("ALTER ROLE groupcode SET synchronous_commit = on", own_postgres.url)
    with RedisServer() as redis:
        async with deployed(
            folder, own_postgres, redis, "away", postgres_template, network.through
        ) as deployment:
            yield deployment


class Asking:
    """Somebody who asks one server without end, and changes a group by keys that they repeat."""

    def __init__(self, person: Person, group_id: str) -> None:
        self.person, self.group_id = person, group_id
        self.longest = 0.0
        self.refused = self.changes = 0
        self.unexpected: list[object] = []

    async def look(self) -> None:
        while True:
            await self._send({"query": COLOUR, "variables": {"id": self.group_id}}, "")
            await asyncio.sleep(0.05)

    async def change(self) -> None:
        while True:
            new = {"groupId": self.group_id, "name": f"第 {self.changes} 次"}
            asked = {
                "query": mutation("updateGroup", "group { version }"),
                "variables": {"input": new},
            }
            key = str(uuid4())
            while not await self._send(asked, key):
                await asyncio.sleep(0.2)
            self.changes += 1
            await asyncio.sleep(0.1)

    async def _send(self, asked: dict[str, Any], key: str) -> bool:
        """Send one request; return whether it was done. It is told to wait where it wasn't."""
        headers = {"authorization": f"Bearer {self.person.token}"}
        if key:
            headers["idempotency-key"] = f'"{key}"'
        began = time.monotonic()
        response = await self.person.server.http.post(
            f"{self.person.url}/graphql", json=asked, headers=headers
        )
        self.longest = max(self.longest, time.monotonic() - began)
        body = response.json()
        codes = {error["extensions"]["code"] for error in body.get("errors", ())}
        if not codes:
            return True
        self.refused += 1
        if codes != {"UNAVAILABLE"} or "retry-after" not in response.headers:
            self.unexpected.append((response.status_code, body, dict(response.headers)))
        if ("data" in body) != (response.status_code == 200):
            self.unexpected.append((response.status_code, body))
        return False


class Told:
    """The numbers that somebody was told by a subscription, which is never to end."""

    def __init__(self, person: Person, group_id: str) -> None:
        self.numbers: list[int] = []
        self.task = asyncio.create_task(self._listen(person, group_id))

    async def _listen(self, person: Person, group_id: str) -> None:
        async with person.socket() as socket:
            await socket.subscribe(EVENTS, id=group_id)
            while True:
                data = await socket.next(patience=200)
                self.numbers.append(data["groupEvents"]["number"])

    async def look(self) -> list[int]:
        assert not self.task.done(), self.task.result()
        return self.numbers


async def seconds_until(look: Callable[[], Awaitable[bool]]) -> float:
    began = time.monotonic()
    await eventually(look, bool, 60)
    return time.monotonic() - began


async def ready(deployment: Deployment) -> list[int]:
    answers = [await one.http.get(f"{one.url}/readyz") for one in deployment.worlds]
    return [one.status_code for one in answers]


@asynccontextmanager
async def asked_all_along(deployment: Deployment) -> AsyncIterator[tuple[Person, str]]:
    """People ask both servers and listen to them; afterwards all of it must hold."""
    creator = await deployment.worlds[0].real_person()
    group_id = await creator.create_group()
    people = [elsewhere(creator, world) for world in deployment.worlds]
    asking = [Asking(person, group_id) for person in people]
    told = [Told(person, group_id) for person in people]
    tasks = [asyncio.create_task(act()) for one in asking for act in (one.look, one.look)]
    changing = asyncio.create_task(asking[0].change())
    await eventually(told[1].look, lambda numbers: len(numbers) > 3)
    try:
        yield creator, group_id
        done = asking[0].changes
        await eventually(_changes(asking[0]), lambda number: number > done + 2)
        await _stop(changing, *tasks)
        await _hold(creator, group_id, asking, told)
    finally:
        await _stop(changing, *tasks, *(one.task for one in told))


async def _stop(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _hold(creator: Person, group_id: str, asking: list[Asking], told: list[Told]) -> None:
    """Everybody was answered in time, every change was made once, and every event was told."""
    found = await creator.ask("query($id: ID!) { group(id: $id) { name version } }", id=group_id)
    version, renamed = found["group"]["version"], asking[0].changes
    for listener in told:
        numbers = await eventually(listener.look, lambda numbers: numbers[-1:] == [version])
        assert numbers == list(range(1, version + 1))
    assert found["group"]["name"] in (f"第 {renamed - 1} 次", f"第 {renamed} 次")
    for one in asking:
        assert one.unexpected == []
        assert one.longest < ANSWERED


def _changes(asking: Asking) -> Callable[[], Awaitable[int]]:
    async def look() -> int:
        return asking.changes

    return look


async def heals(deployment: Deployment, creator: Person, group_id: str) -> None:
    """Within 15 s of its return servers are ready, and work that was due long ago is done."""

    async def all_ready() -> bool:
        return await ready(deployment) == [200, 200]

    assert await seconds_until(all_ready) < HEALED

    async def red() -> bool:
        body = await creator.send(COLOUR, id=group_id)
        return bool(body.get("data") and body["data"]["group"]["colour"] == "RED")

    assert await seconds_until(red) < HEALED


async def begin_work(deployment: Deployment, creator: Person, group_id: str) -> None:
    """Have work begun that the database is away for: of a record that must be fetched, judged."""
    await deployment.worlds[0].set_record(creator.id_number, health_code="RED")
    await creator.change("refreshGroup", "run { id }", groupId=group_id)


def backends(postgres: PostgresServer) -> list[int]:
    """The processes by which our servers and workers are served."""
    told = postgres.run("SELECT pid FROM pg_stat_activity WHERE datname = 'away'", postgres.url)
    return [int(pid) for pid in told.split()]


async def test_its_backends_are_ended_time_and_again(
    deployment: Deployment, own_postgres: PostgresServer
) -> None:
    ending = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'away'"
    async with asked_all_along(deployment) as (creator, group_id):
        await begin_work(deployment, creator, group_id)
        for _ in range(10):
            await asyncio.to_thread(own_postgres.run, ending, own_postgres.url)
            await asyncio.sleep(0.2)
        await heals(deployment, creator, group_id)


async def test_its_backends_hang(deployment: Deployment, own_postgres: PostgresServer) -> None:
    async with asked_all_along(deployment) as (creator, group_id):
        await begin_work(deployment, creator, group_id)
        stopped = await asyncio.to_thread(backends, own_postgres)
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        try:
            await asyncio.sleep(AWAY)  # their locks stay, too
        finally:
            for pid in stopped:
                os.kill(pid, signal.SIGCONT)
        await heals(deployment, creator, group_id)


async def test_it_is_restarted(deployment: Deployment, own_postgres: PostgresServer) -> None:
    async with asked_all_along(deployment) as (creator, group_id):
        await begin_work(deployment, creator, group_id)
        await asyncio.to_thread(own_postgres.restart)
        await heals(deployment, creator, group_id)


async def test_it_is_away(deployment: Deployment, own_postgres: PostgresServer) -> None:
    processes = [*deployment.servers, *deployment.workers]
    async with asked_all_along(deployment) as (creator, group_id):
        await begin_work(deployment, creator, group_id)
        before = [one.log.read_text().count("the database is away") for one in processes]
        await asyncio.to_thread(own_postgres.kill)
        try:
            await eventually(lambda: ready(deployment), [503, 503].__eq__, ANSWERED)
            await asyncio.sleep(AWAY)
        finally:
            await asyncio.to_thread(own_postgres.restart)
        await heals(deployment, creator, group_id)
    said = [one.log.read_text().count("the database is away") for one in processes]
    assert said == [number + 1 for number in before]


async def test_the_network_swallows_all_that_is_sent(
    deployment: Deployment, network: Network
) -> None:
    async with asked_all_along(deployment) as (creator, group_id):
        await begin_work(deployment, creator, group_id)
        network.swallow()
        try:
            await eventually(lambda: ready(deployment), [503, 503].__eq__, ANSWERED)
            await asyncio.sleep(AWAY)
        finally:
            network.recover()
        await heals(deployment, creator, group_id)
