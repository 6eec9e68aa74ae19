"""Finding what was done of a request that carries an idempotency key, and keeping its answer."""

from typing import Final
from uuid import UUID

import orjson

from app.domain.limits import IDEMPOTENCY_KEPT
from app.models.keyed_requests import KeyedRequest, find_request, write_answer
from app.ports.cipher import digest
from app.services.kernel.env import Env, Viewer
from app.services.kernel.steps import Keyed

LARGEST_KEPT: Final = 64 * 1024  # bytes; a larger answer is made anew


def keyed_request(viewer: Viewer, key: str, content: str) -> Keyed:
    """Return the request of a session that a key stands for; ``content`` is all that it asks."""
    request_id = UUID(hex=digest("idempotency key", f"{viewer.session_id}:{key}")[:32])
    return Keyed(request_id, viewer.session_id, digest("request", content))


async def recall(env: Env, request: Keyed) -> None:
    """Read what was done of a request within the last 24 hours.

    Raise ``KeyReused`` when its key stands for another request.
    """
    known = await find_request(request.id)
    if known is None:
        return
    if known.created_at > env.clock.now() - IDEMPOTENCY_KEPT:
        request.take(known)
    else:
        await KeyedRequest.filter(id=request.id).delete()


async def keep_answer(request: Keyed, data: dict[str, object]) -> None:
    """Keep the data of a request's answer, if all of it was done and it isn't too large."""
    if data.keys() <= request.steps.keys() and len(orjson.dumps(data)) <= LARGEST_KEPT:
        await write_answer(request.id, data)
