"""News of people: the groups that are to be judged because of them (R20)."""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from app.models.due import SCHEDULED_AGAIN, new_stamp
from app.models.statements import dialect, fetch, placeholders

_COLUMNS: Final = "key, kind, subject_id, due_at, attempts, stamp"


async def schedule_judging_of_people(
    due_at: datetime, person_ids: Collection[UUID], but: UUID | None = None
) -> None:
    """Schedule the judging of every group that any of these people is in, ``but`` one (R20)."""
    if not person_ids:
        return
    # One statement, in the order of the rows' keys, so that two of them never deadlock. Of each
    # person the groups are looked up by themselves: a plan of its own might read all memberships.
    if dialect() == "postgres":
        await fetch(
            f"""
            INSERT INTO due_work ({_COLUMNS})
            SELECT DISTINCT 'JUDGE_GROUP:' || group_id, 'JUDGE_GROUP', group_id,
                   $1::timestamptz, 0, $2::uuid
            FROM unnest($3::uuid[]) AS news(person_id) CROSS JOIN LATERAL (
                SELECT group_id FROM membership
                WHERE membership.person_id = news.person_id OFFSET 0
            ) AS theirs
            WHERE group_id IS DISTINCT FROM $4::uuid
            ORDER BY 1 {SCHEDULED_AGAIN}
            """,
            due_at,
            new_stamp(),
            list(person_ids),
            but,
        )
        return
    await fetch(
        f"""
        INSERT INTO due_work ({_COLUMNS})
        SELECT DISTINCT 'JUDGE_GROUP:' || group_id, 'JUDGE_GROUP', group_id, $1, 0, $2
        FROM membership
        WHERE person_id IN ({placeholders(len(person_ids), start=4)}) AND group_id IS NOT $3
        ORDER BY 1 {SCHEDULED_AGAIN}
        """,
        due_at,
        new_stamp(),
        but,
        *person_ids,
    )
