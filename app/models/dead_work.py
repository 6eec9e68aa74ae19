"""How much work is due, what of it is dead, and making that live again: for `groupcode work`."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.models.due import NEVER, DueWork, WorkKind, schedule
from app.models.statements import fetch_as


@dataclass(frozen=True, slots=True)
class DueCount:
    """How much work of one kind is due, and when the oldest of it came due."""

    kind: WorkKind
    due: int
    oldest_at: datetime


async def due_by_kind(now: datetime) -> list[DueCount]:
    """Return the kinds of which work is due that nobody has claimed."""
    return await fetch_as(
        DueCount,
        """
        SELECT kind, COUNT(*) AS due, MIN(due_at) AS oldest_at
        FROM due_work WHERE due_at <= $1 GROUP BY kind
        """,
        now,
    )


@dataclass(frozen=True, slots=True)
class BuriedWork:
    """One dead piece of work: what went wrong last, after how many attempts, and when it died."""

    key: str
    kind: WorkKind
    subject_id: UUID
    attempts: int
    error: str
    dead_at: datetime


async def dead_work() -> list[BuriedWork]:
    """Return all dead work, oldest death first."""
    return await fetch_as(
        BuriedWork,
        """
        SELECT key, kind, subject_id, attempts, error, dead_at
        FROM due_work WHERE due_at = $1 ORDER BY dead_at, key
        """,
        NEVER,
    )


async def revive(dead: BuriedWork, due_at: datetime) -> bool:
    """Have dead work done at ``due_at``, all its attempts before it; False when it lives by now."""
    if not await DueWork.filter(key=dead.key, dead_at__not_isnull=True).exists():
        return False
    await schedule(dead.kind, due_at, dead.subject_id)
    return True
