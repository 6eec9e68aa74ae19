"""What an operation costs, by weights and sizes that the schema declares.

A field costs its weight, 1 unless told; a list costs that, and what is below it, once for each of
its elements. The names and meanings follow the draft of the GraphQL cost directives.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLCompositeType,
    GraphQLField,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    is_composite_type,
    value_from_ast_untyped,
)
from strawberry.types.field import StrawberryField

from app.resolvers.paging import LARGEST_PAGE
from app.schema.cost_directives import Cost, ListSize

_INTROSPECTION: Final = {"__schema": 10_000, "__type": 1_000}  # flat, whatever is selected below
Variables = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Given:
    """A value of the document: as it stands there, or a variable with its default."""

    value: object
    variable: str | None = None

    def read(self, variables: Variables) -> object:
        """Return the value, known only now."""
        return variables.get(self.variable, self.value) if self.variable else self.value


@dataclass(frozen=True, slots=True)
class _Size:
    """How many elements a list counts as."""

    assumed: int
    given: tuple[_Given, ...] = ()

    def read(self, variables: Variables) -> int:
        """Return it under these variables."""
        for one in self.given:
            value = one.read(variables)
            if isinstance(value, list):
                return min(len(value), LARGEST_PAGE)
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                return int(min(max(value, 0), LARGEST_PAGE))  # 500.0 is an Int, too
        return self.assumed


_ONE: Final = _Size(1)


@dataclass(frozen=True, slots=True)
class _Step:
    """One field of an operation: ``rows`` times its weight, ``size`` times what is below."""

    weight: int
    rows: _Size
    size: _Size
    conditions: tuple[tuple[_Given, bool], ...]
    below: "Plan"

    @property
    def varies(self) -> bool:
        """Whether its cost depends on variables."""
        given = (*self.rows.given, *self.size.given, *(one for one, _ in self.conditions))
        return bool(self.below.varying) or any(one.variable for one in given)

    def cost(self, variables: Variables) -> int:
        """Return the points that the field takes."""
        for condition, wanted in self.conditions:
            if condition.read(variables) is not wanted:
                return 0
        below = self.below.points(variables)
        return self.rows.read(variables) * self.weight + self.size.read(variables) * below


@dataclass(frozen=True, slots=True)
class Plan:
    """What is selected in one place: the points that are known, and what depends on variables."""

    fixed: int = 0
    varying: tuple[_Step, ...] = ()

    def points(self, variables: Variables) -> int:
        """Return what it costs."""
        if not self.varying:
            return self.fixed
        return self.fixed + sum(step.cost(variables) for step in self.varying)

    def cost(self, variables: Variables | None) -> int:
        """Return how many points an operation costs; at least one."""
        return max(1, self.points(variables or {}))


def plan_of(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode
) -> Plan:
    """Return the plan of an operation of a valid document."""
    root = schema.get_root_type(operation.operation)
    assert root is not None, "a valid operation has a root type"
    return _Planner(schema, document, operation).plan(root, [operation.selection_set])


@dataclass(slots=True)
class _Occurrence:
    """A field where it is selected: fields of one response key become one step."""

    parent: GraphQLCompositeType
    nodes: list[FieldNode]
    conditions: tuple[tuple[_Given, bool], ...]


_Found = dict[tuple[str, str, str], _Occurrence]


class _Planner:
    """Plans the operation of one document."""

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode
    ) -> None:
        self._schema = schema
        self._fragments = {
            node.name.value: node
            for node in document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        self._defaults = {
            node.variable.name.value: value_from_ast_untyped(node.default_value)
            for node in operation.variable_definitions or ()
            if node.default_value is not None
        }

    def plan(
        self,
        parent: GraphQLCompositeType,
        selections: list[SelectionSetNode],
        sized: Mapping[str, _Size] | None = None,
    ) -> Plan:
        """Return what is below a field, whose listSize may say how long some are."""
        found: _Found = {}
        for selection in selections:
            self._collect(parent, selection, (), found)
        steps = [self._step(one, sized or {}) for one in found.values()]
        fixed = sum(step.cost({}) for step in steps if not step.varies)
        return Plan(fixed, tuple(step for step in steps if step.varies))

    def _collect(
        self,
        parent: GraphQLCompositeType,
        selections: SelectionSetNode,
        conditions: tuple[tuple[_Given, bool], ...],
        found: _Found,
    ) -> None:
        for node in selections.selections:
            both = conditions + self._conditions(node)
            if isinstance(node, FieldNode):
                # Of one key, types that never meet may select different fields.
                key = (node.alias or node.name).value, node.name.value, parent.name
                if key in found:  # selected again, perhaps on another condition: counted always
                    found[key].nodes.append(node)
                    found[key].conditions = ()
                else:
                    found[key] = _Occurrence(parent, [node], both)
            else:
                fragment = self._fragment(node)
                kind = self._type_of(fragment, parent)
                self._collect(kind, fragment.selection_set, both, found)

    def _fragment(self, node: SelectionNode) -> FragmentDefinitionNode | InlineFragmentNode:
        if isinstance(node, FragmentSpreadNode):
            return self._fragments[node.name.value]
        assert isinstance(node, InlineFragmentNode), "fields were taken before"
        return node

    def _type_of(
        self, fragment: FragmentDefinitionNode | InlineFragmentNode, parent: GraphQLCompositeType
    ) -> GraphQLCompositeType:
        condition = fragment.type_condition
        named = self._schema.get_type(condition.name.value) if condition else None
        return named if is_composite_type(named) else parent

    def _step(self, one: _Occurrence, sized: Mapping[str, _Size]) -> _Step:
        node = one.nodes[0]
        name = node.name.value
        field = self._schema.get_field(one.parent, name)
        assert field is not None, "the fields of a valid operation exist"
        weight, listed = _declared(field)
        below = Plan()
        size = sized.get(name, _ONE)
        rows = size
        if name in _INTROSPECTION:
            weight = _INTROSPECTION[name]
        elif is_composite_type(kind := get_named_type(field.type)):
            sized_below = {}
            if listed is not None:
                rows = self._size(node, listed)
                sized_fields = listed.sized_fields or []
                sized_below = dict.fromkeys(sized_fields, rows)
                size = size if sized_fields else rows
            selections = [node.selection_set for node in one.nodes if node.selection_set]
            below = self.plan(kind, selections, sized_below)
        return _Step(weight, rows, size, one.conditions, below)

    def _size(self, node: FieldNode, listed: ListSize) -> _Size:
        values = {argument.name.value: argument.value for argument in node.arguments or ()}
        given = [
            self._given(values[name]) for name in listed.slicing_arguments or () if name in values
        ]
        return _Size(listed.assumed_size, tuple(given))

    def _given(self, node: ValueNode) -> _Given:
        if isinstance(node, VariableNode):
            name = node.name.value
            return _Given(self._defaults.get(name), name)
        return _Given(value_from_ast_untyped(node))

    def _conditions(self, node: SelectionNode) -> tuple[tuple[_Given, bool], ...]:
        return tuple(
            (self._given(argument.value), directive.name.value == "include")
            for directive in node.directives or ()
            if directive.name.value in ("skip", "include")
            for argument in directive.arguments or ()
        )


def _declared(field: GraphQLField) -> tuple[int, ListSize | None]:
    """Return the weight of a field and how many it lists, as its directives say."""
    definition = field.extensions.get("strawberry-definition")
    weight, listed = 1, None
    if isinstance(definition, StrawberryField):
        for directive in definition.directives:
            if isinstance(directive, Cost):
                weight = int(directive.weight)
            elif isinstance(directive, ListSize):
                listed = directive
    return weight, listed
