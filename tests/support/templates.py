"""Migrated databases to be copied: migrating takes longer than most tests.

The workers of the suite share what they copy: who comes first makes it, the others wait for it.
"""

import asyncio
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from app.models.migrating import migrate

DATABASE: Final = "groupcode.sqlite3"
SHARED: Final = "TEMPLATES_OF_THE_SUITE"  # names the folder in which they lie


def bring_up(url: str) -> None:
    """Migrate on a thread's own loop: those of the tests go on as they are."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, migrate(url)).result()


@cache
def _own() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="groupcode-templates-")


@contextmanager
def made_once(name: str) -> Iterator[Path]:
    """Where something to be copied is, or else is to be made, and nobody else makes it meanwhile.

    Whoever makes it puts it there whole, by renaming it.
    """
    folder = Path(os.environ.get(SHARED) or _own().name)
    with (folder / f"{name}.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        yield folder / name


@cache
def _migrated() -> bytes:
    with made_once(DATABASE) as path:
        if not path.exists():
            begun = path.with_name(f"{os.getpid()}-{DATABASE}")
            bring_up(f"sqlite://{begun}")
            begun.rename(path)
        return path.read_bytes()


def have_database(folder: Path) -> Path:
    """Give a folder a migrated SQLite file, unless it has one; return it."""
    path = folder / DATABASE
    if not path.exists():
        path.touch(0o600)
        path.write_bytes(_migrated())
    return path
