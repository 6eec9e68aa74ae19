"""What is measured, and on what: PostgreSQL, Redis, processes, and the CPU time that they use."""

import asyncio
import os
import sys
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Final, Self

import asyncpg
import httpx

from tests.support.processes import ROOT, Process, answering, environment
from tests.support.servers import PostgresServer, RedisServer, free_port

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_SETTINGS: Final = {
    "shared_preload_libraries": "'pg_stat_statements'",
    "pg_stat_statements.track": "'none'",
    "shared_buffers": "'512MB'",
    "random_page_cost": "1.1",
    "max_connections": "150",
    "autovacuum": "off",  # tables are analysed by hand: nothing else runs while we measure
}
_RELOAD_SECONDS: Final = 0.3
OWN: Final = "/* bench */"  # marks what we ask ourselves meanwhile


def cpu_seconds(*pids: int) -> float:
    """Return the CPU time that these processes have used so far."""
    total = 0
    for pid in pids:
        with suppress(FileNotFoundError, ProcessLookupError):
            for task in Path(f"/proc/{pid}/task").iterdir():
                total += int((task / "schedstat").read_text().split()[0])
    return total / 1e9


def memory_mib(pid: int) -> float:
    """Return the resident memory of a process, in MiB."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE / 2**20


class Script(Process):
    """One of our own modules, run by this Python."""

    program: ClassVar[tuple[str | Path, ...]] = (sys.executable, "-m")


class Program(Process):
    """Any other program: the command names it."""

    program: ClassVar[tuple[str | Path, ...]] = ()


class CountingPostgres(PostgresServer):
    """The tests' PostgreSQL, which can count statements and tell what CPU time it used."""

    async def prepare(self) -> None:
        """Set it up for measuring; it restarts once."""
        connection = await asyncpg.connect(self.url)
        for name, value in _SETTINGS.items():
            await connection.execute(f"ALTER SYSTEM SET {name} = {value}")
        await connection.close()
        await asyncio.to_thread(self.restart)

    def cpu_seconds(self) -> float:
        """Return the CPU time of the server and its connections, closed ones included."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        ended = (int(fields[13]) + int(fields[14])) / _TICKS
        return cpu_seconds(self.pid, *map(int, children)) + ended


class StatementCount:
    """The statements that a database runs while the context lasts, transactions' brackets not.

    Neither counts what names the table ``without``, nor what the benchmark itself asks.
    """

    _LEFT_OUT: ClassVar = (
        "BEGIN",
        "COMMIT",
        "ROLLBACK",
        "RESET ALL",
        "CLOSE ALL",
        "UNLISTEN",
        "SELECT pg_advisory_unlock_all",
        "SELECT pg_stat_statements",
        "SELECT pg_reload_conf",
        "ALTER SYSTEM",
    )

    def __init__(self, url: str, without: str = OWN) -> None:
        self._url, self._without = url, without
        self._calls: list[int] = []

    async def __aenter__(self) -> Self:
        self._connection = await asyncpg.connect(self._url)
        await self._connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        await self._track("top")
        await self._connection.execute("SELECT pg_stat_statements_reset()")
        return self

    async def __aexit__(self, *_: object) -> None:
        rows = await self._connection.fetch(
            "SELECT query, calls FROM pg_stat_statements"
            " JOIN pg_database ON pg_database.oid = dbid WHERE datname = current_database()"
        )
        self._calls = [
            row["calls"]
            for row in rows
            if not row["query"].startswith(self._LEFT_OUT)
            and OWN not in row["query"]
            and self._without not in row["query"]
        ]
        await self._track("none")
        await self._connection.close()

    @property
    def count(self) -> int:
        """How many there were in all."""
        return sum(self._calls)

    def each_of(self, times: int) -> int:
        """Return how many each of so many equal acts took; what ran less often is others'."""
        return sum(calls // times for calls in self._calls)

    async def _track(self, what: str) -> None:
        await self._connection.execute(f"ALTER SYSTEM SET pg_stat_statements.track = '{what}'")
        await self._connection.execute("SELECT pg_reload_conf()")
        await asyncio.sleep(_RELOAD_SECONDS)


@dataclass
class Stage:
    """Where everything runs; each process ends with ``stop`` or with the stack.

    ``groupcode``: how our own begin.
    """

    folder: Path
    postgres: CountingPostgres
    redis: RedisServer
    http: httpx.AsyncClient
    stack: ExitStack = field(default_factory=ExitStack)
    groupcode: type[Process] = Process

    async def start(
        self,
        kind: type[Process],
        *command: str,
        name: str,
        ready: str = "",
        env: Mapping[str, str] | None = None,
    ) -> Process:
        """Start a process; return when its URL ``ready`` answers."""
        given = environment() | {"PYTHONPATH": str(ROOT)} | dict(env or {})
        process = self.stack.enter_context(kind(self.folder, given, *command, name=name))
        if ready:
            await answering(self.http, ready, process)
        return process

    async def start_served(self, script: str, *command: str, name: str) -> tuple[Process, int]:
        """Start one of our modules, which serves on the port that it is given first."""
        port = free_port()
        ready = f"http://127.0.0.1:{port}/readyz"
        process = await self.start(Script, script, str(port), *command, name=name, ready=ready)
        return process, port
