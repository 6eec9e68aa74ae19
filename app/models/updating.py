"""Writing one column of many rows, each with its own value, by one statement."""

from collections.abc import Mapping
from uuid import UUID

from tortoise import Model

from app.models.fields import EncryptedText
from app.models.statements import dialect, fetch


async def update_column(table: type[Model], column: str, values: Mapping[UUID, object]) -> None:
    """Give the rows of these ids their new values."""
    if not values:
        return
    field = table._meta.fields_map[column]
    written = list(values.values())
    if isinstance(field, EncryptedText):
        written = [field.to_db_value(value, table) for value in written]
    if dialect() == "postgres":
        kind = field.get_for_dialect("postgres", "SQL_TYPE")
        given = f"unnest($1::uuid[], $2::{kind}[]) AS given(id, value)"
        params: list[object] = [list(values), written]
    else:
        places = ", ".join(f"(${at}, ${at + 1})" for at in range(1, 2 * len(values), 2))
        given = f"(SELECT column1 AS id, column2 AS value FROM (VALUES {places})) AS given"
        params = [one for pair in zip(values, written, strict=True) for one in pair]
    name = table._meta.db_table
    await fetch(
        f"UPDATE {name} SET {column} = given.value FROM {given} WHERE {name}.id = given.id", *params
    )
