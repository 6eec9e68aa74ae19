"""Whether the database can be used at all, said in a sentence before anything waits for it."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from app.models.postgres import CannotConnect, connect, where

_READABLE_BY_OWNER: Final = 0o600
IN_MEMORY: Final = ":memory:"


class DatabaseUnusable(Exception):
    """The database can't be opened; the message is a sentence for whoever runs the server."""


def sqlite_file(url: str) -> Path | None:
    """Return the file of a SQLite database; None for one in memory, or another kind."""
    path = url.removeprefix("sqlite://")
    return Path(path) if urlsplit(url).scheme == "sqlite" and path != IN_MEMORY else None


def described(url: str) -> str:
    """Return what a database's URL leads to, without secrets."""
    file = sqlite_file(url)
    return where(url) if urlsplit(url).scheme != "sqlite" else f"SQLite, {file or 'in memory'}"


async def demand_database(url: str) -> None:
    """Return when the database can be opened; a SQLite file is made if there is none.

    Raise ``DatabaseUnusable``.
    """
    try:
        if urlsplit(url).scheme == "sqlite":
            _demand_file(url)
        else:
            await (await connect(url)).close()
    except CannotConnect as error:
        raise DatabaseUnusable(f"GROUPCODE_DATABASE_URL: {error}") from None


@contextmanager
def sole_process(url: str, command: str) -> Iterator[None]:
    """Be the only process that serves a SQLite file until the context ends, however it ends.

    Commands that only look, or change a row, may run beside it. Raise ``DatabaseUnusable``.
    """
    file = sqlite_file(url)
    if file is None:
        yield
        return
    lock = file.with_name(f"{file.name}-lock")
    with os.fdopen(_opened(lock), "r+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DatabaseUnusable(
                f"GROUPCODE_DATABASE_URL: {file} is served by {held.read().strip() or 'another'}"
                " already: one process serves a SQLite file. Stop that one, name another file,"
                " or use PostgreSQL for several."
            ) from None
        held.truncate()
        held.write(f"{command} (process {os.getpid()})\n")
        held.flush()
        yield


def _opened(lock: Path) -> int:
    try:
        return os.open(lock, os.O_CREAT | os.O_RDWR, _READABLE_BY_OWNER)
    except OSError as error:
        raise DatabaseUnusable(
            f"GROUPCODE_DATABASE_URL: {lock}, which keeps others out, can't be opened:"
            f" {(error.strerror or str(error)).lower()}."
        ) from None


def _demand_file(url: str) -> None:
    file = sqlite_file(url)
    if file is None:
        return
    problem = _why_no_file(file) or _why_unreadable(file)
    if problem is not None:
        raise DatabaseUnusable(f"GROUPCODE_DATABASE_URL: {file} {problem}.")


def _why_no_file(file: Path) -> str | None:
    """Make the file, readable by its owner only, if it isn't there; return why it can't be."""
    folder = file.parent
    if file.is_dir():
        return "is a folder; name a file in it"
    if not folder.exists():
        return f"can't be made: there is no folder {folder}"
    if not folder.is_dir():
        return f"can't be made: {folder} is no folder"
    try:
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, _READABLE_BY_OWNER))
    except OSError as error:
        return f"can't be opened: {(error.strerror or str(error)).lower()}"
    if not os.access(folder, os.W_OK):
        return f"can't be written beside: {folder} must be writable, too"
    return None


def _why_unreadable(file: Path) -> str | None:
    try:
        with closing(sqlite3.connect(file, timeout=5)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError as error:
        said = str(error)
        if "locked" in said:
            return None  # somebody is using it: so it can be
        return f"can't be read: {said}. Restore it from a backup, or name another file"
    return None
