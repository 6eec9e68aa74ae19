"""A deployment of several processes, each of which a test may kill."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx

from tests.support.person import Person
from tests.support.processes import GROUPCODE, Process
from tests.support.servers import PostgresServer, RedisServer, free_ports
from tests.support.waiting import START_PATIENCE
from tests.support.world import World


@dataclass
class Deployment:
    """Two servers and two workers over one PostgreSQL, one Redis and one sandbox."""

    postgres: PostgresServer
    redis: RedisServer
    worlds: list[World]
    servers: list[Process]
    workers: list[Process]
    migrations: list[str] = field(default_factory=list)


@asynccontextmanager
async def deployed(
    folder: Path, postgres: PostgresServer, redis: RedisServer, database: str
) -> AsyncIterator[Deployment]:
    """Deploy everything, four processes migrating at once; end it all."""
    ports = free_ports(3)
    sandbox = f"http://127.0.0.1:{ports[2]}"
    env = os.environ | {
        "GROUPCODE_DATABASE_URL": postgres.create_database(database),
        "GROUPCODE_REDIS_URL": redis.url,
        "GROUPCODE_SANDBOX_URL": sandbox,
        "GROUPCODE_RATE_LIMITS": "0",
        "GROUPCODE_SECRET_KEY": "a secret of the tests that is long enough",
    }
    migrations = await asyncio.gather(*(_migrate(env) for _ in range(4)))
    with (
        Process(folder, env, "sandbox", "--port", str(ports[2])),
        Process(folder, env | {"GROUPCODE_PORT": str(ports[0])}, "serve") as one,
        Process(folder, env | {"GROUPCODE_PORT": str(ports[1])}, "serve") as two,
        Process(folder, env, "worker") as three,
        Process(folder, env, "worker") as four,
    ):
        async with httpx.AsyncClient(timeout=30) as http:
            await _answers(http, f"{sandbox}/sandbox/clock")
            worlds = []
            for port in ports[:2]:
                await _answers(http, f"http://127.0.0.1:{port}/readyz")
                worlds.append(World(f"http://127.0.0.1:{port}", f"{sandbox}/sandbox", http))
            yield Deployment(postgres, redis, worlds, [one, two], [three, four], migrations)


async def _migrate(env: dict[str, str]) -> str:
    process = await asyncio.create_subprocess_exec(
        GROUPCODE, "migrate", env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()
    return output.decode()


async def _answers(http: httpx.AsyncClient, url: str) -> None:
    async with asyncio.timeout(START_PATIENCE):
        while True:
            try:
                if (await http.get(url)).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.05)


def elsewhere(person: Person, world: World) -> Person:
    """The same signed-in person at another server."""
    return replace(person, server=world)
