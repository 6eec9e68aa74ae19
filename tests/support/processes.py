"""The `groupcode` command in processes of its own, each of which a test may kill."""

import asyncio
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, ClassVar, Final, Protocol, Self

import httpx

from tests.support.forking import Wanted, fork
from tests.support.personal import demand_nothing_personal
from tests.support.servers import free_port
from tests.support.templates import have_database
from tests.support.waiting import START_PATIENCE, eventually
from tests.support.world import World

ROOT: Final = Path(__file__).parent.parent.parent
GROUPCODE: Final = Path(sys.executable).parent / "groupcode"
_STARTING_SECONDS: Final = 5.0
_DEATH_SIGNAL: Final = 1  # PR_SET_PDEATHSIG
_set_process = ctypes.CDLL(None).prctl


class Running(Protocol):
    """What is used of a process, however it was begun."""

    pid: int

    def poll(self) -> int | None:
        """Return its exit code, if it has ended."""

    def wait(self, timeout: float | None = None) -> int:
        """Return its exit code, once it has ended."""

    def send_signal(self, number: int) -> None:
        """Send it a signal."""

    def kill(self) -> None:
        """End it without a word."""


class Process:
    """One `groupcode` process and its log; it ends with whoever started it, however that ends."""

    program: ClassVar[tuple[str | Path, ...]] = (GROUPCODE,)

    def __init__(
        self, folder: Path, env: Mapping[str, str], *command: str, name: str | None = None
    ) -> None:
        self.name = name or command[0]
        self.command, self.env = command, env
        self.log = folder / f"{name or f'{self.name}-{id(self)}'}.log"
        self.start()

    def start(self) -> None:
        """Start it, or start it again."""
        self._started_at = time.monotonic()
        with self.log.open("ab") as log:
            self._running = self._begun(log)

    def _begun(self, log: IO[bytes]) -> Running:
        return subprocess.Popen(
            [*self.program, *self.command],
            env=self.env,
            cwd=self.log.parent,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - one call of the kernel, no lock
        )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._running.pid

    @property
    def ended(self) -> bool:
        """Whether it isn't there any more."""
        return self._running.poll() is not None

    @property
    def at_work(self) -> bool:
        """Whether it has had the time to start: a server that listens, a worker of some age."""
        if self.ended:
            return False
        if port := self.env.get("GROUPCODE_PORT"):
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", int(port))) == 0
        return time.monotonic() - self._started_at > _STARTING_SECONDS

    def kill(self) -> bool:
        """End it without a word; return whether it was still running."""
        if self.ended:
            return False
        self._running.kill()
        self._running.wait()
        return True

    def ask_to_stop(self) -> None:
        """Ask it to end, and don't wait for that."""
        self._running.send_signal(signal.SIGTERM)

    def stop(self) -> int:
        """Ask it to end; return its exit code."""
        self.ask_to_stop()
        return self._running.wait(timeout=30)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        demand_nothing_personal(self.log)


class Forked(Process):
    """One `groupcode` process that doesn't load its code anew, which takes seconds each time."""

    module: ClassVar[str] = ""  # another than `groupcode`

    def _begun(self, log: IO[bytes]) -> Running:
        wanted = Wanted([*self.command], str(self.log.parent), dict(self.env), self.module)
        return fork(wanted, log, log)


def _end_with_parent() -> None:
    _set_process(_DEATH_SIGNAL, ctypes.c_ulong(signal.SIGKILL))


def environment(**settings: str) -> dict[str, str]:
    """Return the environment with these settings, and none from outside."""
    kept = {name: value for name, value in os.environ.items() if "GROUPCODE_" not in name}
    return kept | {f"GROUPCODE_{name.upper()}": value for name, value in settings.items()}


def groupcode(folder: Path, *command: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder until it ends; its code is loaded already."""
    return _run(folder, environment(demo="0", **settings), *command)


def groupcode_anew(
    folder: Path, *command: str, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run the command as an operator does: what it needs is loaded, and must be found."""
    return subprocess.run(
        [str(GROUPCODE), *command],
        cwd=folder,
        env=environment(demo="0", **settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def _run(folder: Path, env: Mapping[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    with TemporaryFile() as out, TemporaryFile() as err:
        running = fork(Wanted([*command], str(folder), dict(env)), out, err)
        try:
            code = running.wait(60)
        finally:
            running.kill()
        said = []
        for file in (out, err):
            file.seek(0)
            said.append(file.read().decode())
    return subprocess.CompletedProcess([*command], code, *said)


@asynccontextmanager
async def serving(folder: Path, **settings: str) -> AsyncIterator[tuple[Process, World]]:
    """`groupcode serve` in a folder of its own, with a migrated database."""
    have_database(folder)
    port = free_port()
    env = environment(port=str(port), **{"demo": "0", "rate_limits": "0"} | settings)
    url = f"http://127.0.0.1:{port}"
    with Forked(folder, env, "serve") as process:
        async with httpx.AsyncClient(timeout=30) as http:
            await answering(http, f"{url}/readyz", process)
            yield process, World(url, f"{url}/sandbox", http)


async def answering(http: httpx.AsyncClient, url: str, process: Process | None = None) -> None:
    """Wait until a URL answers 200; raise ``AssertionError`` when its process ends before."""

    async def answers() -> bool:
        assert process is None or not process.ended, process.log.read_text()
        try:
            return (await http.get(url)).status_code == 200
        except httpx.TransportError:
            return False

    await eventually(answers, bool, START_PATIENCE)


async def migrate(env: Mapping[str, str]) -> str:
    """Run `groupcode migrate`; return what it printed. Raise ``AssertionError`` if it failed."""
    done = await asyncio.to_thread(_run, ROOT, env, "migrate")
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr
