"""Starts processes, starts again whichever ends, and kills its own."""

import asyncio
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

GROUPCODE: Final = Path(sys.executable).parent / "groupcode"
_LOOK_SECONDS: Final = 0.1
_REST_SECONDS: Final = 0.3  # before a process that ended is started again
_STARTING_SECONDS: Final = 5.0
_DEATH_SIGNAL: Final = 1  # PR_SET_PDEATHSIG
_set_process = ctypes.CDLL(None).prctl


class Process:
    """One `groupcode` process and its log."""

    def __init__(self, name: str, folder: Path, env: dict[str, str], *command: str) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        self._env = env
        self._command = [str(GROUPCODE), *command]
        self.start()

    def start(self) -> None:
        """Start it, or start it again; it ends with whoever started it."""
        self._started_at = time.monotonic()
        with self.log.open("ab") as log:
            self._running = subprocess.Popen(
                self._command,
                env=self._env,
                cwd=self.log.parent,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=_end_with_parent,
            )

    @property
    def at_work(self) -> bool:
        """Whether it has had the time to start: a server that listens, a worker of some age."""
        if self.ended:
            return False
        if port := self._env.get("GROUPCODE_PORT"):
            with socket.socket() as trying:
                return trying.connect_ex(("127.0.0.1", int(port))) == 0
        return time.monotonic() - self._started_at > _STARTING_SECONDS

    @property
    def ended(self) -> bool:
        """Whether it isn't there any more."""
        return self._running.poll() is not None

    def kill(self) -> bool:
        """End it without a word; False when it had ended by itself."""
        if self.ended:
            return False
        self._running.kill()
        self._running.wait()
        return True


def _end_with_parent() -> None:
    _set_process(_DEATH_SIGNAL, ctypes.c_ulong(signal.SIGKILL))


class Supervisor:
    """Keeps the processes of a deployment running, whatever ends them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[Process] = []
        self.restarts: Counter[str] = Counter()
        self.kills: Counter[str] = Counter()

    def add(self, name: str, env: dict[str, str], *command: str) -> None:
        """Start a process and watch over it."""
        self.processes.append(Process(name, self.folder, os.environ | env, *command))

    def kill(self, process: Process) -> None:
        """Kill one that runs."""
        if process.kill():
            self.kills[process.name] += 1

    async def watch(self) -> None:
        """Start again what ended, until cancelled."""
        while True:
            for process in [one for one in self.processes if one.ended]:
                await asyncio.sleep(_REST_SECONDS)
                process.start()
                self.restarts[process.name] += 1
            await asyncio.sleep(_LOOK_SECONDS)

    def end(self) -> None:
        """Kill all of them for good."""
        for process in self.processes:
            process.kill()


@asynccontextmanager
async def supervised(folder: Path) -> AsyncIterator[Supervisor]:
    """Watch over what is added meanwhile; end it all."""
    supervisor = Supervisor(folder)
    watching = asyncio.create_task(supervisor.watch())
    try:
        yield supervisor
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        supervisor.end()
