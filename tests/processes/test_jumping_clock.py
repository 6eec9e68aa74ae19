"""A clock that jumps by a day or a year: nothing floods, and all goes on when it is right."""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Final

import httpx
import pytest

from tests.support.answering import outside
from tests.support.deployment import deployment_environment
from tests.support.jumping_server import OFFSET
from tests.support.leaves import request_leave
from tests.support.processes import Forked, Process, answering, environment
from tests.support.servers import PostgresServer, RedisServer, free_port, free_ports
from tests.support.survival import LONG
from tests.support.templates import have_database
from tests.support.waiting import START_PATIENCE, eventually
from tests.support.world import World

ME: Final = "{ me { id } }"
COLOUR: Final = "query($id: ID!) { group(id: $id) { colour } }"
DAY, YEAR = timedelta(days=1), timedelta(days=365)


class JumpingProcess(Forked):
    """A server whose clock may be moved."""

    module = "tests.support.jumping_server"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    have_database(tmp_path)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    env = environment(port=str(port), demo="0", rate_limits="0")
    with JumpingProcess(tmp_path, env, "serve") as process:
        async with httpx.AsyncClient(timeout=30) as http:
            await answering(http, f"{url}/readyz", process)
            yield World(url, f"{url}/sandbox", http)


def count(folder: Path, statement: str) -> int:
    with closing(sqlite3.connect(folder / "groupcode.sqlite3")) as connection:
        return int(connection.execute(statement).fetchone()[0])


@pytest.mark.parametrize("jump", [YEAR, DAY] if LONG else [YEAR])
async def test_it_goes_on_after_a_clock_went_back(
    world: World, tmp_path: Path, jump: timedelta
) -> None:
    creator = await world.real_person()
    group_id = await creator.create_group()
    token = await creator.invite(group_id)
    runs = count(tmp_path, "SELECT count(*) FROM refresh_run")
    sms = count(tmp_path, "SELECT count(*) FROM sms")
    (tmp_path / OFFSET).write_text(str(-jump.total_seconds()))
    await asyncio.sleep(6)  # a sweep of the tick
    assert (await world.http.get(f"{world.url}/readyz")).status_code == 200
    assert count(tmp_path, "SELECT count(*) FROM refresh_run") - runs <= 1
    assert count(tmp_path, "SELECT count(*) FROM sms") - sms <= 2
    # A token is good for 15 minutes from when it says it was made; another is got for it.
    assert await creator.error_code(ME) == "UNAUTHENTICATED"

    (tmp_path / OFFSET).write_text("0")
    await eventually(lambda: creator.send(ME), lambda body: "errors" not in body)
    state = "query($token: String!) { invitation(token: $token) { state } }"
    assert (await creator.ask(state, token=token))["invitation"]["state"] == "OPEN"
    await world.set_record(creator.id_number, health_code="RED")
    await creator.change("refreshGroup", "run { id }", groupId=group_id)
    await eventually(
        lambda: creator.ask(COLOUR, id=group_id),
        lambda data: data["group"]["colour"] == "RED",
        40,
    )


@pytest.fixture
async def beside_postgres(
    tmp_path: Path, postgres: PostgresServer, postgres_template: str
) -> AsyncIterator[tuple[World, Process]]:
    """A server and a worker whose clock may be moved: PostgreSQL's stays."""
    ports = free_ports(2)
    sandbox, address = (f"http://127.0.0.1:{port}" for port in ports)
    url = postgres.create_database(f"jumping-{tmp_path.name}", postgres_template)
    with RedisServer() as redis:
        env = deployment_environment(url, sandbox, redis_url=redis.url, port=str(ports[1]))
        with (
            Forked(tmp_path, env, "sandbox", "--port", str(ports[0])),
            JumpingProcess(tmp_path, env, "serve") as server,
            JumpingProcess(tmp_path, env, "worker") as worker,
        ):
            async with httpx.AsyncClient(timeout=30) as http:
                await answering(http, f"{sandbox}/sandbox/clock")
                await answering(http, f"{address}/readyz", server)
                yield World(address, f"{sandbox}/sandbox", http), worker


async def test_nothing_is_done_by_a_clock_that_is_a_year_ahead_of_the_databases(
    beside_postgres: tuple[World, Process], tmp_path: Path
) -> None:
    world, worker = beside_postgres
    creator, member = await world.real_person(), await world.someone()
    group_id = await creator.create_group()
    await member.join(await creator.invite(group_id))
    await request_leave(member, group_id)

    async def readiness() -> tuple[int, bool]:
        answer = await world.http.get(f"{world.url}/readyz")
        return answer.status_code, answer.json()["clock"]

    async def worker_said() -> list[int]:
        log = worker.log.read_text()
        return [log.count(text) for text in ("the clock is wrong", "the clock is right again")]

    assert await readiness() == (200, True)
    (tmp_path / OFFSET).write_text(str(YEAR.total_seconds()))
    await eventually(readiness, (503, False).__eq__)
    await eventually(worker_said, [1, 0].__eq__)
    refused = await refusal_of_another(worker)
    assert "our clock is 31536000 s ahead of the database's" in refused

    (tmp_path / OFFSET).write_text("0")
    await eventually(readiness, (200, True).__eq__)
    await eventually(worker_said, [1, 1].__eq__)
    # The day that a leave waits isn't over, though it was for the clock; and work goes on.
    leaves = "query($id: ID!) { group(id: $id) { pendingLeaveCount } }"
    assert (await creator.ask(leaves, id=group_id))["group"]["pendingLeaveCount"] == 1
    await world.set_record(creator.id_number, health_code="RED")
    await creator.change("refreshGroup", "run { id }", groupId=group_id)
    await eventually(
        lambda: creator.ask(COLOUR, id=group_id), lambda data: data["group"]["colour"] == "RED", 40
    )


async def refusal_of_another(like: Process) -> str:
    """Begin another worker; return why it refuses to start."""
    return await said_by(like.log.parent, like.env, "worker")


async def said_by(folder: Path, env: Mapping[str, str], command: str) -> str:
    """Run a command by the wrong clock; return what it says."""
    with JumpingProcess(folder, env, command, name=f"{command}-once") as process:

        async def ended() -> bool:
            return process.ended

        await eventually(ended, bool, START_PATIENCE)
        return process.log.read_text()


async def test_the_doctor_compares_our_clock_with_the_databases(
    beside_postgres: tuple[World, Process], tmp_path: Path
) -> None:
    _, worker = beside_postgres
    assert "clock      agrees with the database's" in await said_by(tmp_path, worker.env, "doctor")
    (tmp_path / OFFSET).write_text("60")  # a clock that serving still bears
    found = await said_by(tmp_path, worker.env, "doctor")
    assert "WRONG  clock      our clock and the database's are 60 s apart" in found


async def test_the_doctor_sees_by_what_others_say_that_our_clock_is_behind(
    world: World, tmp_path: Path
) -> None:
    await world.real_person()
    (tmp_path / OFFSET).write_text(str(-DAY.total_seconds()))
    with outside() as url:
        statuses = {"health": 200, "identity": 404, "family": 400, "sms": 422}
        systems = {f"{system}_url": f"{url}/{status}" for system, status in statuses.items()}
        found = await said_by(tmp_path, environment(sandbox="0", **systems), "doctor")
    wrong = [line for line in found.splitlines() if line.startswith("WRONG")]
    assert "clock      the newest entry is of" in wrong[0] and "to come: set our clock" in wrong[0]
    assert [line.split()[1] for line in wrong[1:]] == list(statuses)
    # Dates of answers have no part of a second.
    assert all(re.search(r"our clock and its are 86(400|399) s apart", line) for line in wrong[1:])
