"""The demo's tree of organisations, in small or whole, served to who looks at it."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr

from app.config import Settings
from app.demo import tree
from app.demo.cast import FULL_SIZE, Somebody, TreeSize
from app.newcomers import create_large_demo
from tests.support.in_process import SECRET, served
from tests.support.person import Person
from tests.support.world import World

# FULL_TREE=1 lays down 20,000 people, which takes a minute or two.
SIZE: Final = FULL_SIZE if os.environ.get("FULL_TREE") else TreeSize(24, 480, days=9)


async def lay_down(template: Path, folder: Path) -> tuple[str, list[str]]:
    """Lay a tree down in a copy of a migrated file; return its URL, and what a newcomer is told."""
    path = folder / "groupcode.sqlite3"
    shutil.copyfile(template, path)
    url = f"sqlite://{path}"
    settings = Settings(database_url=url, secret_key=SecretStr(SECRET), port=0)
    return url, await create_large_demo(settings, SIZE)


@asynccontextmanager
async def serving_tree(url: str, **settings: Any) -> AsyncIterator[World]:
    """Serve a tree; the sandbox knows who isn't simply green."""
    async with served(database_url=url, **settings) as world:
        await tree.put_records(world)
        yield world


async def signed_in(world: World, who: Somebody) -> Person:
    """Somebody of the tree, with a session."""
    person = Person(world, who.phone, who.name, who.id_number)
    await person.sign_in()
    return person
