"""Statements that Tortoise makes once and that are asked over and over with other values.

To make one takes Tortoise longer than the database needs to answer it. A statement's values are
found again by stand-ins: it is made of those, and at their places the values of the moment are put.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from tortoise.queryset import AwaitableQuery

from app.models.statements import dialect

_PLACE: Final = re.compile(r"\$\d+|\?")
# A table joined by its key: where no other column of it is read, the one that leads to it will do.
_THROUGH: Final = re.compile(r'LEFT OUTER JOIN "\w+" "(\w+)" ON "\1"\."id"=("\w+"\."\w+") ')


@dataclass(frozen=True, slots=True)
class Shape:
    """A statement without the values of the moment."""

    sql: str
    _values: tuple[object, ...]
    _places: tuple[tuple[int, int], ...]  # of values that come each time: where, and which

    @classmethod
    def of(cls, query: AwaitableQuery[Any], stand_ins: Sequence[object] = ()) -> Self:
        """Make the statement of a query in which these stand for the values that come each time."""
        query._choose_db_if_not_chosen()
        query._make_query()
        sql, given = query.query.get_parameterized_sql()
        sql, values = _shared(_straight(sql), given)
        number_of = {str(stand_in): number for number, stand_in in enumerate(stand_ins)}
        named = [(place, number_of.get(str(value))) for place, value in enumerate(values)]
        return cls(sql, values, tuple((at, which) for at, which in named if which is not None))

    def filled(self, values: Sequence[object] = ()) -> list[object]:
        """Return the statement's parameters with these values, as many as there were stand-ins."""
        given = list(self._values)
        for place, number in self._places:
            given[place] = values[number]
        return given


def _straight(sql: str) -> str:
    """Leave out tables that are only passed through on the way to others."""
    for joined in _THROUGH.finditer(sql):
        alias, column = joined.groups()
        key = f'"{alias}"."id"'
        if sql.count(f'"{alias}".') == sql.count(key):
            sql = sql.replace(joined[0], "").replace(key, column)
    return sql


def _shared(sql: str, given: Sequence[object]) -> tuple[str, tuple[object, ...]]:
    """Number each value once, however often the statement has it."""
    mark = "?" if dialect() == "sqlite" else "$"
    numbers: dict[tuple[type, object], int] = {}
    rest = iter(given)

    def numbered(_: re.Match[str]) -> str:
        value = next(rest)
        return f"{mark}{numbers.setdefault((type(value), value), len(numbers) + 1)}"

    sql = _PLACE.sub(numbered, sql)
    return sql, tuple(value for _, value in numbers)
