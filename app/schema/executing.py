"""Executing an operation: by functions made once, where they can be made, else by graphql-core."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final, TypeGuard, cast

import orjson
from graphql import ExecutionResult, GraphQLError, GraphQLSchema, OperationType
from graphql.execution import Executor
from graphql.execution.values import VariableValues, get_variable_values
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.schema_converter import GraphQLCoreConverter

from app.domain.refusals import Unavailable
from app.resolvers.context import Context
from app.schema.asked import Asked
from app.schema.asking import Given
from app.schema.carrying_out import WholeMutation, whole_mutation
from app.schema.completion import CompilingExecutor
from app.schema.documents import Operation, Whole
from app.schema.going_on import Begun
from app.schema.leaf_completion import NotPlain
from app.schema.whole import WholeQuery, whole_query

VARIANTS_KEPT: Final = 16  # of an operation, by what its variables select
GIVEN_KEPT: Final = 16  # choices of variables of an operation
LONGEST_GIVEN: Final = 500  # bytes of one as JSON
_MOST_ERRORS: Final = 50  # of variables, as graphql-core has it
_NONE: Final = VariableValues({}, {})
_is_awaitable = cast("Callable[[Any], TypeGuard[Awaitable[Any]]]", optimized_is_awaitable)


class Refused(Exception):
    """An operation that isn't run, for one or more reasons."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__()
        self.errors = errors


class Executing:
    """Executes the operations of one schema."""

    def __init__(
        self,
        schema: GraphQLSchema,
        converter: GraphQLCoreConverter,
        executor: type[Executor[Any]],
        *,
        suggestions: bool,
    ) -> None:
        """``suggestions``: errors of variables may name what the schema has."""
        self._schema = schema
        self._converter = converter
        self._executor_class = executor
        self._compiles = issubclass(executor, CompilingExecutor)
        self._suggestions = suggestions

    async def answer(
        self, operation: Operation, asked: Asked, context: Context | None
    ) -> ExecutionResult:
        """Execute a query or mutation. Raise ``Refused`` for variables that don't fit."""
        if not self._compiles or context is None:
            return await executed(self.executor(operation, asked, context))
        if operation.kind is OperationType.MUTATION:
            return await self._carry_out(operation, asked, context)
        data = await self._answer_whole(operation, asked, context)
        if data is not None:
            return ExecutionResult(data, None)
        context.renew()
        return await executed(self.executor(operation, asked, context))

    def executor(
        self, operation: Operation, asked: Asked, context: Context | None
    ) -> Executor[Any]:
        """Return graphql-core's executor of an operation.

        Raise ``Refused`` for variables that don't fit.
        """
        executor = self._executor_class.build(
            self._schema,
            operation.document,
            context_value=context,
            raw_variable_values=asked.variables,
            operation_name=operation.name,
            is_awaitable=_is_awaitable,
            hide_suggestions=not self._suggestions,
        )
        if isinstance(executor, list):
            raise Refused(executor)
        return executor

    async def _answer_whole(
        self, operation: Operation, asked: Asked, context: Context
    ) -> dict[str, object] | None:
        """Return the data of a query; None where graphql-core is to answer."""
        given = self._given(operation, asked)
        whole = self._whole(operation, given, asked, context)
        if not isinstance(whole, WholeQuery):
            return None
        try:
            return await whole.answer(context, given)
        except Unavailable:
            raise  # meeting it again would take as long once more
        except Exception:  # whatever it was, graphql-core meets it again
            return None

    async def _carry_out(
        self, operation: Operation, asked: Asked, context: Context
    ) -> ExecutionResult:
        """Carry out mutations, each once, and answer them."""
        given, begun = self._given(operation, asked), Begun()
        whole = self._whole(operation, given, asked, context)
        if isinstance(whole, WholeMutation):
            with suppress(Exception):  # whatever it was, graphql-core says it
                return ExecutionResult(await whole.answer(context, given, begun), None)
        executor = self.executor(operation, asked, context)
        assert isinstance(executor, CompilingExecutor)
        executor.begun = begun
        return await executed(executor)

    def _whole(
        self, operation: Operation, given: Given, asked: Asked, context: Context
    ) -> Whole | None:
        """Return the functions of an operation; None where graphql-core is to answer."""
        coerced = given.variables.coerced
        key = tuple([coerced.get(name) for name in operation.switches])
        functions = operation.functions
        if key not in functions:
            if len(functions) >= VARIANTS_KEPT:
                return None
            functions[key] = self._made(operation, asked, context)
        return functions[key]

    def _made(self, operation: Operation, asked: Asked, context: Context) -> Whole | None:
        executor = self.executor(operation, asked, context)
        assert isinstance(executor, CompilingExecutor)
        make = whole_mutation if operation.kind is OperationType.MUTATION else whole_query
        try:
            return make(executor, self._converter)
        except (NotPlain, GraphQLError):  # an argument in the document that can't be read, too
            return None

    def _given(self, operation: Operation, asked: Asked) -> Given:
        """Return the variables as they are taken.

        Those of queries are given over and over, and kept; those of mutations seldom, and may be
        what nobody should find in memory.
        """
        if not operation.definition.variable_definitions:
            return operation.given.get(b"") or operation.given.setdefault(b"", Given(_NONE))
        if operation.kind is OperationType.MUTATION:
            return Given(self._variables(operation, asked))
        key = orjson.dumps(asked.variables)
        found = operation.given.get(key)
        if found is None:
            found = Given(self._variables(operation, asked))
            if len(key) <= LONGEST_GIVEN:
                operation.given[key] = found
            if len(operation.given) > GIVEN_KEPT:
                del operation.given[next(iter(operation.given))]
        return found

    def _variables(self, operation: Operation, asked: Asked) -> VariableValues:
        defined = operation.definition.variable_definitions
        found = get_variable_values(
            self._schema,
            defined or (),
            asked.variables or {},
            max_errors=_MOST_ERRORS,
            hide_suggestions=not self._suggestions,
        )
        if isinstance(found, list):
            raise Refused(found)
        return found


async def executed(executor: Executor[Any]) -> ExecutionResult:
    """Return what an executor comes to."""
    serially = executor.operation.operation is OperationType.MUTATION
    result = executor.execute_operation(serially)
    if executor.is_awaitable(result):
        result = await result
    assert isinstance(result, ExecutionResult), "nothing is deferred"
    return result
