"""Requests sent again with the same idempotency key are answered as they were the first time."""

import json
from collections.abc import Awaitable, Callable

import structlog
from graphql import ExecutionResult

from app.domain.idempotency import read_key
from app.domain.limits import IDEMPOTENCY_KEY_LENGTH
from app.domain.refusals import BadInput
from app.resolvers.context import Context
from app.schema.documents import Operation
from app.services.kernel.repeats import keep_answer, keyed_request, recall
from app.services.kernel.steps import Keyed

log = structlog.get_logger(__name__)


async def answered_once(
    context: Context,
    operation: Operation,
    variables: dict[str, object] | None,
    extensions: dict[str, object] | None,
    execute: Callable[[], Awaitable[ExecutionResult]],
) -> ExecutionResult:
    """Answer a mutation from what is kept of it, or execute it and keep the answer.

    Within a process a repeat waits for the first; elsewhere the database decides which one acts.
    Raise ``BadInput`` for a key that is none.
    """
    request = _request(context, operation, variables, extensions)
    if request is None or context.claims is None:
        return await execute()
    async with context.env.turns.of(request.id):
        viewer = await recall(context.env, context.claims, request)
        if viewer is None:
            return await execute()
        if request.answer is not None:
            return ExecutionResult(request.answer, None)
        context.recognise(viewer)
        context.keyed = request
        result = await execute()
        await _keep(request, result)
        return result


def _request(
    context: Context,
    operation: Operation,
    variables: dict[str, object] | None,
    extensions: dict[str, object] | None,
) -> Keyed | None:
    """Return the keyed request that this is; None when no key says so, or no token whose."""
    key = _key(context, extensions)
    context.idempotency_key = key
    if key is None or context.claims is None:
        return None
    asked = (operation.text, operation.name, variables or {})
    return keyed_request(context.claims, key, json.dumps(asked, sort_keys=True))


async def _keep(request: Keyed, result: ExecutionResult) -> None:
    if result.errors or result.data is None:
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
