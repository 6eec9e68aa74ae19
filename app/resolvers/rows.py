"""Rows on their way out, and reading just the columns that were asked for.

A resolver looks at the fields selected below it, turns them into columns by the type's
table, and answers rows whose attributes are the schema's fields: leaves need no resolver.
"""

from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any

from strawberry import Info
from strawberry.types.nodes import SelectedField, Selection

Columns = Mapping[str, Mapping[str, str]]  # GraphQL field -> {attribute: path of a column}


class Row(SimpleNamespace):
    """Values of one object of the schema; ``typename`` says of which type."""

    def __init__(self, typename: str, **values: Any) -> None:
        super().__init__(typename=typename, **values)


def asked_fields(info: Info[Any, Any], *path: str) -> set[str]:
    """The names of the fields selected below ``path`` under the current field.

    Fragments are looked through, whatever their type: a column too many is harmless.
    """
    level: list[Selection] = [
        selection for field in info.selected_fields for selection in field.selections
    ]
    for name in path:
        level = [
            below for field in _fields(level) if field.name == name for below in field.selections
        ]
    return {field.name for field in _fields(level)}


def _fields(selections: Iterable[Selection]) -> Iterable[SelectedField]:
    for selection in selections:
        if isinstance(selection, SelectedField):
            yield selection
        else:
            yield from _fields(selection.selections)


def columns_for(asked: Iterable[str], table: Columns, *always: str) -> dict[str, str]:
    """The columns behind the asked fields, as Tortoise's ``values`` takes them."""
    chosen = {column: column for column in always}
    for name in asked:
        chosen.update(table.get(name, {}))
    return chosen
