"""How much work is due, what of it is dead, and having that tried again: for `groupcode work`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from app.models.due import NEVER, DueWork, WorkKind, schedule
from app.models.statements import fetch_as, placeholders

# All kinds, by name: the index on time is one within a kind.
_KINDS: Final = placeholders(len(WorkKind), start=2)


@dataclass(frozen=True, slots=True)
class DueCount:
    """How much work of one kind is due, and when the oldest of it came due."""

    kind: WorkKind
    due: int
    oldest_at: datetime


@dataclass(frozen=True, slots=True)
class DeadCount:
    """How much work of one kind is dead."""

    kind: WorkKind
    dead: int


async def due_by_kind(now: datetime) -> list[DueCount]:
    """Return the kinds of which work is due that nobody has claimed."""
    return await fetch_as(
        DueCount,
        f"""
        SELECT kind, COUNT(*) AS due, MIN(due_at) AS oldest_at
        FROM due_work WHERE due_at <= $1 AND kind IN ({_KINDS}) GROUP BY kind
        """,
        now,
        *WorkKind,
    )


async def dead_by_kind() -> dict[WorkKind, int]:
    """Return how much work of each kind is dead, where there is any."""
    counts = await fetch_as(
        DeadCount,
        f"""
        SELECT kind, COUNT(*) AS dead
        FROM due_work WHERE due_at = $1 AND kind IN ({_KINDS}) GROUP BY kind
        """,
        NEVER,
        *WorkKind,
    )
    return {count.kind: count.dead for count in counts}


@dataclass(frozen=True, slots=True)
class DeadWork:
    """A piece of dead work: its last error, after how many attempts, and since when it is dead."""

    key: str
    kind: WorkKind
    subject_id: UUID
    attempts: int
    error: str
    dead_at: datetime


async def read_dead_work() -> list[DeadWork]:
    """Return all dead work; what has been dead longest comes first."""
    return await fetch_as(
        DeadWork,
        f"""
        SELECT key, kind, subject_id, attempts, error, dead_at
        FROM due_work WHERE due_at = $1 AND kind IN ({_KINDS}) ORDER BY dead_at, key
        """,
        NEVER,
        *WorkKind,
    )


async def reschedule(dead: DeadWork, due_at: datetime) -> bool:
    """Schedule dead work at ``due_at`` with no attempt used; False when it isn't dead any more."""
    if not await DueWork.filter(key=dead.key, dead_at__not_isnull=True).exists():
        return False
    await schedule(dead.kind, due_at, dead.subject_id)
    return True
