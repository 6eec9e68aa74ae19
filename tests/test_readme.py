"""The walks of both READMEs and the shell for front ends, pasted as a newcomer does."""

import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest
from graphql import build_schema, parse, validate

from app.models.due import DueWork, WorkKind
from tests.support.documents import Block, Shell, blocks, section, shell
from tests.support.in_process import served
from tests.support.processes import ROOT
from tests.support.waiting import eventually
from tests.support.world import World

ADDRESS: Final = "http://127.0.0.1:8000"
WALK, FAMILY, WRONG = range(3)
READMES: Final = {
    "README.md": [
        "A walk: from sign-in to the first red member",
        "A family joins",
        "What goes wrong, and how it says so",
    ],
    "README.zh-CN.md": ["走一遍：从登录到第一个红码", "全家加入", "出错时"],
}
WEEK: Final = 6 * 24 * 3600  # seconds by which the manager's week moves the clock, and some


@pytest.fixture
async def fresh_world(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[World]:
    """A server that nobody has used, as `make run` starts it."""
    path = tmp_path / "groupcode.sqlite3"
    shutil.copyfile(sqlite_template, path)
    async with served(database_url=f"sqlite://{path}") as world:
        yield world


def walk(document: str, part: int) -> list[Block]:
    """Return the blocks of one of a README's walks."""
    found = blocks(section(document, READMES[document][part]))
    assert found, f"{document} has no walk of this name"
    return found


async def paste(shell: Shell, world: World, walked: list[Block]) -> None:
    """Paste commands; compare what they answer with what is shown below them."""
    for block in walked:
        text = block.text.replace(ADDRESS, world.url)
        if block.language == "bash":
            # As by who reads on meanwhile: a code that was asked for has been sent.
            await eventually(DueWork.filter(kind=WorkKind.SEND_CODE).exists, lambda busy: not busy)
            await shell.paste(text)
        else:
            await shell.shows(text)


async def test_the_walk_is_pasted_from_its_beginning_to_its_end(
    fresh_world: World, tmp_path: Path
) -> None:
    async with shell(tmp_path) as pasting:
        for part in (WALK, FAMILY, WRONG):
            await paste(pasting, fresh_world, walk("README.md", part))
        await pasting.end()


async def test_in_chinese_too_and_the_family_joins_after_a_managers_week(
    fresh_world: World, tmp_path: Path
) -> None:
    steps = walk("README.zh-CN.md", WALK)
    renewal = next(n for n, block in enumerate(steps) if "refreshSession" in block.text)
    async with shell(tmp_path) as pasting:
        await paste(pasting, fresh_world, steps)
        await fresh_world.advance(seconds=WEEK)
        await paste(pasting, fresh_world, steps[renewal : renewal + 2])
        for part in (FAMILY, WRONG):
            await paste(pasting, fresh_world, walk("README.zh-CN.md", part))
        await pasting.end()


def test_the_tabs_of_graphiql_hold_the_walk_in_its_order() -> None:
    script = (ROOT / "app" / "web" / "graphiql" / "page.js").read_text()
    tabs = re.findall(r"query: `# \d+\. .+?\n(?:# .+?\n)*(.+?)\n`", script, re.DOTALL)
    pasted = [block.text for part in (WALK, FAMILY) for block in walk("README.md", part)]
    asked = re.findall(r"^(?:ask|follow) '(.+?)'", "\n".join(pasted), re.DOTALL | re.MULTILINE)
    assert tabs == list(dict.fromkeys(asked))


async def test_the_shell_of_the_page_for_front_ends_goes_on_from_the_walk(
    fresh_world: World, tmp_path: Path
) -> None:
    steps = walk("README.md", WALK)
    end = next(n for n, block in enumerate(steps) if block.text.startswith("follow "))
    page = blocks((ROOT / "docs" / "front-ends.md").read_text())
    shown = [block for block in page if block.language not in ("js", "graphql")]
    async with shell(tmp_path) as pasting:
        await paste(pasting, fresh_world, [*steps[:end], *shown])
        await pasting.end()


def test_every_operation_of_the_page_for_front_ends_is_one() -> None:
    schema = build_schema((ROOT / "schema.graphql").read_text())
    page = blocks((ROOT / "docs" / "front-ends.md").read_text())
    operations = [block.text for block in page if block.language == "graphql"]
    assert operations
    for operation in operations:
        assert not validate(schema, parse(operation)), operation
