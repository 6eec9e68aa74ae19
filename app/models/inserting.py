"""Writing many rows by one statement, whatever the database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tortoise import Model
from tortoise.fields import JSONField

from app.models.columns import SHAPES_KEPT
from app.models.fields import EncryptedText
from app.models.statements import dialect, fetch, placeholders


@dataclass(frozen=True, slots=True)
class NewRows:
    """Rows of a table to be inserted, which have all the same columns; then ``on_conflict``."""

    table: type[Model]
    rows: Sequence[Mapping[str, object]]
    on_conflict: str = ""


async def insert_rows(
    table: type[Model], rows: Sequence[Mapping[str, object]], on_conflict: str = ""
) -> int:
    """Insert rows, which have all the same columns, by one statement; then ``on_conflict``.

    Return how many rows that returned, if it was told to.
    """
    if not rows:
        return 0
    new = NewRows(table, rows, on_conflict)
    statement, values = part_of(new) if dialect() == "postgres" else _row_by_row(new)
    return len(await fetch(statement, *values))


def part_of(new: NewRows, start: int = 1) -> tuple[str, Sequence[object]]:
    """Return the statement of PostgreSQL's that inserts rows, and its parameters from ``start`` on.

    Each column is one array, so that the statement is the same for any number of rows: it is
    parsed and planned once a connection. Of a single row it is a value, which the driver takes less
    time for.
    """
    names, columns = tuple(new.rows[0]), _columns(new, tuple(new.rows[0]))
    if len(new.rows) == 1:
        one = _insert(new.table, names, new.on_conflict, start, by_arrays=False)
        return one, [value for (value,) in columns]
    return _insert(new.table, names, new.on_conflict, start, by_arrays=True), columns


@lru_cache(SHAPES_KEPT)
def _insert(
    table: type[Model], names: Sequence[str], on_conflict: str, start: int, *, by_arrays: bool
) -> str:
    fields = (table._meta.fields_map[name] for name in names)
    kinds = [field.get_for_dialect("postgres", "SQL_TYPE") for field in fields]
    array = "[]" if by_arrays else ""
    given = ", ".join(f"${place}::{kind}{array}" for place, kind in enumerate(kinds, start))
    source = f"* FROM unnest({given})" if by_arrays else given
    return f"INSERT INTO {table._meta.db_table} ({', '.join(names)}) SELECT {source} {on_conflict}"


def _row_by_row(new: NewRows) -> tuple[str, Sequence[object]]:
    names = list(new.rows[0])
    width = len(names)
    places = (placeholders(width, start=row * width + 1) for row in range(len(new.rows)))
    source = f"VALUES {', '.join(f'({place})' for place in places)}"
    values = [value for row in zip(*_columns(new, names), strict=True) for value in row]
    into = f"INSERT INTO {new.table._meta.db_table} ({', '.join(names)})"
    return f"{into} {source} {new.on_conflict}", values


def _columns(new: NewRows, names: Sequence[str]) -> list[list[object]]:
    return [_to_database(new.table, name, [row[name] for row in new.rows]) for name in names]


def _to_database(table: type[Model], name: str, values: Iterable[object]) -> list[object]:
    """Return a column's values as drivers take them: only JSON and ciphertexts aren't yet."""
    field = table._meta.fields_map[name]
    if isinstance(field, (JSONField, EncryptedText)):
        return [field.to_db_value(value, table) for value in values]
    return list(values)
