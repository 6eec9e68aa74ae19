"""What a storm passes over: servers, workers, the outside world, PostgreSQL and Redis."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asyncpg
import httpx

from tests.support.servers import PostgresServer, RedisServer, free_ports
from tools.storm.supervisor import GROUPCODE, Process, Supervisor, supervised

SECRET: Final = "a secret of the storm that is long enough"
_START_SECONDS: Final = 60.0


@dataclass
class Stage:
    """A deployment, and the handles by which it is troubled."""

    supervisor: Supervisor
    database_url: str
    urls: list[str]
    sandbox: str
    postgres: PostgresServer | None = None
    redis: RedisServer | None = None

    @property
    def victims(self) -> list[Process]:
        """The processes that may be killed: not the outside world."""
        return [one for one in self.supervisor.processes if one.name != "sandbox"]


@asynccontextmanager
async def set_stage(folder: Path, *, embedded: bool) -> AsyncIterator[Stage]:
    """Start everything on free ports of the loopback; end it all."""
    with ExitStack() as stack:
        async with supervised(folder) as supervisor:
            if embedded:
                stage = await _embedded(supervisor, folder)
            else:
                postgres = stack.enter_context(PostgresServer())
                redis = stack.enter_context(RedisServer())
                stage = await _deployed(supervisor, postgres, redis)
            async with httpx.AsyncClient(timeout=5) as http, asyncio.timeout(_START_SECONDS):
                await _answers(http, f"{stage.sandbox}/clock")
                for url in stage.urls:
                    await _answers(http, f"{url}/readyz")
            yield stage


async def _embedded(supervisor: Supervisor, folder: Path) -> Stage:
    """One process on SQLite; the outside world in a process of its own, to outlive it."""
    database_url = f"sqlite://{folder / 'storm.sqlite3'}"
    sandbox, port = free_ports(2)
    env = _env(database_url, sandbox)
    await _migrate(env)
    supervisor.add("sandbox", env, "sandbox", "--port", str(sandbox))
    supervisor.add("server", env | {"GROUPCODE_PORT": str(port)}, "serve")
    return Stage(supervisor, database_url, [f"http://127.0.0.1:{port}"], _sandbox_at(sandbox))


async def _deployed(supervisor: Supervisor, postgres: PostgresServer, redis: RedisServer) -> Stage:
    """Two servers and two workers over PostgreSQL and Redis."""
    database_url = await asyncio.to_thread(postgres.create_database, "storm")
    await _make_durable(database_url)
    sandbox, *ports = free_ports(3)
    env = _env(database_url, sandbox) | {"GROUPCODE_REDIS_URL": redis.url}
    await _migrate(env)
    supervisor.add("sandbox", env, "sandbox", "--port", str(sandbox))
    for number, port in enumerate(ports, start=1):
        supervisor.add(f"server-{number}", env | {"GROUPCODE_PORT": str(port)}, "serve")
        supervisor.add(f"worker-{number}", env, "worker")
    urls = [f"http://127.0.0.1:{port}" for port in ports]
    return Stage(supervisor, database_url, urls, _sandbox_at(sandbox), postgres, redis)


def _env(database_url: str, sandbox: int) -> dict[str, str]:
    return {
        "GROUPCODE_DATABASE_URL": database_url,
        "GROUPCODE_REDIS_URL": "",
        "GROUPCODE_SANDBOX_URL": f"http://127.0.0.1:{sandbox}",
        "GROUPCODE_RATE_LIMITS": "0",
        "GROUPCODE_SECRET_KEY": SECRET,
    }


def _sandbox_at(port: int) -> str:
    return f"http://127.0.0.1:{port}/sandbox"


async def _make_durable(database_url: str) -> None:
    """Have a commit wait for the log, which the test servers don't: this one will crash."""
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute("ALTER DATABASE storm SET synchronous_commit = on")
    finally:
        await connection.close()


async def _migrate(env: dict[str, str]) -> None:
    migrating = await asyncio.create_subprocess_exec(
        GROUPCODE, "migrate", env=os.environ | env, stdout=subprocess.DEVNULL
    )
    if await migrating.wait() != 0:
        raise RuntimeError("the database could not be migrated")


async def _answers(http: httpx.AsyncClient, url: str) -> None:
    while True:
        try:
            if (await http.get(url)).status_code == 200:
                return
        except httpx.TransportError:
            pass
        await asyncio.sleep(0.1)
