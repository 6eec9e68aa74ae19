"""Migrated databases to be copied: migrating takes longer than most tests."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from app.models.migrating import migrate

DATABASE: Final = "groupcode.sqlite3"


def bring_up(url: str) -> None:
    """Migrate on a thread's own loop: those of the tests go on as they are."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, migrate(url)).result()


@cache
def _migrated() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / DATABASE
        bring_up(f"sqlite://{path}")
        return path.read_bytes()


def have_database(folder: Path) -> Path:
    """Give a folder a migrated SQLite file, unless it has one; return it."""
    path = folder / DATABASE
    if not path.exists():
        path.touch(0o600)
        path.write_bytes(_migrated())
    return path
