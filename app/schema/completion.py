"""Completing plain selections by functions that are made once.

What most answers consist of is plain: fields that are attributes of rows, or that a function finds
on the row alone, and lists and objects of such. graphql-core completes each value on its own, with
its path, type and errors at hand, which for 500 members of ten fields is 5,000 times the same. Here
a selection below a resolved value becomes one function from the value to what the answer shows. It
knows no errors: on any surprise graphql-core completes the value as if the function weren't there.

A right that the row carries is asked of it; where it is denied, that is a surprise. Whatever asks
for more, takes an argument, awaits or may be of several types isn't plain: see `whole.py`.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from graphql import (
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    OperationDefinitionNode,
    is_leaf_type,
)
from graphql.execution.collect_fields import FieldDetailsList
from graphql.execution.incremental.incremental_executor import DeliveryGroupMap
from graphql.pyutils import Path

from app.resolvers.member_columns import MemberColumns
from app.schema.column_completion import ColumnCompiler, ColumnCompletion
from app.schema.errors import payload_class
from app.schema.going_on import GoingOnExecutor
from app.schema.leaf_completion import (
    Completion,
    NotPlain,
    Surprise,
    class_shown,
    leaf_completion,
    of_null,
)
from app.schema.nodes import is_of_nodes
from app.schema.plain_fields import reader_of

OPERATIONS_KEPT: Final = 500


class CompilingExecutor(GoingOnExecutor):
    """graphql-core's executor, but that plain selections are completed by their functions."""

    def complete_value(
        self,
        return_type: GraphQLOutputType,
        field_details_list: FieldDetailsList,
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: DeliveryGroupMap | None,
    ) -> Any:
        """Complete a value by its function; by graphql-core where it has none, or on a surprise."""
        if _is_of_objects(return_type) and result is not None:
            complete = _kept.completion(self, return_type, field_details_list)
            if complete is not None:
                with suppress(Exception):  # whatever it was, graphql-core meets it again
                    return complete(result)
        return super().complete_value(
            return_type, field_details_list, info, path, result, position_context
        )


@dataclass(slots=True)
class _Kept:
    """The functions of the operations that ran last."""

    # The operation is kept with its functions: so no other one can have its identity.
    _operations: OrderedDict[
        int, tuple[OperationDefinitionNode, dict[Hashable, Completion | None]]
    ] = field(default_factory=OrderedDict)

    def completion(
        self, executor: CompilingExecutor, type_: GraphQLOutputType, details: FieldDetailsList
    ) -> Completion | None:
        """Return the function of a selection; None where it isn't plain."""
        functions = self._of(executor.operation)
        variables = executor.variable_values.coerced
        # Of variables only those of @skip and @include decide: fields with arguments aren't plain.
        switches = tuple(value for value in variables.values() if value.__class__ is bool)
        key = (id(type_), switches, *(id(one.node) for one in details))
        try:
            return functions[key]
        except KeyError:
            try:
                made: Completion | None = Compiler(executor).completion(type_, details)
            except NotPlain:
                made = None
            functions[key] = made
            return made

    def _of(self, operation: OperationDefinitionNode) -> dict[Hashable, Completion | None]:
        found = self._operations.get(id(operation))
        if found is None:
            found = self._operations[id(operation)] = (operation, {})
            if len(self._operations) > OPERATIONS_KEPT:
                self._operations.popitem(last=False)
        return found[1]


_kept: Final = _Kept()


# How a field is read off its row; the class whose values are shown as they are; how others are.
_Part: TypeAlias = tuple[Callable[[Any], object], type | None, Completion]


class Compiler:
    """Makes the function of one selection."""

    def __init__(self, executor: CompilingExecutor) -> None:
        self._executor = executor

    def completion(
        self, type_: GraphQLOutputType, details: FieldDetailsList, *, never_null: bool = False
    ) -> Completion:
        """Return the function of a value of a type. Raise ``NotPlain`` where there can't be one."""
        if isinstance(type_, GraphQLNonNull):
            return self.completion(type_.of_type, details, never_null=True)
        if isinstance(type_, GraphQLList):
            return self._list(type_.of_type, details, of_null(never_null=never_null))
        if is_leaf_type(type_):
            return leaf_completion(type_, never_null=never_null)
        if isinstance(type_, GraphQLObjectType):
            return self._object(type_, details, of_null(never_null=never_null))
        raise NotPlain(type_)

    def _list(
        self, type_: GraphQLOutputType, details: FieldDetailsList, null: Callable[[], object]
    ) -> Completion:
        complete = self.completion(type_, details)
        named = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
        by_column = None
        if isinstance(named, GraphQLObjectType):
            by_column = ColumnCompiler(self.collect, self.part).rows(named, details)
        return _listed(complete, by_column, null)

    def collect(
        self, type_: GraphQLObjectType, details: FieldDetailsList
    ) -> dict[str, FieldDetailsList]:
        """Return what is selected of an object, by what the answer calls it."""
        selected, deferred, _ = self._executor.collect_subfields(type_, details)
        if deferred:
            raise NotPlain(type_)
        return selected

    def _object(
        self, type_: GraphQLObjectType, details: FieldDetailsList, null: Callable[[], object]
    ) -> Completion:
        name, is_node, payload = type_.name, is_of_nodes(type_), payload_class(type_)
        if type_.interfaces and not is_node and payload is None:
            raise NotPlain(type_)
        parts = [
            (shown, *self._part(type_, below))
            for shown, below in self.collect(type_, details).items()
        ]

        def complete(row: Any) -> object:
            if row is None:
                return null()
            if is_node and row.typename != name:
                raise Surprise(name)
            found = {}
            for shown, read, exact, completed in parts:
                value = read(row)
                found[shown] = value if value.__class__ is exact else completed(value)
            return found

        return complete if payload is None else _of_class(payload, complete)

    def part(self, parent: GraphQLObjectType, details: FieldDetailsList) -> Completion:
        """Return how a field is completed off its row. Raise ``NotPlain`` where it isn't plain."""
        read, exact, complete = self._part(parent, details)

        def completed(row: Any) -> object:
            value = read(row)
            return value if value.__class__ is exact else complete(value)

        return completed

    def _part(self, parent: GraphQLObjectType, details: FieldDetailsList) -> _Part:
        node = details[0].node
        if node.name.value == "__typename":
            typename = parent.name
            return lambda row: typename, str, _as_it_is
        definition = parent.fields.get(node.name.value)
        if definition is None or node.arguments:
            raise NotPlain(node.name.value)
        complete = self.completion(definition.type, details)
        return reader_of(definition), class_shown(definition.type), complete


def _as_it_is(value: object) -> object:
    return value


def _is_of_objects(type_: GraphQLOutputType) -> bool:
    while isinstance(type_, GraphQLNonNull | GraphQLList):
        type_ = type_.of_type
    return isinstance(type_, GraphQLObjectType)


def _of_class(made: type, complete: Completion) -> Completion:
    def checked(row: Any) -> object:
        if row is not None and row.__class__ is not made:
            raise Surprise(made)
        return complete(row)

    return checked


def _listed(
    complete: Completion, by_column: ColumnCompletion | None, null: Callable[[], object]
) -> Completion:
    def each(values: Any) -> object:
        if values is None:
            return null()
        if by_column is not None and isinstance(values, MemberColumns):
            return by_column(values)
        if values.__class__ is not list and values.__class__ is not tuple:
            raise Surprise
        return [complete(value) for value in values]

    return each
