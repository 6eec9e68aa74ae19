"""Whether a database that can be opened is one that we can live in; said before anything is done.

What it would refuse later, somewhere in the middle, is asked here: whether it takes writes, any
letter, and who we are, and whether it is ours at all.
"""

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final, cast

import asyncpg

from app.models.noting import NOTES
from app.models.opening import DatabaseUnusable, sqlite_file
from app.models.postgres import CannotConnect, connect, where

_SHOWN: Final = 3
_COPY_SECONDS: Final = 2.0

_NATURE: Final = """
    SELECT pg_is_in_recovery() AS replica, current_setting('transaction_read_only') = 'on' AS still,
           current_setting('server_encoding') AS encoding
"""
_IDENTITY: Final = """
    SELECT system_identifier || ' ' || current_database() FROM pg_control_system()
"""
_TABLES: Final = """
    SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname = current_schema() AND relkind IN ('r', 'p') AND NOT EXISTS (
        SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e'
    ) ORDER BY relname
"""
_CLOSED: Final = """
    SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname = current_schema() AND relname = ANY($1) AND NOT (
        has_table_privilege(pg_class.oid, 'SELECT') AND has_table_privilege(pg_class.oid, 'INSERT')
        AND has_table_privilege(pg_class.oid, 'UPDATE')
        AND has_table_privilege(pg_class.oid, 'DELETE')
    ) ORDER BY relname
"""


async def demand_fit(url: str) -> None:
    """Return when a database takes writes in any letters, and is no other program's.

    One of another program has tables, and none that says what was migrated. Raise
    ``DatabaseUnusable``, and ``CannotConnect`` where it is away meanwhile.
    """
    file = sqlite_file(url)
    if file is not None:
        _demand_ours(_tables_of(file), str(file))
        return
    if not url.startswith("postgres"):
        return
    connection = await connect(url)
    try:
        nature = await connection.fetchrow(_NATURE)
        tables = [row["relname"] for row in await connection.fetch(_TABLES)]
    finally:
        await connection.close()
    assert nature is not None, "it is one row"
    problem = _why_unfit(nature)
    if problem is not None:
        raise DatabaseUnusable(f"GROUPCODE_DATABASE_URL: {where(url)}: {problem}.")
    _demand_ours(tables, where(url))


async def demand_copy(url: str, copy_url: str) -> None:
    """Return unless a replica that answers soon is one of another database.

    It may be away, and is done without then. Raise ``DatabaseUnusable``, and ``CannotConnect``
    where the database itself is away.
    """
    ours = await _identity(url)
    try:
        async with asyncio.timeout(_COPY_SECONDS):
            copied = await _identity(copy_url)
    except (CannotConnect, TimeoutError):
        return
    if ours != copied and None not in (ours, copied):
        raise DatabaseUnusable(
            f"GROUPCODE_DATABASE_READ_URL: {where(copy_url)}: is no copy of"
            " GROUPCODE_DATABASE_URL, but another database."
        )


async def _identity(url: str) -> str | None:
    """Return what a database and its copies are known by; None where we may not know."""
    connection = await connect(url)
    try:
        return cast("str", await connection.fetchval(_IDENTITY))
    except asyncpg.InsufficientPrivilegeError:
        return None
    finally:
        await connection.close()


async def demand_rights(url: str, tables: Sequence[str]) -> None:
    """Return when we may read and write all of these tables. Raise as ``demand_fit`` does."""
    if not url.startswith("postgres"):
        return
    connection = await connect(url)
    try:
        closed = [row["relname"] for row in await connection.fetch(_CLOSED, [NOTES, *tables])]
        user = await connection.fetchval("SELECT current_user")
    finally:
        await connection.close()
    if closed:
        raise DatabaseUnusable(
            f"GROUPCODE_DATABASE_URL: {where(url)}: {user} may not read and write {_few(closed)}:"
            f" serve as who ran `groupcode migrate`, or GRANT {user} that."
        )


def _why_unfit(nature: asyncpg.Record) -> str | None:
    if nature["replica"]:
        return "is a replica, which takes no writes: name the database that it follows"
    if nature["still"]:
        return "takes no writes: default_transaction_read_only is on for it, or for its user"
    if nature["encoding"] != "UTF8":
        return f"keeps texts as {nature['encoding']}, without most letters: make one in UTF8"
    return None


def _demand_ours(tables: Sequence[str], described: str) -> None:
    if tables and NOTES not in tables:
        raise DatabaseUnusable(
            f"GROUPCODE_DATABASE_URL: {described}: holds {_few(tables)} of another program: name a"
            " database of its own."
        )


def _few(tables: Sequence[str]) -> str:
    more = len(tables) - _SHOWN
    return ", ".join(tables[:_SHOWN]) + (f" and {more} more tables" if more > 0 else "")


def _tables_of(file: Path) -> list[str]:
    with closing(sqlite3.connect(file, timeout=5)) as connection:
        found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return [name for (name,) in found]
