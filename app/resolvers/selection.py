"""What a request selects below the current field."""

from collections.abc import Iterable

from strawberry.types.nodes import SelectedField, Selection

from app.resolvers.context import Info


def selected_fields(info: Info, *path: str) -> set[str]:
    """Return the names of the fields selected below ``path`` under the current field.

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


def selected_nodes(info: Info) -> set[str]:
    """Return the names of the fields selected of a connection's nodes, either way to them."""
    return selected_fields(info, "nodes") | selected_fields(info, "edges", "node")


def _fields(selections: Iterable[Selection]) -> Iterable[SelectedField]:
    for selection in selections:
        if isinstance(selection, SelectedField):
            yield selection
        else:
            yield from _fields(selection.selections)
