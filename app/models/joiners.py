"""What a join reads of people before it lets them in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from app.domain.members import DepartureCause
from app.models.statements import dialect, fetch_as, placeholders


@dataclass(frozen=True, slots=True)
class JoinerOnRecord:
    """A person as a group knows them.

    ``member_id`` is None for who isn't in it; ``removed``: since the invitation was made (R16).
    ``reminded_at``: when they were last reminded, of who was in it before (R31). ``withdrawn_at``
    is the invitation's own.
    """

    person_id: UUID
    member_id: UUID | None
    enrolled_by_id: UUID | None
    withheld_at: datetime | None
    removed: bool
    reminded_at: datetime | None
    withdrawn_at: datetime | None


_JOINERS: Final = """
    SELECT person.id AS person_id, membership.id AS member_id, enrolled_by_id, withheld_at,
           EXISTS (
               SELECT 1 FROM former_member
               WHERE former_member.person_id = person.id AND group_id = $1
                 AND cause = $3 AND left_at >= $4
           ) AS removed,
           (
               SELECT reminded_at FROM former_member
               WHERE former_member.person_id = person.id AND group_id = $1
               ORDER BY left_at DESC LIMIT 1
           ) AS reminded_at,
           (SELECT withdrawn_at FROM invitation WHERE id = $2) AS withdrawn_at
    FROM person
    LEFT JOIN membership ON membership.person_id = person.id AND membership.group_id = $1
    WHERE person.id {people}
"""


async def read_joiners(
    group_id: UUID, invitation_id: UUID, invited_at: datetime, person_ids: Sequence[UUID]
) -> dict[UUID, JoinerOnRecord]:
    """Return these people as a group knows them, by their ids: one statement."""
    given: Sequence[object] = [list(person_ids)]
    people = "= ANY($5::uuid[])"
    if dialect() == "sqlite":
        given, people = person_ids, f"IN ({placeholders(len(person_ids), start=5)})"
    cause = DepartureCause.REMOVED
    statement = _JOINERS.format(people=people)
    rows = await fetch_as(
        JoinerOnRecord, statement, group_id, invitation_id, cause, invited_at, *given
    )
    return {row.person_id: row for row in rows}
