"""Events that are executed once for all who see the same.

A change of a group is told to everyone who watches it, and most of them asked by the same document.
Rows that were read together for watchers say which of them are alike: nothing differs between
these but whose they are. What is selected of such a row is executed once and given to all, if it
can depend on nothing else: fields that are plain (``completion.py``), or that ask a right which the
row carries.

Whoever is told still looked by themself, at their own session and right: rows of different rights
are never alike (``resolvers/watching.py``).
"""

from collections.abc import Coroutine, Hashable
from functools import cached_property
from typing import Any, TypeAlias

import orjson
from graphql import (
    ExecutionResult,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    is_leaf_type,
)
from graphql.execution import Executor, ExperimentalIncrementalExecutionResults
from graphql.execution.collect_fields import FieldDetailsList, collect_fields
from graphql.execution.executor import CollectedErrors
from graphql.pyutils import AwaitableOrValue
from strawberry.permission import PermissionExtension
from strawberry.types.field import StrawberryField

from app.domain.refusals import Denied
from app.resolvers.alike import Alike
from app.schema.completion import CompilingExecutor
from app.schema.errors import shape_errors
from app.schema.permissions import FieldPermission

_Executed: TypeAlias = ExecutionResult | ExperimentalIncrementalExecutionResults


class SharingExecutor(CompilingExecutor):
    """The executor, but that events that are alike are executed once."""

    def build_per_event_executor(self, payload: object) -> "SharingExecutor":
        """Return the executor of one event: this one with a root and errors of its own."""
        executor = object.__new__(type(self))
        vars(executor).update(vars(self), root_value=payload, collected_errors=CollectedErrors())
        return executor

    def execute_operation(self, serially: bool | None = None) -> AwaitableOrValue[_Executed]:
        """Execute an operation, or one event of a subscription."""
        alike: Alike | None = getattr(self.root_value, "alike", None)
        key = self._key if alike else None
        if alike is None or key is None:
            return super().execute_operation(serially)
        # The operation is kept with its answer: so no other one can have its identity.
        _, shared = alike.answers.get(key, (None, None))
        if isinstance(shared, ExecutionResult):
            self.context_value.following.bytes_of = self.bytes_of
            return shared
        result = super().execute_operation(serially)
        if key not in alike.answers:
            is_of_all = is_shared(self, result)
            alike.answers[key] = (self.operation, result if is_of_all else None)
            if is_of_all:
                self.context_value.following.bytes_of = self.bytes_of
        return result

    def bytes_of(self, row: object) -> bytes | None:
        """Return the answer to a row's event as JSON; None where it isn't that of all alike."""
        alike: Alike | None = getattr(row, "alike", None)
        if alike is None or self._key is None:
            return None
        encoded = alike.encoded.get(self._key)
        if encoded is None and (result := self._shared_answer(alike, row)) is not None:
            encoded = alike.encoded[self._key] = _encoded(result)
        return encoded

    def _shared_answer(self, alike: Alike, row: object) -> ExecutionResult | None:
        result = self.build_per_event_executor(row).execute_operation(False)
        if isinstance(result, Coroutine):
            result.close()
        _, shared = alike.answers[self._key]
        if not isinstance(shared, ExecutionResult):
            return None
        shape_errors(shared.errors or (), self.context_value)
        return shared

    @cached_property
    def _key(self) -> Hashable | None:
        """Return what answers depend on beside the row; None if that can't be compared."""
        variables = tuple(self.variable_values.coerced.items())
        key = (id(self.operation), self.context_value.language, variables)
        try:
            hash(key)
        except TypeError:  # a variable that is a list
            return None
        return key


def _encoded(result: ExecutionResult) -> bytes:
    payload: dict[str, object] = {"data": result.data}
    if result.errors:
        payload["errors"] = [error.formatted for error in result.errors]
    return orjson.dumps(payload)


def is_shared(executor: Executor[Any], result: object) -> bool:
    """Return whether an event's result is that of every event that is alike.

    It has no errors but denials, which are explained anew to each.
    """
    root = executor.schema.subscription_type
    if not isinstance(result, ExecutionResult) or root is None:
        return False
    if not all(isinstance(one.original_error, Denied) for one in result.errors or ()):
        return False
    selected = collect_fields(
        executor.schema, executor.fragments, executor.variable_values, root, executor.operation
    ).grouped_field_set
    return all(
        name in root.fields and _is_plain(executor, root.fields[name].type, below)
        for below in selected.values()
        for name in [below[0].node.name.value]
    )


def _is_plain(executor: Executor[Any], type_: GraphQLOutputType, details: FieldDetailsList) -> bool:
    """Return whether what is selected of a value depends on the value alone."""
    while isinstance(type_, GraphQLNonNull | GraphQLList):
        type_ = type_.of_type
    if is_leaf_type(type_):
        return True
    if not isinstance(type_, GraphQLObjectType):
        return False
    for below in executor.collect_subfields(type_, details).grouped_field_set.values():
        node = below[0].node
        field = type_.fields.get(node.name.value)
        if node.name.value == "__typename":
            continue
        if field is None or not _reads_its_row(field) or not _is_plain(executor, field.type, below):
            return False
    return True


def _reads_its_row(field: GraphQLField) -> bool:
    """Return whether a field depends on nothing but its row, and the rights that this carries."""
    declared = field.extensions.get("strawberry-definition")
    if not isinstance(declared, StrawberryField) or field.args:
        return False
    for extension in declared.extensions:
        if not isinstance(extension, PermissionExtension):
            return False
        if not all(isinstance(one, FieldPermission) for one in extension.permissions):
            return False
    resolver = declared.base_resolver
    return resolver is None or (
        not resolver.is_async and list(resolver.signature.parameters) == ["root"]
    )
