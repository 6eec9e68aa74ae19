"""Bounds on the shape of a document: how deep, how wide, how often the same.

Checked on what was parsed, before it is validated: the rules of GraphQL themselves take long over
a hostile document. Each fragment is measured once, so that what multiplies costs nothing here.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    ListValueNode,
    Node,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

from app.domain.costs import DEPTH, DIRECTIVES, IN_LIST, REPETITIONS, SAME_FIELD, SELECTIONS
from app.domain.refusals import TooCostly

_INTROSPECTION_DEPTH: Final = 20  # what introspection may go deeper than the rest


@dataclass(slots=True)
class _Shape:
    """What a selection set comes to, its fragments laid out."""

    depth: int = 0
    selections: int = 0
    aliases: Counter[str] = field(default_factory=Counter)
    keys: Counter[str] = field(default_factory=Counter)

    def take(self, below: "_Shape", deeper: int) -> None:
        """Add what is ``deeper`` levels down."""
        self.depth = max(self.depth, below.depth + deeper)
        self.selections += below.selections
        self.aliases.update(below.aliases)

    def lay_out(self, fragment: "_Shape") -> None:
        """Add a fragment, whose fields stand beside those that are here."""
        self.take(fragment, 0)
        self.keys.update(fragment.keys)


def check_bounds(document: DocumentNode) -> None:
    """Raise ``TooCostly`` when an operation of the document is out of bounds."""
    measure = _Measure(document)
    _check_literals(document)
    for node in document.definitions:
        if isinstance(node, (OperationDefinitionNode, FragmentDefinitionNode)):
            _check_directives(node)
        if isinstance(node, OperationDefinitionNode):
            _check(_measured(measure, node))


def check_lists(variables: Mapping[str, object] | None) -> None:
    """Raise ``TooCostly`` when a list among the variables, however deep, is too long."""
    left: list[object] = [variables]
    while left:
        value = left.pop()
        if isinstance(value, dict):
            left += value.values()
        elif isinstance(value, list):
            _check_length(len(value))
            left += value


def _check_literals(document: DocumentNode) -> None:
    left: list[Node] = [document]
    while left:
        node = left.pop()
        if isinstance(node, ListValueNode):
            _check_length(len(node.values))
        for key in node.keys:
            below = getattr(node, key)
            left += (
                [below] if isinstance(below, Node) else below if isinstance(below, tuple) else ()
            )


def _check_length(values: int) -> None:
    if values > IN_LIST:
        raise TooCostly("LIST_TOO_LONG", most=IN_LIST)


def _measured(measure: "_Measure", node: OperationDefinitionNode) -> _Shape:
    try:
        return measure.shape_of(node.selection_set)
    except RecursionError:
        raise TooCostly("TOO_DEEP", most=DEPTH) from None


def _check(shape: _Shape) -> None:
    if shape.depth > DEPTH:
        raise TooCostly("TOO_DEEP", most=DEPTH)
    if shape.selections > SELECTIONS:
        raise TooCostly("TOO_MANY_SELECTIONS", most=SELECTIONS)
    _check_times(shape.aliases, SAME_FIELD)


def _check_times(names: Counter[str], most: int) -> None:
    for name, times in names.items():
        if times > most:
            raise TooCostly("TOO_MANY_ALIASES", field=name, most=most)


def _check_directives(node: Node) -> None:
    if len(getattr(node, "directives", None) or ()) > DIRECTIVES:
        raise TooCostly("TOO_MANY_DIRECTIVES", most=DIRECTIVES)


class _Measure:
    """Measures selection sets of one document."""

    def __init__(self, document: DocumentNode) -> None:
        self._fragments = {
            node.name.value: node
            for node in document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        self._measured: dict[str, _Shape] = {}

    def shape_of(self, selections: SelectionSetNode) -> _Shape:
        """Return what a selection set comes to."""
        shape = _Shape(depth=1)
        for node in selections.selections:
            # Spreads count like fields: fragments that spread fragments multiply.
            shape.selections += 1
            _check_directives(node)
            if isinstance(node, FieldNode):
                shape.keys[(node.alias or node.name).value] += 1
                if node.alias is not None:
                    shape.aliases[node.name.value] += 1
            self._go_below(node, shape)
        _check_times(shape.keys, REPETITIONS)
        return shape

    def _go_below(self, node: SelectionNode, shape: _Shape) -> None:
        if isinstance(node, FragmentSpreadNode):
            shape.lay_out(self._fragment(node.name.value))
            return
        below: SelectionSetNode | None = getattr(node, "selection_set", None)
        if below is None:
            return
        if not isinstance(node, FieldNode):
            shape.lay_out(self.shape_of(below))
        elif node.name.value.startswith("__"):
            shape.take(self.shape_of(below), 1 - _INTROSPECTION_DEPTH)
        else:
            shape.take(self.shape_of(below), 1)

    def _fragment(self, name: str) -> _Shape:
        if name not in self._measured:
            self._measured[name] = _Shape()  # while it is measured: rings are another rule's
            if name in self._fragments:
                self._measured[name] = self.shape_of(self._fragments[name].selection_set)
        return self._measured[name]
