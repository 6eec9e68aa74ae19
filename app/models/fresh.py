"""Throwing a development database away, so that the next one begins empty."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

_FILES: Final = ("", "-wal", "-shm", "-journal")


class NotThrownAway(Exception):
    """Why a database stays; its text is for people."""


def throw_away(url: str) -> None:
    """Delete a SQLite database that nobody has open. Raise ``NotThrownAway`` for any other."""
    if urlsplit(url).scheme != "sqlite":
        raise NotThrownAway(
            "GROUPCODE_DATABASE_URL: only a SQLite file is thrown away; empty this one yourself."
        )
    path = Path(url.removeprefix("sqlite://"))
    if path.exists() and _is_open(path):
        raise NotThrownAway(f"{path} is in use: stop the server first.")
    for ending in _FILES:
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _is_open(path: Path) -> bool:
    """Whether another process has a SQLite database open; its journal can't be changed then."""
    try:
        with closing(sqlite3.connect(path, timeout=0)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError:
        return True
    except sqlite3.DatabaseError:  # no database at all
        return False
    return False
