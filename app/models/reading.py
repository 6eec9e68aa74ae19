"""Reading many rows: as plain values, a whole column converted at a time.

Tortoise makes the statement. Its own ``values`` would then look for the field of every column anew,
and ask it value by value; here a column's converter is found once, and what the database has as it
is wanted isn't converted at all.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, Literal, TypeAlias, TypeVar, cast
from uuid import UUID

from tortoise import Model, connections
from tortoise.fields import DatetimeField, Field, UUIDField
from tortoise.fields.data import CharEnumFieldInstance
from tortoise.fields.relational import RelationalField
from tortoise.queryset import QuerySet

from app.models.fields import EncryptedText
from app.models.statements import dialect

M = TypeVar("M", bound=Model)

Values: TypeAlias = dict[str, Any]  # a row's columns by attribute: it never leaves its file
_Convert: TypeAlias = Callable[[Any], object]
_Converters: TypeAlias = tuple[_Convert | None, ...]  # None: a column that is read as it is

_Dialect: TypeAlias = Literal["sqlite", "postgres"]

_SHAPES_KEPT: Final = 500


async def read(query: QuerySet[M], columns: Mapping[str, str]) -> list[Values]:
    """Return a query's rows: each attribute with the value of the column at its path."""
    sql, given = _statement(query, columns)
    _, records = await connections.get("default").execute_query(sql, given)
    converters = _converters(query.model, tuple(columns.values()), dialect())
    return _rows(tuple(columns), converters, records)


class Statement:
    """A query that is asked over and over: for each choice of columns it is made once.

    ``query`` makes it of keys. For making it these are stand-ins, so that it shows at which place
    of the statement each one stands.
    """

    def __init__(self, query: Callable[..., QuerySet[Any]]) -> None:
        self._query = query

    async def read(self, columns: Mapping[str, str], *keys: UUID) -> list[Values]:
        """Return the query's rows for some keys, as ``read`` does."""
        shape = tuple(columns.items())
        sql, places, converters = _prepared(self._query, len(keys), shape, dialect())
        written = keys if dialect() == "postgres" else [str(key) for key in keys]
        given = [written[place] for place in places]
        _, records = await connections.get("default").execute_query(sql, given)
        return _rows(tuple(columns), converters, records)


@lru_cache(_SHAPES_KEPT)
def _prepared(
    query: Callable[..., QuerySet[Any]],
    number: int,
    columns: tuple[tuple[str, str], ...],
    dialect: _Dialect,
) -> tuple[str, list[int], _Converters]:
    """Return a statement, which key stands at each place of it, and its columns' converters."""
    stand_ins = [UUID(int=place) for place in range(number)]
    asked = query(*stand_ins)
    sql, given = _statement(asked, dict(columns))
    number_of = {str(key): number for number, key in enumerate(stand_ins)}
    places = [number_of[str(one)] for one in given]
    model: type[Model] = asked.model
    return sql, places, _converters(model, tuple(path for _, path in columns), dialect)


def _statement(query: QuerySet[M], columns: Mapping[str, str]) -> tuple[str, list[Any]]:
    asked = query.values(**columns)
    asked._choose_db_if_not_chosen()
    asked._make_query()
    return asked.query.get_parameterized_sql()


def _rows(
    attributes: Sequence[str], converters: _Converters, records: Sequence[object]
) -> list[Values]:
    # The drivers' rows are sequences of values; Tortoise calls them dicts.
    by_column = zip(*cast("Sequence[Sequence[object]]", records), strict=True)
    converted = [
        column if convert is None else map(convert, column)
        for convert, column in zip(converters, by_column, strict=False)  # without rows, no columns
    ]
    return [dict(zip(attributes, row, strict=True)) for row in zip(*converted, strict=True)]


@lru_cache(_SHAPES_KEPT)
def _converters(
    model: type[Model],
    paths: tuple[str, ...],
    dialect: _Dialect,
) -> _Converters:
    return tuple(_converter(model, path, dialect) for path in paths)


def _converter(model: type[Model], path: str, dialect: _Dialect) -> _Convert | None:
    """Return how a column's values are converted, exactly as its field would."""
    owner, field = _field_at(model, path)
    if isinstance(field, EncryptedText):
        return field.decrypting()
    if isinstance(field, CharEnumFieldInstance):
        members: dict[str | None, object] = {one.value: one for one in field.enum_type}
        return (members | {None: None}).__getitem__
    if isinstance(field, DatetimeField):
        return None if dialect == "postgres" else _moment
    if isinstance(field, UUIDField):
        return None if dialect == "postgres" else _key
    if any(field is native for _, _, native in owner._meta.db_native_fields):
        return None
    return field.to_python_value


def _field_at(model: type[Model], path: str) -> tuple[type[Model], Field[Any]]:
    name, _, further = path.partition("__")
    field = model._meta.fields_map[name]
    if not further:
        return model, field
    return _field_at(cast("RelationalField[Model]", field).related_model, further)


def _moment(written: str | None) -> datetime | None:
    return None if written is None else datetime.fromisoformat(written).astimezone(UTC)


def _key(written: str | None) -> UUID | None:
    return None if written is None else UUID(written)
