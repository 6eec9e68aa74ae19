"""Completing rows that were read as columns: of each field the whole column, the rows at the end.

A list of hundreds of rows is completed field by field rather than row by row: what is the same for
all of a column, as how a time is written, is then found once, and some of it done in one call. A
field that the columns don't have is completed off the rows. As in `completion.py`, only plain
selections are completed so, and on any surprise graphql-core completes the list.
"""

from collections.abc import Callable, Sequence
from itertools import starmap
from typing import Any, TypeAlias

from graphql import (
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
)
from graphql.execution.collect_fields import FieldDetailsList

from app.domain.displays import display_of
from app.resolvers.member_columns import COLUMN_FIELDS
from app.resolvers.rows import ReadColumn
from app.schema.column_leaves import leaf_column_completion
from app.schema.leaf_completion import Completion, Surprise

# From rows as columns, or from a column, to what the answer shows of each.
ColumnCompletion: TypeAlias = Callable[[Any], Sequence[object]]
# The fields selected of an object, by what the answer calls them.
Collect: TypeAlias = Callable[[GraphQLObjectType, FieldDetailsList], dict[str, FieldDetailsList]]
# How a field is completed off a row. Raises where the field isn't plain.
PartOfRow: TypeAlias = Callable[[GraphQLObjectType, FieldDetailsList], Completion]


class ColumnCompiler:
    """Makes the functions of the selections of one operation."""

    def __init__(self, collect: Collect, part_of_row: PartOfRow) -> None:
        self._collect = collect
        self._part_of_row = part_of_row

    def rows(self, type_: GraphQLObjectType, details: FieldDetailsList) -> ColumnCompletion | None:
        """Return the function of a list's rows; None for a type that isn't read as columns."""
        if type_.name not in COLUMN_FIELDS:
            return None
        parts: dict[str, ColumnCompletion] = {}
        for shown, below in self._collect(type_, details).items():
            off_row = self._part_of_row(type_, below)  # raises where columns aren't the way, too
            parts[shown] = self._part(type_, below) or _off_rows(off_row)
        return _objects(parts, never_null=True)

    def _belonging(
        self, type_: GraphQLObjectType, details: FieldDetailsList, *, never_null: bool
    ) -> ColumnCompletion | None:
        """Return the function of what belongs to rows; None where columns don't have all of it."""
        parts: dict[str, ColumnCompletion] = {}
        for shown, below in self._collect(type_, details).items():
            part = self._part(type_, below)
            if part is None:
                return None
            parts[shown] = part
        return _objects(parts, never_null=never_null)

    def _part(
        self, parent: GraphQLObjectType, details: FieldDetailsList
    ) -> ColumnCompletion | None:
        name, typename = details[0].node.name.value, parent.name
        if name == "__typename":
            return lambda rows: [typename] * len(rows)
        field = parent.fields[name]
        declared = field.extensions["strawberry-definition"]
        read = COLUMN_FIELDS.get(typename, {}).get(declared.python_name)
        complete = None if read is None else self._of_type(field.type, details)
        return None if read is None or complete is None else _of(read, complete)

    def _of_type(
        self, type_: GraphQLOutputType, details: FieldDetailsList
    ) -> ColumnCompletion | None:
        never_null = isinstance(type_, GraphQLNonNull)
        named: GraphQLOutputType = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
        if isinstance(named, GraphQLObjectType):
            return self._belonging(named, details, never_null=never_null)
        return leaf_column_completion(named, never_null=never_null)


def _objects(parts: dict[str, ColumnCompletion], *, never_null: bool) -> ColumnCompletion:
    read, make = tuple(parts.values()), display_of(parts)

    def complete(rows: Any) -> Sequence[object]:
        made = list(starmap(make, zip(*[part(rows) for part in read], strict=True)))
        if rows.present is None:
            return made
        found = iter(made)
        completed = [next(found) if there else None for there in rows.present]
        if never_null and None in completed:
            raise Surprise
        return completed

    return complete


def _of(read: ReadColumn, complete: ColumnCompletion) -> ColumnCompletion:
    return lambda rows: complete(read(rows))


def _off_rows(part: Completion) -> ColumnCompletion:
    return lambda rows: [part(row) for row in rows]
