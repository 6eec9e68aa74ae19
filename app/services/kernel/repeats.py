"""Finding what was done of a request that carries an idempotency key, and keeping its answer."""

from typing import Final
from uuid import UUID

import orjson

from app.domain.limits import IDEMPOTENCY_KEPT
from app.models.admitting import find_owner_asking
from app.models.keyed_requests import KeyedRequest, find_request, write_answer
from app.ports.cipher import digest
from app.ports.tokens import TokenClaims
from app.services.kernel.admitting import viewer_of
from app.services.kernel.env import Env, Viewer
from app.services.kernel.steps import Keyed

LARGEST_KEPT: Final = 64 * 1024  # bytes; a larger answer is made anew


def keyed_request(claims: TokenClaims, key: str, content: str) -> Keyed:
    """Return the request of a session that a key stands for; ``content`` is all that it asks."""
    session_id = claims.session_id
    request_id = UUID(hex=digest("idempotency key", f"{session_id}:{key}")[:32])
    return Keyed(request_id, session_id, digest("request", content))


async def recall(env: Env, claims: TokenClaims, request: Keyed) -> Viewer | None:
    """Find who asks, and read what was done of their request within the last 24 hours.

    None where their session has ended. Raise ``KeyReused`` when the key stands for another request.
    """
    found = await find_owner_asking(claims.session_id, claims.account_id, request.id)
    if found is None:
        return None
    owner, is_known = found
    if is_known:
        await _take_over(env, request)
    return viewer_of(claims, owner)


async def _take_over(env: Env, request: Keyed) -> None:
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
