"""The deployment that is put under load: servers, workers, sandbox, PostgreSQL and Redis."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import httpx

from tests.support.deployment import deployment_environment
from tests.support.processes import Process, answering, migrate
from tests.support.servers import PostgresServer, RedisServer, free_ports
from tests.support.templates import have_database
from tools.storm.supervisor import Supervisor, supervised


@dataclass
class Deployment:
    """A running deployment, and what can be killed or restarted of it."""

    supervisor: Supervisor
    database_url: str
    urls: list[str]
    sandbox: str
    postgres: PostgresServer | None = None
    redis: RedisServer | None = None

    @property
    def killable(self) -> list[Process]:
        """Return the processes that may be killed: not the sandbox."""
        return [one for one in self.supervisor.processes if one.name != "sandbox"]


@asynccontextmanager
async def deployed(folder: Path, *, embedded: bool) -> AsyncIterator[Deployment]:
    """Start everything on free ports of the loopback; end it all."""
    with ExitStack() as stack:
        async with supervised(folder) as supervisor:
            if embedded:
                deployment = _embedded(supervisor, folder)
            else:
                postgres = stack.enter_context(PostgresServer())
                redis = stack.enter_context(RedisServer())
                deployment = await _deployed(supervisor, postgres, redis)
            async with httpx.AsyncClient(timeout=5) as http:
                await answering(http, f"{deployment.sandbox}/clock")
                for url in deployment.urls:
                    await answering(http, f"{url}/readyz")
            yield deployment


def _embedded(supervisor: Supervisor, folder: Path) -> Deployment:
    """One process on SQLite; the sandbox in a process of its own, to outlive it."""
    database_url = f"sqlite://{have_database(folder)}"
    sandbox_port, port = free_ports(2)
    sandbox = f"http://127.0.0.1:{sandbox_port}"
    env = deployment_environment(database_url, sandbox)
    supervisor.add("sandbox", env, "sandbox", "--port", str(sandbox_port))
    supervisor.add("server", env | {"GROUPCODE_PORT": str(port)}, "serve")
    return Deployment(supervisor, database_url, [f"http://127.0.0.1:{port}"], f"{sandbox}/sandbox")


async def _deployed(
    supervisor: Supervisor, postgres: PostgresServer, redis: RedisServer
) -> Deployment:
    """Two servers and two workers over PostgreSQL and Redis."""
    database_url = await asyncio.to_thread(postgres.create_database, "storm")
    await _make_durable(database_url)
    sandbox_port, *ports = free_ports(3)
    sandbox = f"http://127.0.0.1:{sandbox_port}"
    env = deployment_environment(database_url, sandbox, redis_url=redis.url)
    await migrate(env)
    supervisor.add("sandbox", env, "sandbox", "--port", str(sandbox_port))
    for number, port in enumerate(ports, start=1):
        supervisor.add(f"server-{number}", env | {"GROUPCODE_PORT": str(port)}, "serve")
        supervisor.add(f"worker-{number}", env, "worker")
    urls = [f"http://127.0.0.1:{port}" for port in ports]
    return Deployment(supervisor, database_url, urls, f"{sandbox}/sandbox", postgres, redis)


async def _make_durable(database_url: str) -> None:
    """Have a commit wait for the log, which the test servers don't: this one will crash."""
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute("ALTER DATABASE storm SET synchronous_commit = on")
    finally:
        await connection.close()
