"""Completing columns of leaves: as `leaf_completion.py` does of one value, and to the same text.

A column's values are as the database has them (`Table.column`): enums and SQLite's times as text.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import Any, Final, TypeAlias

import orjson
from graphql import GraphQLEnumType, GraphQLList, GraphQLNonNull, GraphQLOutputType

from app.domain.times import write_time
from app.schema.leaf_completion import LARGEST_INT, SMALLEST_INT, Surprise

ColumnCompletion: TypeAlias = Callable[[Any], Sequence[object]]

_NULL: Final = type(None)
_UTC: Final = "+00:00"
# The lengths of times with and without a fraction: as orjson writes UTC, as ISO 8601 has it.
_AS_JSON: Final = (len("2022-09-01T08:00:00.000000Z"), len("2022-09-01T08:00:00Z"))
_AS_TEXT: Final = (len("2022-09-01T08:00:00.000000+00:00"), len("2022-09-01T08:00:00+00:00"))
_TO_MILLISECONDS: Final = len("2022-09-01T08:00:00.000")
_TO_SECONDS: Final = len("2022-09-01T08:00:00")
_TO_DAY: Final = len("2022-09-01")


def leaf_column_completion(type_: GraphQLOutputType) -> ColumnCompletion | None:
    """Return the function of a column of leaves, or of lists of them; None for another type.

    It raises where a value isn't as its type says.
    """
    if isinstance(type_, GraphQLList):
        return _lists(type_.of_type)
    if isinstance(type_, GraphQLEnumType):
        return _enum(type_)
    return _SCALARS.get(getattr(type_, "name", ""))


def _as_it_is(of: type) -> ColumnCompletion:
    def plain(column: Sequence[Any]) -> Sequence[object]:
        _demand(column, of)
        return column

    return plain


def _numbers(column: Sequence[Any]) -> Sequence[object]:
    numbers = [value for value in column if value is not None]
    _demand(numbers, int)
    if numbers and (min(numbers) < SMALLEST_INT or max(numbers) > LARGEST_INT):
        raise Surprise
    return column


def _times(column: Sequence[Any]) -> Sequence[object]:
    kinds = set(map(type, column)) - {_NULL}
    if kinds == {datetime}:
        # One call writes them all, at a tenth of what a call for each takes.
        written = orjson.loads(orjson.dumps(column, option=orjson.OPT_UTC_Z))
        return [None if text is None else _of_json(text) for text in written]
    if kinds <= {str}:
        return [None if text is None else _of_text(text) for text in column]
    raise Surprise


def _of_json(text: str) -> str:
    if len(text) not in _AS_JSON or text[-1] != "Z":
        raise Surprise  # a time without a zone, or in another
    if len(text) == _AS_JSON[0]:
        return text[:_TO_MILLISECONDS] + "Z"
    return text[:_TO_SECONDS] + ".000Z"


def _of_text(text: str) -> str:
    if len(text) not in _AS_TEXT or not text.endswith(_UTC):
        return write_time(datetime.fromisoformat(text))
    time = text[_TO_DAY + 1 : _TO_MILLISECONDS] + "Z"
    if len(text) == _AS_TEXT[1]:
        time = text[_TO_DAY + 1 : _TO_SECONDS] + ".000Z"
    return f"{text[:_TO_DAY]}T{time}"


_SCALARS: Final[Mapping[str, ColumnCompletion]] = {
    "String": _as_it_is(str),
    "ID": _as_it_is(str),
    "Boolean": _as_it_is(bool),
    "Int": _numbers,
    "DateTime": _times,
}


def _enum(type_: GraphQLEnumType) -> ColumnCompletion:
    names: dict[object, str | None] = {None: None}
    for name, value in type_.values.items():
        names[value.value.value if isinstance(value.value, Enum) else value.value] = name
    return lambda column: [names[value] for value in column]


def _lists(type_: GraphQLOutputType) -> ColumnCompletion | None:
    """Return the function of a column of lists; what is one object for many is completed once."""
    never_null = isinstance(type_, GraphQLNonNull)
    complete = leaf_column_completion(type_.of_type if isinstance(type_, GraphQLNonNull) else type_)
    if complete is None:
        return None
    of_one = complete

    def completed(values: list[Any] | None) -> Sequence[object] | None:
        if values is None:
            return None
        found = of_one(values)
        if never_null and None in found:
            raise Surprise
        return found

    def each(column: Sequence[Any]) -> Sequence[object]:
        _demand(column, list)
        by_object = {id(values): completed(values) for values in column}
        return [by_object[id(values)] for values in column]

    return each


def _demand(column: Sequence[object], of: type) -> None:
    if not set(map(type, column)) <= {of, _NULL}:
        raise Surprise
