"""Bounds on what one operation may ask: how deep, and how much, its fragments laid out.

Checked on the document before anything is read, so a hostile query costs nothing.
"""

from typing import Final

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValidationContext,
    ValidationRule,
)
from strawberry.extensions import AddValidationRules

from app.domain.refusals import TooCostly

DEEPEST: Final = 12
MOST_SELECTIONS: Final = 1000
_INTROSPECTION_DEPTH: Final = 20  # what introspection may go deeper than the rest


class _CostRule(ValidationRule):
    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self._selections = 0

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: object) -> None:
        """Measure one operation, its fragments laid out."""
        self._selections = 0
        try:
            self._measure(node.selection_set, 1, ())
        except TooCostly as error:
            self.report_error(GraphQLError(str(error), nodes=node, original_error=error))

    def _measure(self, selections: SelectionSetNode, depth: int, within: tuple[str, ...]) -> None:
        if depth > DEEPEST:
            raise TooCostly("TOO_DEEP", most=DEEPEST)
        for node in selections.selections:
            # Spreads count like fields: fragments that spread fragments multiply.
            self._selections += 1
            if self._selections > MOST_SELECTIONS:
                raise TooCostly("TOO_MANY_SELECTIONS", most=MOST_SELECTIONS)
            match node:
                case FieldNode():
                    self._field(node, depth, within)
                case FragmentSpreadNode():
                    self._spread(node, depth, within)
                case InlineFragmentNode():
                    self._measure(node.selection_set, depth, within)

    def _field(self, node: FieldNode, depth: int, within: tuple[str, ...]) -> None:
        if node.name.value.startswith("__"):
            depth -= _INTROSPECTION_DEPTH
        if node.selection_set is not None:
            self._measure(node.selection_set, depth + 1, within)

    def _spread(self, node: FragmentSpreadNode, depth: int, within: tuple[str, ...]) -> None:
        name = node.name.value
        fragment: FragmentDefinitionNode | None = self.context.get_fragment(name)
        if fragment is not None and name not in within:  # cycles are another rule's to report
            self._measure(fragment.selection_set, depth, (*within, name))


class CostLimiter(AddValidationRules):
    """Refuses operations that are too deep or too wide, with TOO_COSTLY."""

    def __init__(self) -> None:
        super().__init__([_CostRule])
