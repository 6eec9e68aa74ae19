"""A deployment of several processes, each of which a test may kill."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from tests.support.in_process import SECRET
from tests.support.person import Person
from tests.support.processes import Forked, Process, answering, environment
from tests.support.servers import PostgresServer, RedisServer, free_ports
from tests.support.world import World


def deployment_environment(database_url: str, sandbox_url: str, **settings: str) -> dict[str, str]:
    """Return the environment that the processes of a deployment share."""
    return environment(
        database_url=database_url,
        sandbox_url=sandbox_url,
        secret_key=SECRET,
        rate_limits="0",
        **settings,
    )


@dataclass
class Deployment:
    """Two servers and two workers over one PostgreSQL, one Redis and one sandbox."""

    postgres: PostgresServer
    redis: RedisServer
    worlds: list[World]
    servers: list[Process]
    workers: list[Process]


@asynccontextmanager
async def deployed(
    folder: Path,
    postgres: PostgresServer,
    redis: RedisServer,
    database: str,
    template: str,
    through: Callable[[str], str] = str,
    kind: type[Process] = Forked,
) -> AsyncIterator[Deployment]:
    """Deploy everything on a copy of a migrated database; end it all.

    ``kind``: how one process of each kind begins.

    ``through``: by which URL they reach the database, where there is something in between.
    """
    ports = free_ports(3)
    sandbox = f"http://127.0.0.1:{ports[2]}"
    database_url = through(postgres.create_database(database, template))
    env = deployment_environment(database_url, sandbox, redis_url=redis.url)
    with (
        kind(folder, env, "sandbox", "--port", str(ports[2])),
        kind(folder, env | {"GROUPCODE_PORT": str(ports[0])}, "serve") as one,
        Forked(folder, env | {"GROUPCODE_PORT": str(ports[1])}, "serve") as two,
        kind(folder, env, "worker") as three,
        Forked(folder, env, "worker") as four,
    ):
        async with httpx.AsyncClient(timeout=30) as http:
            await answering(http, f"{sandbox}/sandbox/clock")
            worlds = []
            for port in ports[:2]:
                await answering(http, f"http://127.0.0.1:{port}/readyz")
                worlds.append(World(f"http://127.0.0.1:{port}", f"{sandbox}/sandbox", http))
            yield Deployment(postgres, redis, worlds, [one, two], [three, four])


def elsewhere(person: Person, world: World) -> Person:
    """Return the same signed-in person at another server."""
    return replace(person, server=world)
