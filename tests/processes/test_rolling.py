"""Servers that are stopped under load, one after the other: nobody notices."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest

from app.client import mutation
from tests.support.balancers import Balancer
from tests.support.deployment import deployment_environment
from tests.support.person import Person
from tests.support.processes import Forked, Process, answering, serving
from tests.support.servers import PostgresServer, RedisServer, free_ports
from tests.support.survival import LONG
from tests.support.waiting import eventually
from tests.support.world import World

COLOUR: Final = "query($id: ID!) { group(id: $id) { colour version } }"
EVENTS: Final = """subscription($id: ID!, $after: Int) { groupEvents(groupId: $id, after: $after) {
    ... on GroupEvent { number } } }"""
ROUNDS: Final = 3 if LONG else 1


class Load:
    """People who ask by connections that they keep; nothing may go wrong."""

    def __init__(self, url: str, person: Person, group_id: str) -> None:
        self.url, self.person, self.group_id = url, person, group_id
        self.answered = self.changes = 0
        self.last_words: list[str | None] = []
        self.unanswered: list[str] = []

    async def number(self) -> int:
        """How many requests were answered."""
        return self.answered

    async def look(self) -> None:
        """Ask again and again by one connection at a time, until nobody listens."""
        asked = {"query": COLOUR, "variables": {"id": self.group_id}}
        async with httpx.AsyncClient(timeout=30) as http:
            while await self._ask(http, asked, {}):
                await asyncio.sleep(0)

    async def change(self) -> None:
        """Change a group again and again."""
        async with httpx.AsyncClient(timeout=30) as http:
            going = True
            while going:
                name = f"第 {self.changes} 次"
                asked = {
                    "query": mutation("updateGroup", "group { version }"),
                    "variables": {"input": {"groupId": self.group_id, "name": name}},
                }
                going = await self._ask(http, asked, {"idempotency-key": str(uuid4())})
                self.changes += going

    async def _ask(
        self, http: httpx.AsyncClient, asked: dict[str, Any], headers: dict[str, str]
    ) -> bool:
        who = {"authorization": f"Bearer {self.person.token}"}
        try:
            response = await http.post(f"{self.url}/graphql", json=asked, headers=who | headers)
        except httpx.ConnectError:
            return False
        except httpx.HTTPError as error:
            self.unanswered.append(repr(error))
            return False
        if response.status_code != 200 or "errors" in response.json():
            self.unanswered.append(response.text)
        self.answered += 1
        if response.headers.get("connection") == "close":
            self.last_words.append("close")
        return True


async def test_whoever_was_let_in_is_answered_when_a_server_stops(tmp_path: Path) -> None:
    async with serving(tmp_path) as (process, world):
        creator = await world.real_person()
        load = Load(world.url, creator, await creator.create_group())
        asking = [asyncio.create_task(load.look()) for _ in range(20)]
        asking.append(asyncio.create_task(load.change()))
        await eventually(load.number, lambda number: number > 300)
        assert await asyncio.to_thread(process.stop) == 0
        await asyncio.wait_for(asyncio.gather(*asking), 30)
        assert load.unanswered == []
        assert len(load.last_words) >= len(asking)


async def test_a_kept_connection_is_told_of_the_end_before_it_ends(tmp_path: Path) -> None:
    async with serving(tmp_path) as (process, world), httpx.AsyncClient(timeout=30) as kept:
        first = await kept.get(f"{world.url}/readyz")
        assert (first.status_code, first.headers.get("connection")) == (200, None)
        process.ask_to_stop()

        async def nobody_listens() -> bool:
            try:
                await world.http.get(f"{world.url}/readyz", headers={"connection": "close"})
            except httpx.ConnectError:
                return True
            return False

        await eventually(nobody_listens, bool)
        last = await kept.get(f"{world.url}/readyz")
        assert (last.status_code, last.headers["connection"]) == (503, "close")
        assert await asyncio.to_thread(process.stop) == 0


async def test_who_connected_last_is_answered_though_they_ask_late(tmp_path: Path) -> None:
    request = b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n"
    async with serving(tmp_path) as (process, world):
        port = int(world.url.rsplit(":", 1)[1])
        kept, keeps = await asyncio.open_connection("127.0.0.1", port)
        keeps.write(request)
        assert await kept.readuntil(b"\r\n\r\n")
        new, asks = await asyncio.open_connection("127.0.0.1", port)
        process.ask_to_stop()
        await asyncio.wait_for(kept.read(), 10)  # it rests, and is ended after a second
        asks.write(request)
        answer = await asyncio.wait_for(new.read(), 10)
        assert answer.startswith(b"HTTP/1.1 200 OK") and b"connection: close" in answer.lower()
        for writer in (keeps, asks):
            writer.close()


@pytest.fixture
async def rolled(
    postgres: PostgresServer, postgres_template: str, tmp_path: Path
) -> AsyncIterator[tuple[World, list[Process], Balancer]]:
    """Two servers behind a balancer, and a worker."""
    ports = free_ports(3)
    sandbox = f"http://127.0.0.1:{ports[2]}"
    with RedisServer() as redis:
        url = postgres.create_database(f"rolling-{tmp_path.name}", postgres_template)
        env = deployment_environment(url, sandbox, redis_url=redis.url, drain_seconds="1")
        servers = [{**env, "GROUPCODE_PORT": str(port)} for port in ports[:2]]
        with (
            Forked(tmp_path, env, "sandbox", "--port", str(ports[2])),
            Forked(tmp_path, servers[0], "serve") as one,
            Forked(tmp_path, servers[1], "serve") as two,
            Forked(tmp_path, env, "worker"),
        ):
            async with httpx.AsyncClient(timeout=30) as http:
                await answering(http, f"{sandbox}/sandbox/clock")
                for process in (one, two):
                    await answering(http, f"{address(process)}/readyz", process)
                async with Balancer(ports[:2]).open() as balancer:
                    yield World(balancer.url, f"{sandbox}/sandbox", http), [one, two], balancer


def address(process: Process) -> str:
    return f"http://127.0.0.1:{process.env['GROUPCODE_PORT']}"


async def listen(person: Person, group_id: str, numbers: list[int]) -> None:
    """Note the numbers of events, going on where a connection ended."""

    def moved(data: dict[str, Any]) -> dict[str, Any]:
        return {"after": data["groupEvents"]["number"]}

    following = person.follow(EVENTS, moved, id=group_id, after=0)
    async for data in following:
        numbers += [data["groupEvents"]["number"]]


async def test_nobody_notices_a_rolling_restart(
    rolled: tuple[World, list[Process], Balancer],
) -> None:
    world, servers, _ = rolled
    creator = await world.real_person()
    group_id = await creator.create_group()
    load = Load(world.url, creator, group_id)
    told: list[list[int]] = [[] for _ in range(4)]
    tasks = [asyncio.create_task(load.look()) for _ in range(8)]
    tasks.append(asyncio.create_task(load.change()))
    tasks += [asyncio.create_task(listen(creator, group_id, numbers)) for numbers in told]
    try:
        for process in servers * ROUNDS:
            await eventually(load.number, load.answered.__add__(50).__lt__)
            assert await asyncio.to_thread(process.stop) == 0
            process.start()
            await answering(world.http, f"{address(process)}/readyz", process)
        assert not any(task.done() for task in tasks)
    finally:
        for task in tasks[:9]:
            task.cancel()
        await asyncio.gather(*tasks[:9], return_exceptions=True)
    version = (await creator.ask(COLOUR, id=group_id))["group"]["version"]

    async def all_told() -> list[list[int]]:
        return told

    await eventually(all_told, lambda all_: all(one[-1:] == [version] for one in all_))
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert load.unanswered == []
    assert all(numbers == list(range(1, version + 1)) for numbers in told)
