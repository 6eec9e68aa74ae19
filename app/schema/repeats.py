"""Requests sent again with the same idempotency key are answered as they were the first time."""

import json
from collections.abc import AsyncIterator

import structlog
from graphql import ExecutionResult, print_ast
from strawberry.extensions import SchemaExtension
from strawberry.types.graphql import OperationType

from app.domain.idempotency import read_key
from app.domain.limits import IDEMPOTENCY_KEY_LENGTH
from app.domain.refusals import BadInput
from app.resolvers.context import Context
from app.services.kernel.repeats import keep_answer, keyed_request, recall
from app.services.kernel.steps import Keyed

log = structlog.get_logger(__name__)


class Repeats(SchemaExtension):
    """Answers a mutation that was sent before, and remembers one that is sent for the first time.

    Within a process a repeat waits for the first; elsewhere the database decides which one acts.
    """

    async def on_execute(self) -> AsyncIterator[None]:
        """Answer from what is kept, or execute and keep the answer."""
        context = self.execution_context.context
        request = await self._request(context)
        if request is None:
            yield
            return
        async with context.env.turns.of(request.id):
            await recall(context.env, request)
            if request.answer is not None:
                self.execution_context.result = ExecutionResult(request.answer, None)
                yield
                return
            context.keyed = request
            yield
            await self._keep(request)

    async def _request(self, context: Context) -> Keyed | None:
        """Return the keyed request that this is; None when no key says so, or nobody is in."""
        if self.execution_context.operation_type is not OperationType.MUTATION:
            return None
        if self.execution_context.result is not None:  # a dry run: nothing is done
            return None
        key = _key(context, self.execution_context.operation_extensions)
        context.idempotency_key = key
        if key is None:
            return None
        viewer = await context.find_viewer()
        document = self.execution_context.graphql_document
        if viewer is None or document is None:
            return None
        asked = (
            print_ast(document),
            self.execution_context.operation_name,
            self.execution_context.variables or {},
        )
        return keyed_request(context.env, viewer, key, json.dumps(asked, sort_keys=True))

    async def _keep(self, request: Keyed) -> None:
        result = self.execution_context.result
        if not isinstance(result, ExecutionResult) or result.errors or result.data is None:
            return
        try:
            await keep_answer(request, result.data)
        except Exception:
            # What was asked is done, and its steps are on record: a repeat is answered anew.
            log.exception("the answer to a keyed request could not be kept")


def _key(context: Context, extensions: dict[str, object] | None) -> str | None:
    """Return the key of the header or of ``extensions``; given in both, it is the same."""
    within = (extensions or {}).get("idempotencyKey")
    if within is not None and not isinstance(within, str):
        raise BadInput("IDEMPOTENCY_KEY_INVALID", longest=IDEMPOTENCY_KEY_LENGTH)
    keys = {read_key(text) for text in (context.idempotency_key, within) if text is not None}
    if len(keys) > 1:
        raise BadInput("IDEMPOTENCY_KEY_INVALID", longest=IDEMPOTENCY_KEY_LENGTH)
    return keys.pop() if keys else None
