"""The blocks of the documents, and a shell into which they are pasted."""

import asyncio
import json
import os
import re
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.support.processes import ROOT

PATIENCE: Final = 10.0  # seconds for an answer to come
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,6}Z")
_DIGITS: Final = re.compile(r"\b\d{6}\b")  # a verification code
_VARIES: Final = re.compile(r"[\w-]*…")  # an id or a token, of which the beginning may be shown


@dataclass(frozen=True)
class Block:
    """What stands between two fences: the language behind the first, and the lines."""

    language: str
    text: str


def section(document: str, heading: str) -> str:
    """Return the text under a heading of the second level; "" if there is none."""
    page = (ROOT / document).read_text()
    return page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def blocks(text: str) -> list[Block]:
    """Return the blocks of a text, in their order."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [Block(language, lines) for language, lines in found]


def alike(shown: Any, told: Any) -> bool:
    """Whether what was told has the shape that a document shows.

    Equal but for times, six digits, and what ends in ``…``; a ``…`` alone stands for anything.
    """
    if shown == "…":
        return True
    if isinstance(shown, dict) and isinstance(told, dict):
        same = all(alike(shown[key], told[key]) for key in shown.keys() & told.keys())
        return shown.keys() == told.keys() and same
    if isinstance(shown, list) and isinstance(told, list):
        return len(shown) == len(told) and all(map(alike, shown, told))
    if isinstance(shown, str) and isinstance(told, str):
        pattern = ".*".join(map(re.escape, _VARIES.split(_masked(shown))))
        return re.fullmatch(pattern, _masked(told)) is not None
    return type(shown) is type(told) and bool(shown == told)


def _masked(text: str) -> str:
    return _DIGITS.sub("000000", _TIME.sub("<time>", text))


def _parsed(line: str) -> Any:
    text = line.removeprefix("data: ")
    return json.loads(text) if text.startswith(("{", "[")) else text


class Shell:
    """A bash into which blocks are pasted; it ends at the first command that fails."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._lines: list[str] = []

    async def paste(self, text: str) -> None:
        """Run a block."""
        assert self._process.stdin
        self._process.stdin.write(text.encode())
        await self._process.stdin.drain()

    async def shows(self, answer: str) -> None:
        """Wait until lines of this shape were shown, each once. Raise ``AssertionError`` if not."""
        for line in answer.splitlines():
            try:
                async with asyncio.timeout(PATIENCE):
                    await self._find(line)
            except TimeoutError:
                told = "\n".join(self._lines)
                raise AssertionError(f"not shown: {line}\nbut:\n{told}") from None

    async def _find(self, line: str) -> None:
        wanted = _parsed(line)
        while True:
            for seen in self._lines:
                if alike(wanted, _parsed(seen)):
                    self._lines.remove(seen)
                    return
            self._lines.append(await self._read())

    async def _read(self) -> str:
        assert self._process.stdout
        if line := await self._process.stdout.readline():
            return line.decode().rstrip("\n")
        raise AssertionError("the shell ended:\n" + "\n".join(self._lines))

    async def end(self) -> None:
        """Wait for its end. Raise ``AssertionError`` if a command failed."""
        assert self._process.stdin
        self._process.stdin.close()
        async with asyncio.timeout(PATIENCE):
            rest, _ = await self._process.communicate()
        assert self._process.returncode == 0, "\n".join([*self._lines, rest.decode()])


@asynccontextmanager
async def shell(folder: Path) -> AsyncIterator[Shell]:
    """Start a bash in a folder; it ends with the context, with all that it started."""
    process = await asyncio.create_subprocess_exec(
        "bash",
        "-eu",
        cwd=folder,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        yield Shell(process)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
