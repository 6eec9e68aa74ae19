"""The way of every operation, whatever it came by: from what is asked to what is answered.

Text or id becomes a document that is kept (``documents.py``, ``persisted.py``); what can't be
run is refused; what it costs is charged (``metering.py``); it is executed, or answered by what is
known already; its errors are given codes and texts, and its cost is told. Strawberry builds the
schema, and graphql-core executes it; nothing else of theirs stands in the way.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from inspect import isawaitable
from time import perf_counter
from typing import Any, cast

from graphql import ExecutionResult as Executed
from graphql import GraphQLError, GraphQLSchema, OperationType
from graphql.execution import Executor
from graphql.execution.execute import create_source_event_stream
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError

from app.domain.refusals import BadInput
from app.resolvers.context import Context
from app.resolvers.lasting import reading_nearby
from app.schema.asked import ALL, BY_POST, Asked, Types, misplaced
from app.schema.bounds import check_lists
from app.schema.documents import Documents, Operation
from app.schema.errors import are_unavailable, shape_errors
from app.schema.executing import Executing, Refused, executed
from app.schema.kept_answers import KeptAnswers
from app.schema.metering import Bill, is_dry_run
from app.schema.observing import Watch
from app.schema.persisted import PersistedDocuments
from app.schema.repeats import answered_once


class Pipeline:
    """Runs the operations of one schema."""

    def __init__(
        self,
        schema: GraphQLSchema,
        executing: Executing,
        documents: Documents,
        persisted: PersistedDocuments,
        kept: KeptAnswers,
    ) -> None:
        self._schema = schema
        self._executing = executing
        self._documents = documents
        self._persisted = persisted
        self._kept = kept

    async def execute(
        self, asked: Asked, context: Context | None = None, types: Types = BY_POST
    ) -> ExecutionResult:
        """Run a query or mutation of the ``types`` that may be asked for in this way."""
        bill, watch = Bill(context), Watch()
        try:
            operation = watch.operation = self._admit(asked, context, bill, types)
            with watch.traced():
                result = await self._run(operation, asked, context)
        except Exception as error:
            result = _never_ran(error)
        ended = self._ended(result, context, bill)
        watch.ended(ended, context, bill.points)
        return ended

    async def stream(
        self, asked: Asked, context: Context | None = None, types: Types = ALL
    ) -> AsyncGenerator[ExecutionResult, None]:
        """Run one operation of a connection that stays open; its context is its own.

        A subscription has a result for each event; whatever else is asked has one.
        """
        bill, watch = Bill(context), Watch()
        source: AsyncIterator[object] | None = None
        try:
            operation = watch.operation = self._admit(asked, context, bill, types)
            if operation.kind is OperationType.SUBSCRIPTION and not is_dry_run(asked.extensions):
                _announce(operation, context)
                executor = self._executing.executor(operation, asked, context)
                source = await _events(executor)
            else:
                with watch.traced():
                    result = await self._run(operation, asked, context)
        except Exception as error:
            result = _never_ran(error)
        if source is None:
            ended = self._ended(result, context, bill)
            watch.ended(ended, context, bill.points)
            yield ended
            return
        watch.ended(ExecutionResult(None, None), context, bill.points)
        billed: Bill | None = bill
        try:
            async with aclosing(cast("AsyncGenerator[object, None]", source)) as rows:
                async for row in rows:
                    event = executor.build_per_event_executor(row)
                    yield self._ended(await _told(event, context), context, billed)
                    billed = None
        except Exception as error:
            yield self._ended(ExecutionResult(None, [_located(error)]), context, billed)

    def _admit(self, asked: Asked, context: Context | None, bill: Bill, types: Types) -> Operation:
        """Return the operation that is asked for, charged. Raise what it is refused for."""
        started = perf_counter()
        text = self._persisted.text_of(asked.query, asked.extensions)
        if text is None:
            raise BadInput("QUERY_MISSING")
        prepared = self._documents.prepare(self._schema, text)
        _note_time(context, "parse", started)
        started = perf_counter()
        operation = prepared.operation(asked.operation_name)
        dry_run = is_dry_run(asked.extensions)
        if operation.kind not in types and not (dry_run and types == BY_POST):
            raise BadInput(misplaced(types))
        if prepared.errors:
            # Each request shapes its own.
            raise Refused(
                [
                    GraphQLError(error.message, error.nodes, original_error=error.original_error)
                    for error in prepared.errors
                ]
            )
        if asked.operation_name is None and len(prepared.operations) > 1:
            raise BadInput("OPERATION_UNNAMED")
        check_lists(asked.variables)
        points = operation.plan(self._schema).cost(asked.variables)
        bill.charge(points, dry_run=dry_run)
        _note_time(context, "validate", started)
        return operation

    async def _run(
        self, operation: Operation, asked: Asked, context: Context | None
    ) -> ExecutionResult:
        """Run an admitted operation that has one result; a dry run has an empty one."""
        if is_dry_run(asked.extensions):
            _announce(operation, context)
            return ExecutionResult(None, None)
        started = perf_counter()
        if operation.kind is OperationType.MUTATION and context is not None:
            found = await self._answer_once(operation, asked, context)
        else:
            found = await self._answer(operation, asked, context)
        _note_time(context, "execute", started)
        if operation.kind is OperationType.QUERY and _found_nothing(found):
            raise Refused(found.errors or [])
        return ExecutionResult(found.data, found.errors)

    async def _answer_once(self, operation: Operation, asked: Asked, context: Context) -> Executed:
        """Answer a mutation; one that was carried out for the same request as it was then."""

        async def execute() -> Executed:
            return await self._answer(operation, asked, context)

        return await answered_once(context, operation, asked.variables, asked.extensions, execute)

    async def _answer(
        self, operation: Operation, asked: Asked, context: Context | None
    ) -> Executed:
        """Answer a query or mutation, by what is known already or by executing it.

        ``data`` may be ``orjson.Fragment``, bytes that are sent as they are.
        """
        _announce(operation, context)
        if context is None or operation.kind is not OperationType.QUERY:
            return await self._executing.answer(operation, asked, context)
        found = await self._kept.find(operation, asked, context)
        if isinstance(found, Executed):
            return found
        if found is None:
            return await self._executing.answer(operation, asked, context)
        with await reading_nearby(context, found.group_id, found.standpoint):
            result = await self._executing.answer(operation, asked, context)
        return await self._kept.keep(found, result, context)

    def _ended(
        self, result: ExecutionResult | Executed, context: Context | None, bill: Bill | None
    ) -> ExecutionResult:
        """Return a result as it is told: the one place that all pass, once an answer or event.

        ``bill``: what is told of its cost, beside the first.
        """
        if result.errors:
            shape_errors(result.errors, context)
        shown = bill.told() if bill is not None else None
        if isinstance(result, ExecutionResult):
            result.extensions = shown
            return result
        return ExecutionResult(result.data, result.errors, shown)


async def _told(event: Executor[Any], context: Context | None) -> Executed:
    """Execute an event in its turn: thousands may be told at the same moment."""
    if context is None:
        return await executed(event)
    async with context.env.event_turns:
        return await executed(event)


async def _events(executor: Executor[Any]) -> AsyncIterator[object]:
    """Return the events of a subscription. Raise ``Refused`` when it can't begin."""
    source = create_source_event_stream(executor)
    if isawaitable(source):
        source = await source
    if isinstance(source, Executed):
        raise Refused(source.errors or [])
    return executor.cancellable_iterable(source).__aiter__()


def _found_nothing(found: Executed) -> bool:
    """Return whether nothing could be read, because what we stand on is away."""
    if not found.errors or not are_unavailable(found.errors):
        return False
    return found.data is None or not any(found.data.values())


def _never_ran(error: Exception) -> ExecutionResult:
    errors = error.errors if isinstance(error, Refused) else [_located(error)]
    return PreExecutionError(None, errors)


def _located(error: Exception) -> GraphQLError:
    if isinstance(error, GraphQLError):
        return error
    return GraphQLError(str(error), original_error=error)


def _announce(operation: Operation, context: Context | None) -> None:
    """Tell who sends the results that the operation passed every check."""
    if context is not None and context.on_run is not None:
        context.on_run(operation.kind is OperationType.SUBSCRIPTION)


def _note_time(context: Context | None, phase: str, started: float) -> None:
    """Note the milliseconds of a phase, where the answer says what took how long."""
    if context is not None and context.timings is not None:
        context.timings[phase] = 1000 * (perf_counter() - started)
