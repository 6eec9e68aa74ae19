"""What a database says where a command fails, in a sentence for whoever ran it.

Its own words are shown where they are of a kind that names no values.
"""

import sqlite3
from collections.abc import Iterator
from typing import Final

import asyncpg

from app.domain.refusals import Unavailable
from app.models.postgres import CannotConnect

_DEPTH: Final = 10  # of causes

_Kinds = type[BaseException] | tuple[type[BaseException], ...]

_SENTENCES: Final[tuple[tuple[_Kinds, str], ...]] = (
    (
        asyncpg.InsufficientPrivilegeError,
        "refuses its user that ({said}). Have the user own the database, or GRANT ALL ON SCHEMA"
        " public TO the user",
    ),
    (
        asyncpg.ReadOnlySQLTransactionError,
        "takes no writes: is it a replica, or was it set read-only?",
    ),
    (asyncpg.DuplicateTableError, "holds a table of another program ({said})"),
    (
        (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError),
        "isn't of this shape: run `groupcode migrate`",
    ),
    (asyncpg.InsufficientResourcesError, "has no room left ({said})"),
    (
        (asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError),
        "went away: run the command again later",
    ),
)
_OF_SQLITE: Final = (
    ("no such", "isn't of this shape: run `groupcode migrate`"),
    ("already exists", "holds a table of another program ({said})"),
    ("readonly", "can't be written: are the file, its folder and the -wal file beside it ours?"),
    ("unable to open", "can't be opened: are the file, its folder and the -wal file ours?"),
    ("full", "can't be written: the disk is full"),
    ("disk I/O", "can't be written: is the disk full?"),
    ("locked", "is in use by another process for too long: run the command again"),
    ("malformed", "is damaged: restore it from a backup"),
    ("not a database", "is no database: restore it from a backup, or name another file"),
)


def complaint(error: BaseException) -> str | None:
    """Return why a command failed, where the database is why; None where it isn't known to be."""
    causes = list(_causes(error))
    for one in causes:
        if isinstance(one, CannotConnect):
            return f"GROUPCODE_DATABASE_URL: {one}"
        sentence = _of_sqlite(one) if isinstance(one, sqlite3.Error) else _of_postgres(one)
        if sentence is not None:
            return f"GROUPCODE_DATABASE_URL: the database {sentence.format(said=one)}."
    if any(isinstance(one, Unavailable) for one in causes):
        return "GROUPCODE_DATABASE_URL: the database went away: run the command again later."
    return None


def _of_postgres(error: BaseException) -> str | None:
    return next((sentence for kind, sentence in _SENTENCES if isinstance(error, kind)), None)


def _of_sqlite(error: sqlite3.Error) -> str | None:
    return next((sentence for part, sentence in _OF_SQLITE if part in str(error)), None)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and what caused it; Tortoise's hold theirs as an argument."""
    one: BaseException | None = error
    for _ in range(_DEPTH):
        if one is None:
            return
        yield one
        within = one.args[0] if one.args and isinstance(one.args[0], BaseException) else None
        one = within or one.__cause__ or one.__context__
