"""Starts processes, starts again whichever ends, and kills its own."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from tests.support.processes import Forked, Process

_LOOK_SECONDS: Final = 0.1
_REST_SECONDS: Final = 0.3  # before a process that ended is started again


class Supervisor:
    """Keeps the processes of a deployment running, whatever ends them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[Process] = []
        self.restarts: Counter[str] = Counter()
        self.kills: Counter[str] = Counter()

    def add(self, name: str, env: Mapping[str, str], *command: str) -> None:
        """Start a process and watch over it."""
        self.processes.append(Forked(self.folder, env, *command, name=name))

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
