"""Detaching all groups of an organisation that is dissolved, each with its event (R44)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from app.domain.events import Event
from app.models.events import GroupEvent
from app.models.inserting import insert_rows
from app.models.statements import dialect, fetch_as

_AT_ONCE: Final = 1000
# The rows are locked in the order of their keys, as by everyone who takes several.
_DETACH: Final = """
    UPDATE groups SET organisation_id = NULL, attached_at = NULL, version = version + 1
    WHERE id IN (
        SELECT id FROM groups WHERE organisation_id = $1 AND dissolved_at IS NULL
        ORDER BY id LIMIT {most} {lock}
    )
    RETURNING id, version
"""


@dataclass(frozen=True, slots=True)
class _Detached:
    id: UUID
    version: int


async def detach_all(
    organisation_id: UUID, event: Event, now: datetime, new_id: Callable[[], UUID]
) -> list[UUID]:
    """Detach the groups that are attached to an organisation itself; return which they were."""
    lock = "FOR NO KEY UPDATE" if dialect() == "postgres" else ""
    statement = _DETACH.format(most=_AT_ONCE, lock=lock)
    detached: list[UUID] = []
    while rows := await fetch_as(_Detached, statement, organisation_id):
        written = [
            {
                "id": new_id(),
                "group_id": row.id,
                "seq": row.version,
                "type": event.type,
                "actor_id": event.actor_id,
                "subject_id": event.subject_id,
                "details": event.details,
                "at": now,
            }
            for row in rows
        ]
        await insert_rows(GroupEvent, written)
        detached += [row.id for row in rows]
    return detached
