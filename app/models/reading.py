"""Reading many rows: as plain values or as columns, a whole column converted at a time.

Tortoise makes the statement. Its own ``values`` would then look for the field of every column anew,
and ask it value by value; here a column's converter is found once, and what the database has as it
is wanted isn't converted at all.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import lru_cache
from itertools import compress, starmap
from typing import Any, Final, TypeAlias, TypeVar
from uuid import UUID

from tortoise import Model
from tortoise.expressions import Case, F, Q, When
from tortoise.queryset import QuerySet, ValuesQuery

from app.domain.displays import display_of
from app.models.columns import (
    SHAPES_KEPT,
    UNLESS,
    Column,
    Dialect,
    Layout,
    Record,
    Values,
    distinct,
    layout_of,
)
from app.models.shapes import Shape
from app.models.statements import dialect, dialect_of, open_client, records

M = TypeVar("M", bound=Model)
_FEW: Final = 8


class Table:
    """The rows that a statement found, by columns; a column is read when it is first asked for."""

    def __init__(self, layout: Layout, records: Sequence[Record]) -> None:
        self._layout = layout
        self._records = records
        self._stored: list[Column] = []
        self._opened: dict[int, Column] = {}

    def __len__(self) -> int:
        return len(self._records)

    def __contains__(self, attribute: str) -> bool:
        return attribute in self._layout.places

    def column(self, attribute: str) -> Column:
        """Return an attribute's values, of which those that are encrypted are decrypted.

        Keys, times, enums and JSON are as the database has them: as text, or keys and times as
        such. Raise ``KeyError`` for an attribute that wasn't read.
        """
        return self._open(self._layout.places[attribute])

    def column_of(self, attribute: str, wanted: Sequence[bool]) -> Column:
        """Return an attribute's values as ``column`` does, of the rows that are ``wanted``."""
        place = self._layout.places[attribute]
        if place in self._opened:
            return list(compress(self._opened[place], wanted))
        opened, stored = (
            self._layout.readings[place].opened,
            list(compress(self._store(place), wanted)),
        )
        return stored if opened is None else opened(stored)

    def value(self, row: int, attribute: str) -> Any:
        """Return one value, as ``values`` has it."""
        place = self._layout.places[attribute]
        return self._layout.readings[place].value(self._records[row][place])

    def values(self, *attributes: str) -> list[Values]:
        """Return the rows as plain values, of these attributes or of all."""
        if len(self._records) <= _FEW:  # nothing is to be gained by columns
            return self._layout.values(self._records, attributes)
        attributes = attributes or tuple(self._layout.places)
        columns = map(self.converted, attributes)
        return list(starmap(display_of(attributes), zip(*columns, strict=True)))

    def converted(self, attribute: str) -> Column:
        """Return an attribute's values, as ``values`` has them."""
        place = self._layout.places[attribute]
        opened, convert = self._open(place), self._layout.readings[place].convert
        return list(map(convert, opened)) if convert else opened

    def chosen(self, numbers: Sequence[int]) -> "Table":
        """Return the rows of these numbers, in their order; what is decrypted stays so."""
        table = Table(self._layout, [self._records[number] for number in numbers])
        for place, opened in self._opened.items():
            table._opened[place] = [opened[number] for number in numbers]
        return table

    def cut(self, size: int, *, backwards: bool) -> "Table":
        """Return the first rows, the last of them first if ``backwards``."""
        chosen = self._records[:size]
        return Table(self._layout, chosen[::-1] if backwards else chosen)

    def in_order(self, attribute: str, keys: Sequence[Hashable]) -> tuple["Table", list[int]]:
        """Return the rows in the order of their keys, and which of the keys there are."""
        place = self._layout.places[attribute]
        convert = self._layout.readings[place].convert or _as_it_is
        found = {convert(record[place]): record for record in self._records}
        there = [number for number, key in enumerate(keys) if key in found]
        return Table(self._layout, [found[keys[number]] for number in there]), there

    def _open(self, place: int) -> Column:
        if place not in self._opened:
            stored, opened = self._store(place), self._layout.readings[place].opened
            self._opened[place] = stored if opened is None else opened(stored)
        return self._opened[place]

    def _store(self, place: int) -> Column:
        if not self._stored:
            by_column = zip(*self._records, strict=True)
            # Without rows there are no columns.
            self._stored = list(by_column) or [()] * len(self._layout.readings)
        return self._stored[place]


async def read(query: QuerySet[M], columns: Mapping[str, str]) -> list[Values]:
    """Return a query's rows: each attribute with the value of the column at its path."""
    return (await read_table(query, columns)).values()


async def read_table(query: QuerySet[M], columns: Mapping[str, str]) -> Table:
    """Return a query's rows by columns: each attribute has the column at its path."""
    statement = Shape.of(_values(query, columns))
    layout = layout_of(query.model, tuple(columns.items()), dialect())
    return Table(layout, await records(statement.sql, statement.filled()))


async def read_own(
    model: type[Model], columns: Mapping[str, str], sql: str, *given: object
) -> Table:
    """Return the rows of a statement of our own, written with ``$1`` parameters, by columns.

    It selects the columns in their order.
    """
    spoken = dialect()
    if spoken == "sqlite":
        sql = sql.replace("$", "?")
    return Table(layout_of(model, tuple(columns.items()), spoken), await records(sql, given))


class Statement:
    """A query that is asked over and over: for each choice of columns it is made once.

    ``query`` makes it of keys.
    """

    def __init__(self, query: Callable[..., QuerySet[Any]]) -> None:
        self._query = query

    def of(self, columns: Mapping[str, str]) -> "Chosen":
        """Return it with its columns, for who asks for the same over and over."""
        return Chosen(self._query, columns)

    async def read(self, columns: Mapping[str, str], *keys: object) -> list[Values]:
        """Return the query's rows for some keys, as ``read`` does."""
        return (await self.read_table(columns, *keys)).values()

    async def read_table(self, columns: Mapping[str, str], *keys: object) -> Table:
        """Return the query's rows for some keys, as ``read_table`` does."""
        return await self.of(columns).read_table(*keys)


# From a statement, the number of its parameters and the dialect to one with another column, last.
Lengthens: TypeAlias = Callable[[str, int, Dialect], str]


class Chosen:
    """A query that is asked over and over, with its columns."""

    def __init__(self, query: Callable[..., QuerySet[Any]], columns: Mapping[str, str]) -> None:
        self._query, self._columns = query, tuple(columns.items())
        self._made: dict[Dialect, tuple[Shape, Layout]] = {}
        self._longer: dict[tuple[Dialect, Lengthens], str] = {}

    async def read_table(self, *keys: object) -> Table:
        """Return the query's rows for some keys, as ``read_table`` does."""
        client = open_client()
        statement, layout = self._of(dialect_of(client), len(keys))
        return Table(layout, await records(statement.sql, statement.filled(keys), client))

    async def read_longer(
        self, lengthens: Lengthens, given: Sequence[object], *keys: object
    ) -> tuple[Table, list[Any]]:
        """Return the rows as ``read_table`` does, and of each what one more column has.

        ``given`` are the parameters of that column, behind those of the statement.
        """
        spoken = dialect()
        statement, layout = self._of(spoken, len(keys))
        parameters = statement.filled(keys)
        sql = self._longer.get((spoken, lengthens))
        if sql is None:
            sql = lengthens(statement.sql, len(parameters), spoken)
            self._longer[spoken, lengthens] = sql
        found = await records(sql, [*parameters, *given])
        return Table(layout, found), [row[-1] for row in found]

    def _of(self, spoken: Dialect, number: int) -> tuple[Shape, Layout]:
        made = self._made.get(spoken)
        if made is None:
            made = self._made[spoken] = _prepared(self._query, number, self._columns, spoken)
        return made


@lru_cache(SHAPES_KEPT)
def _prepared(
    query: Callable[..., QuerySet[Any]],
    number: int,
    columns: tuple[tuple[str, str], ...],
    dialect: Dialect,
) -> tuple[Shape, Layout]:
    """Return a statement, and the layout of its rows."""
    stand_ins = [UUID(int=place) for place in range(number)]
    asked = query(*stand_ins)
    model: type[Model] = asked.model
    statement = Shape.of(_values(asked, dict(columns)), stand_ins)
    return statement, layout_of(model, columns, dialect)


def _values(query: QuerySet[M], columns: Mapping[str, str]) -> ValuesQuery[Any]:
    # A column that several attributes have is read once.
    read = {attribute: path for path, attribute in distinct(columns).items()}
    for attribute, path in read.items():
        if UNLESS in path:
            worked_out = f"only_{attribute}"
            query = query.annotate(**{worked_out: _unless(path)})
            read[attribute] = worked_out
    return query.values(**read)


def _unless(path: str) -> Case:
    """Return the column before ``UNLESS`` where the one behind it, of the same row, is NULL."""
    column, _, other = path.partition(UNLESS)
    table = column.rpartition("__")[0]
    # Q's own keyword is a string.
    is_null: dict[str, Any] = {f"{table}__{other}__isnull" if table else f"{other}__isnull": True}
    return Case(When(Q(**is_null), then=F(column)))


def _as_it_is(value: object) -> object:
    return value
