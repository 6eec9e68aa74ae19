"""Raw statements: SQL that the ORM can't say, or says too slowly, for either database."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import Enum
from typing import Any, Literal, TypeAlias, TypeVar, cast
from uuid import UUID

from pydantic import TypeAdapter
from tortoise import connections
from tortoise.backends.base.client import BaseDBAsyncClient, TransactionalDBClient
from tortoise.context import require_context

from app.models.replica import chosen_replica

R = TypeVar("R")
Rows: TypeAlias = Sequence[Sequence[object]]


def dialect() -> Literal["sqlite", "postgres"]:
    """Return which SQL the open database speaks."""
    return dialect_of(open_client())


def dialect_of(client: BaseDBAsyncClient) -> Literal["sqlite", "postgres"]:
    """Return which SQL is spoken to a client."""
    return "sqlite" if client.capabilities.dialect == "sqlite" else "postgres"


def open_client() -> BaseDBAsyncClient:
    """Return what statements are run by, of the transaction where one is open."""
    return require_context().connections.get("default")


def placeholders(count: int, start: int = 1) -> str:
    """Return ``$start, $start+1, …`` for ``count`` parameters."""
    return ", ".join(f"${number}" for number in range(start, start + count))


def one_of(column: str, keys: Collection[UUID]) -> tuple[str, Sequence[object]]:
    """Return the condition that a column is one of these keys, and its parameters from ``$1`` on.

    On PostgreSQL they are one array, so that a statement is the same for any number of keys.
    """
    if dialect() == "sqlite":
        return f"{column} IN ({placeholders(len(keys))})", list(keys)
    return f"{column} = ANY($1::uuid[])", [list(keys)]


async def records(
    sql: str, given: Sequence[object], client: BaseDBAsyncClient | None = None
) -> Rows:
    """Run one statement that reads; return its rows as the driver has them, by number.

    It is written in the database's own dialect. What is read all the time goes this way, the
    shortest to the driver; its errors are the driver's. What an answer is made of that may come
    from a replica is read there (``replica.py``). ``client``: that which is open, if it is known.
    """
    if client is None:
        client = open_client()
    replica = chosen_replica()
    if replica is not None and not isinstance(client, TransactionalDBClient):
        found = await replica.fetch(sql, given)
        if found is not None:
            return cast(Rows, found)
    async with client.acquire_connection() as connection:
        client.log.debug("%s: %s", sql, given)
        if client.capabilities.dialect == "sqlite":
            written = [str(one) if isinstance(one, UUID) else one for one in given]
            return cast(Rows, await connection.execute_fetchall(sql, written))
        return cast(Rows, await connection.fetch(sql, *given))


async def fetch(sql: str, *params: object) -> list[dict[str, object]]:
    """Run one statement written with ``$1`` parameters; return its rows as the driver has them.

    The drivers differ: SQLite knows neither keys nor times and returns text for both. Read
    columns by ``fetch_as`` or ``fetch_value``, which know their types.
    """
    connection = connections.get("default")
    if connection.capabilities.dialect == "sqlite":
        sql = re.sub(r"\$(\d+)", r"?\1", sql)
    rows: list[dict[str, object]] = await connection.execute_query_dict(
        sql, [_to_db(value) for value in params]
    )
    return rows


async def fetch_as(row_type: type[R], sql: str, *params: object) -> list[R]:
    """Run one statement; return its rows as a dataclass whose fields are named like the columns.

    Keys, times and enums come as their fields' types say, whatever the database.
    """
    return read_as(row_type, await fetch(sql, *params))


def read_as(row_type: type[R], rows: Iterable[Mapping[str, object]]) -> list[R]:
    """Return rows, as the driver has them, as ``fetch_as`` does."""
    reader = _reader(row_type)
    return [reader.validate_python(dict(row)) for row in rows]


async def fetch_value(value_type: type[R], sql: str, *params: object) -> R | None:
    """Run one statement that has one column; return its first row's value, None without a row."""
    for row in await fetch(sql, *params):
        (value,) = row.values()
        return None if value is None else _reader(value_type).validate_python(value)
    return None


_readers: dict[type, TypeAdapter[Any]] = {}  # each takes long to make


def _reader(value_type: type[R]) -> TypeAdapter[R]:
    if value_type not in _readers:
        _readers[value_type] = TypeAdapter(value_type)
    return _readers[value_type]


def _to_db(value: object) -> object:
    match value:
        case UUID():
            return str(value)
        case Enum():
            return value.value
        case _:
            return value
