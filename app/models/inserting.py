"""Writing many rows by one statement, whatever the database."""

from collections.abc import Iterable, Mapping, Sequence

from tortoise import Model
from tortoise.fields import JSONField

from app.models.fields import EncryptedText
from app.models.statements import dialect, fetch, placeholders


async def insert_rows(
    table: type[Model], rows: Sequence[Mapping[str, object]], on_conflict: str = ""
) -> int:
    """Insert rows, which have all the same columns, by one statement; then ``on_conflict``.

    Return how many rows that returned, if it was told to.

    On PostgreSQL each column is one array, so that the statement is the same for any number of
    rows: it is parsed and planned once a connection.
    """
    if not rows:
        return 0
    names = list(rows[0])
    columns = [_to_database(table, name, [row[name] for row in rows]) for name in names]
    if dialect() == "postgres":
        fields = (table._meta.fields_map[name] for name in names)
        arrays = ", ".join(
            f"${number}::{field.get_for_dialect('postgres', 'SQL_TYPE')}[]"
            for number, field in enumerate(fields, start=1)
        )
        source, values = f"SELECT * FROM unnest({arrays})", columns
    else:
        width = len(names)
        places = (placeholders(width, start=row * width + 1) for row in range(len(rows)))
        source = f"VALUES {', '.join(f'({place})' for place in places)}"
        values = [value for row in zip(*columns, strict=True) for value in row]
    into = f"INSERT INTO {table._meta.db_table} ({', '.join(names)})"
    return len(await fetch(f"{into} {source} {on_conflict}", *values))


def _to_database(table: type[Model], name: str, values: Iterable[object]) -> list[object]:
    """Return a column's values as drivers take them: only JSON and ciphertexts aren't yet."""
    field = table._meta.fields_map[name]
    if isinstance(field, (JSONField, EncryptedText)):
        return [field.to_db_value(value, table) for value in values]
    return list(values)
