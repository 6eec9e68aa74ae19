"""A deployment of several processes, each of which a test may kill."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from tests.people import START_PATIENCE, Person, World
from tests.servers import PostgresServer, RedisServer, free_ports

GROUPCODE = Path(sys.executable).parent / "groupcode"


class Process:
    """One `groupcode` process; stopped by its own id whatever happens."""

    def __init__(self, folder: Path, env: dict[str, str], *command: str) -> None:
        self.command, self.env = command, env
        self.log = folder / f"{'-'.join(command[:1])}-{id(self)}.log"
        self.start()

    def start(self) -> None:
        """Start it, or start it again."""
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                [GROUPCODE, *self.command],
                env=self.env,
                cwd=self.log.parent,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )

    def kill(self) -> None:
        """End it without a word."""
        self.running.kill()
        self.running.wait()

    def stop(self) -> int:
        """Ask it to end; answer its exit code."""
        self.running.send_signal(signal.SIGTERM)
        return self.running.wait(timeout=30)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.running.kill()
        self.running.wait()


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
    return Person(world, person.serial, person.language, person.token)
