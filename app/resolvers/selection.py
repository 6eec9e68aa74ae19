"""What a request selects below the current field."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar, cast

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    SelectionSetNode,
)

from app.resolvers.context import Info

T = TypeVar("T")

_Fragments = Mapping[str, FragmentDefinitionNode]
_OF_NODES: Final = "nodes, edges.node"  # no path: names have no comma


@dataclass(eq=False, slots=True)
class Selected:
    """A field where an operation selects it, and what is below it, found once."""

    field_nodes: tuple[FieldNode, ...]
    fragments: _Fragments
    names: dict[tuple[str, ...], frozenset[str]] = field(default_factory=dict)
    made: dict[Callable[[Info], object], object] = field(default_factory=dict)


def selected_fields(info: Info, *path: str) -> frozenset[str]:
    """Return the names of the fields selected below ``path`` under the current field.

    Fragments are looked through, whatever their type: a column too many is harmless.
    """
    asked = info._raw_info
    if not isinstance(asked, Selected):  # graphql-core asks, which keeps nothing of it
        return _names(asked.field_nodes, asked.fragments, path)
    found = asked.names.get(path)
    if found is None:
        found = asked.names[path] = _names(asked.field_nodes, asked.fragments, path)
    return found


def name_in_answer(info: Info) -> str:
    """Return the name under which the current field is answered."""
    node = info._raw_info.field_nodes[0]
    return node.alias.value if node.alias else node.name.value


def made_once(info: Info, make: Callable[[Info], T]) -> T:
    """Return what a resolver makes of nothing but what is selected, once an operation."""
    asked = info._raw_info
    if not isinstance(asked, Selected):
        return make(info)
    if make not in asked.made:
        asked.made[make] = make(info)
    return cast("T", asked.made[make])


def selected_nodes(info: Info, *path: str) -> frozenset[str]:
    """Return the names of the fields selected of a connection's nodes, either way to them."""
    asked = info._raw_info
    key = (*path, _OF_NODES)
    found = asked.names.get(key) if isinstance(asked, Selected) else None
    if found is None:
        found = selected_fields(info, *path, "nodes")
        found |= selected_fields(info, *path, "edges", "node")
        if isinstance(asked, Selected):
            asked.names[key] = found
    return found


def has_arguments(info: Info, name: str) -> bool:
    """Return whether a field below the current one is given arguments, wherever it is."""
    asked = info._raw_info
    below = _below(asked.field_nodes, asked.fragments)
    return any(node.arguments for node in below if node.name.value == name)


def is_always_selected(info: Info, name: str) -> bool:
    """Return whether a field is selected below the current one, whatever variables say."""
    asked = info._raw_info
    below = _below(asked.field_nodes, asked.fragments, always=True)
    return any(node.name.value == name for node in below)


def _names(
    nodes: Iterable[FieldNode], fragments: _Fragments, path: tuple[str, ...]
) -> frozenset[str]:
    level = _below(nodes, fragments)
    for name in path:
        level = _below([node for node in level if node.name.value == name], fragments)
    return frozenset(node.name.value for node in level)


def _below(
    nodes: Iterable[FieldNode], fragments: _Fragments, *, always: bool = False
) -> list[FieldNode]:
    """Return the fields below some; those that are ``always`` there stand below no directive."""
    found: list[FieldNode] = []
    for node in nodes:
        if node.selection_set is not None:
            _collect(node.selection_set, fragments, found, always=always)
    return found


def _collect(
    selected: SelectionSetNode, fragments: _Fragments, found: list[FieldNode], *, always: bool
) -> None:
    for node in selected.selections:
        if always and node.directives:
            continue
        if isinstance(node, FieldNode):
            found.append(node)
        elif isinstance(node, FragmentSpreadNode):
            below = fragments[node.name.value].selection_set
            _collect(below, fragments, found, always=always)
        elif isinstance(node, InlineFragmentNode):
            _collect(node.selection_set, fragments, found, always=always)
