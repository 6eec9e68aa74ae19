"""Rows on their way out, filled just as far as they are selected.

A resolver looks at the fields selected below it, turns them into columns by the type's
table, and returns rows whose attributes are the schema's fields: leaves need no resolver.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, Protocol, TypeAlias
from uuid import UUID

from tortoise.expressions import Q

from app.models.columns import Column, Values

Columns = Mapping[str, Mapping[str, str]]  # GraphQL field -> {attribute: path of a column}


class Row:
    """A row of a query. Its class declares every column that can be selected.

    Only those that were selected are there: reading another raises ``AttributeError``. What
    the schema derives from columns is a property, worked out when it is read.
    """

    def __init__(self, values: Values) -> None:
        self.__dict__ = values  # kept, not copied: lists have hundreds of rows


class NodeRow(Protocol):
    """A row with a global id: the name of its type in the schema, and its key."""

    typename: ClassVar[str]

    @property
    def id(self) -> UUID:
        """The key."""


def columns_for(selected: Iterable[str], table: Columns, *always: str) -> dict[str, str]:
    """Return the columns behind the selected fields, as Tortoise's ``values`` takes them."""
    columns = {column: column for column in always}
    for name in selected:
        columns.update(table.get(name, {}))
    return columns


def condition(path: str, value: object) -> Q:
    """Return the condition that a column, by its path and lookup, meets a value."""
    given: dict[str, Any] = {path: value}  # Q's own keyword is a string
    return Q(**given)


class RowColumns(Protocol):
    """Many rows of one type as columns, or what belongs to each of them, as a person to a member.

    What a completion reads of a row by its attributes, it can read here of all rows at once.
    """

    typename: ClassVar[str]
    fields: ClassVar[Mapping[str, "ReadColumn"]]
    """By the names of a row's attributes, how the columns of their values are read."""

    present: Sequence[bool] | None
    """Where there is one: columns have no values for the others. None: there is one everywhere."""

    def __len__(self) -> int:
        """Return how many there are."""


# Of an attribute that holds a row, the columns of those.
ReadColumn: TypeAlias = Callable[[Any], Column | RowColumns]
