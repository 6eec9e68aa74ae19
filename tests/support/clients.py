"""Running the scenarios: programs for Node that use the server by a client of others' making."""

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from tests.support.world import World

HERE: Final = Path(__file__).parent.parent / "clients"
GENERATED: Final = HERE / "generated"
PATIENCE: Final = 60.0  # seconds for a scenario to end
MEMBERS: Final = 6
_LONGEST_LINE: Final = 2**24


def tool(name: str, *arguments: str) -> str:
    """Run a program of the packages; return its output. Raise ``AssertionError`` on failure."""
    program = HERE / "node_modules" / ".bin" / name
    return run(str(program), *arguments)


def run(*command: str) -> str:
    """Run a command in this folder; return what it printed. Raise ``AssertionError`` on failure."""
    done = subprocess.run(
        command, cwd=HERE, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def browser() -> str:
    """Return where a Chromium is."""
    return run("sh", "find-browser.sh").strip()


class Scenario:
    """A running scenario, and the lines of JSON that it tells."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.told: list[dict[str, Any]] = []

    async def next(self, patience: float = PATIENCE) -> dict[str, Any]:
        """Wait for the next line told. Raise ``AssertionError`` when the scenario ended instead."""
        assert self._process.stdout
        async with asyncio.timeout(patience):
            line = await self._process.stdout.readline()
        if not line:
            await self.end()
            raise AssertionError("the scenario ended without telling more")
        self.told.append(json.loads(line))
        return self.told[-1]

    async def end(self, patience: float = PATIENCE) -> list[dict[str, Any]]:
        """Wait until it ended well; return all that it told. Raise ``AssertionError`` otherwise."""
        assert self._process.stdout and self._process.stderr
        try:
            async with asyncio.timeout(patience):
                rest, errors = await asyncio.gather(
                    self._process.stdout.read(), self._process.stderr.read()
                )
                code = await self._process.wait()
        except TimeoutError:
            raise AssertionError(f"the scenario goes on; it told {self.told}") from None
        self.told += map(json.loads, rest.splitlines())
        assert code == 0, f"{self.told}\n{errors.decode()}"
        return self.told


@asynccontextmanager
async def scenario(name: str, /, **given: Any) -> AsyncIterator[Scenario]:
    """Start a scenario; it is ended with the context."""
    process = await asyncio.create_subprocess_exec(
        "node",
        "--enable-source-maps",
        f"build/{name}.scenario.mjs",
        json.dumps(given),
        cwd=HERE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=_LONGEST_LINE,
    )
    try:
        yield Scenario(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def played(name: str, /, **given: Any) -> list[dict[str, Any]]:
    """Play a scenario to its end; return what it told. Raise ``AssertionError`` if it failed."""
    async with scenario(name, **given) as playing:
        return await playing.end()


async def manager_of_some(world: World) -> dict[str, str]:
    """Return what a scenario is given: a manager's token, and their group of some members."""
    creator = await world.real_person()
    people = await asyncio.gather(*(world.someone() for _ in range(MEMBERS)))
    group_id = await creator.create_group()
    token = await creator.invite(group_id)
    for person in people:
        await person.join(token)
    return {"url": world.url, "token": creator.token, "groupId": group_id}
