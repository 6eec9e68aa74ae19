"""News of people: the groups that are to be judged because of them (R20)."""

from datetime import datetime
from typing import Final
from uuid import UUID

from app.models.due import SCHEDULED_AGAIN, new_stamp
from app.models.statements import dialect, fetch

_POSTGRES_CASTS: Final = ("::text", "::timestamptz", "::uuid")
_OF_PERSON: Final = "person_id = $3"
_OF_GROUP: Final = "person_id IN (SELECT person_id FROM membership WHERE group_id = $3)"


async def schedule_judging_of_person(due_at: datetime, person_id: UUID) -> None:
    """Schedule the judging of every group that a person is in (R20)."""
    await _schedule_judging(due_at, _OF_PERSON, person_id)


async def schedule_judging_of_group(due_at: datetime, group_id: UUID) -> None:
    """Schedule the judging of every group that any person of a group is in (R20)."""
    await _schedule_judging(due_at, _OF_GROUP, group_id)


async def _schedule_judging(due_at: datetime, whose: str, subject_id: UUID) -> None:
    # One statement, in the order of the rows' keys, so that two of them never deadlock.
    text, time, stamp = ("", "", "") if dialect() == "sqlite" else _POSTGRES_CASTS
    await fetch(
        f"""
        INSERT INTO due_work (key, kind, subject_id, due_at, attempts, stamp)
        SELECT DISTINCT 'JUDGE_GROUP:' || group_id{text}, 'JUDGE_GROUP', group_id,
               $1{time}, 0, $2{stamp}
        FROM membership
        WHERE {whose}
        ORDER BY 1
        """
        + SCHEDULED_AGAIN,
        due_at,
        new_stamp(),
        subject_id,
    )
