"""Awaiting people's data: until it was first fetched, no group judges them (R14)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.models.members import Membership
from app.models.statements import dialect, fetch_as


@dataclass(frozen=True, slots=True)
class _Held:
    person_id: UUID


# Of whom others hold a membership nothing is locked: whoever holds several of a group's would wait
# for ours, and we for theirs.
_END_AWAITING: Final = """
    WITH ours AS MATERIALIZED (
        SELECT id FROM membership
        WHERE person_id = ANY($1::uuid[]) AND awaited_until IS NOT NULL
        FOR NO KEY UPDATE SKIP LOCKED
    ), theirs AS MATERIALIZED (
        SELECT person_id FROM membership
        WHERE person_id = ANY($1::uuid[]) AND awaited_until IS NOT NULL
          AND id NOT IN (SELECT id FROM ours)
    ), ended AS (
        UPDATE membership SET awaited_until = NULL
        WHERE id IN (SELECT id FROM ours) AND person_id NOT IN (SELECT person_id FROM theirs)
    )
    SELECT DISTINCT person_id FROM theirs
"""


async def end_awaiting(people: Collection[UUID]) -> set[UUID]:
    """Note that the first fetch of these people ended, as ``note_fetched`` does, but wait for none.

    Return of whom somebody else holds a membership: of them nothing is noted.
    """
    if dialect() == "sqlite":
        await note_fetched(people)
        return set()
    return {row.person_id for row in await fetch_as(_Held, _END_AWAITING, list(people))}


async def note_fetched(people: Collection[UUID]) -> None:
    """Note that the first fetch of these people ended: they are judged from now on (R14)."""
    awaiting = Membership.filter(person_id__in=people, awaited_until__not_isnull=True)
    await awaiting.update(awaited_until=None)
