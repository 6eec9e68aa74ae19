"""The `groupcode` command in processes of its own, each of which a test may kill."""

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Final, Self

import httpx

from tests.support.servers import free_port
from tests.support.waiting import START_PATIENCE, eventually
from tests.support.world import World

ROOT: Final = Path(__file__).parent.parent.parent

GROUPCODE = Path(sys.executable).parent / "groupcode"


class Process:
    """One `groupcode` process; stopped by its own id whatever happens."""

    program: ClassVar[tuple[str | Path, ...]] = (GROUPCODE,)

    def __init__(self, folder: Path, env: dict[str, str], *command: str) -> None:
        self.command, self.env = command, env
        self.log = folder / f"{'-'.join(command[:1])}-{id(self)}.log"
        self.start()

    def start(self) -> None:
        """Start it, or start it again."""
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                [*self.program, *self.command],
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


def environment(**settings: str) -> dict[str, str]:
    """The environment with these settings, and none from outside the tests."""
    kept = {name: value for name, value in os.environ.items() if "GROUPCODE_" not in name}
    return kept | {f"GROUPCODE_{name.upper()}": value for name, value in settings.items()}


def groupcode(folder: Path, *command: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder until it ends."""
    return subprocess.run(
        [str(GROUPCODE), *command],
        cwd=folder,
        env=environment(demo="0", **settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@asynccontextmanager
async def serving(folder: Path, **settings: str) -> AsyncIterator[tuple[Process, World]]:
    """`groupcode serve` in a folder of its own, migrated first."""
    assert groupcode(folder, "migrate").returncode == 0
    port = free_port()
    env = environment(port=str(port), demo="0", **{"rate_limits": "0"} | settings)
    url = f"http://127.0.0.1:{port}"
    with Process(folder, env, "serve") as process:
        async with httpx.AsyncClient(timeout=30) as http:
            await answers(process, http, url)
            yield process, World(url, f"{url}/sandbox", http)


async def answers(process: Process, http: httpx.AsyncClient, url: str) -> None:
    async def ready() -> bool:
        assert process.running.poll() is None, process.log.read_text()
        try:
            return (await http.get(f"{url}/readyz")).status_code == 200
        except httpx.TransportError:
            return False

    await eventually(ready, bool, START_PATIENCE)
