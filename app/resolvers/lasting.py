"""From where somebody looks at a group, and until when what they see lasts."""

from collections.abc import Collection
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, time, timedelta
from uuid import UUID

from app.models.lapses import Lapse, next_lapse
from app.models.replica import reading_from_replica, replica
from app.models.standings import Standpoint, replica_shows, standpoint_of
from app.resolvers.context import Context
from app.services.kernel.env import Viewer

__all__ = ["Lapse", "Standpoint", "lasts_until", "reading_nearby", "reads_nearby", "standpoint"]


async def standpoint(context: Context, group_id: UUID) -> Standpoint | None:
    """Return from where the viewer looks at a group; None where no answer of theirs lasts."""
    claims = context.claims
    if claims is None:
        return None
    found = await standpoint_of(claims.session_id, claims.account_id, group_id)
    if found is not None:
        context.recognise(Viewer(claims.account_id, claims.session_id, found.person_id))
    return found


def reads_nearby() -> bool:
    """Return whether this process has a replica to read from."""
    return replica() is not None


async def reading_nearby(
    context: Context, group_id: UUID, seen: Standpoint
) -> AbstractContextManager[None]:
    """Return what an answer that lasts is to be made within.

    It reads from the replica if that shows the group as the viewer was just ``seen`` to look at it
    in the database, where their session and rights are judged; else from the database.
    """
    claims = context.claims
    if claims is None or not reads_nearby():
        return nullcontext()
    keys = (claims.session_id, claims.account_id, group_id)
    return reading_from_replica() if await replica_shows(seen, *keys) else nullcontext()


async def lasts_until(
    context: Context, group_id: UUID, lapses: Collection[Lapse], since: datetime
) -> datetime:
    """Return when time may change what was seen of a group; at midnight at the latest."""
    env = context.env
    midnight = datetime.combine(env.day_of(since) + timedelta(days=1), time(), env.timezone)
    lapse = await next_lapse(group_id, lapses, since) if lapses else None
    return midnight if lapse is None else min(midnight, lapse)
