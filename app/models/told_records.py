"""Records of many people, stored by one statement that is a transaction by itself (PostgreSQL).

Two kinds of people's records can be stored so: those of whom the same is said as was on record
when that was read, and those of whom something new is said of which nothing lies ahead (R20).
Where a record is another by now, or something of it lay ahead, the statement leaves it as it is and
says so.
"""

from collections.abc import Callable, Mapping, Set
from datetime import datetime
from typing import Final, cast
from uuid import UUID

from app.domain.belief import BelievedRecord
from app.models.health import REPLACED, HealthRecord, record_rows
from app.models.inserting import NewRows, part_of
from app.models.statements import records

# The rows are locked first, in the order of persons, so that no two of these wait in a ring; the
# versions of groups come last. Where a run is open, no answer is kept (``data_versions.py``).
_STORE: Final = """
    WITH held AS (
        SELECT id, health_record.person_id,
               as_of <= $2 AND ahead IS NULL AND health_record.digest = same.digest AS same
        FROM health_record LEFT JOIN unnest($3::uuid[], $4::text[]) AS same(person_id, digest)
            ON same.person_id = health_record.person_id
        WHERE health_record.person_id = ANY($1::uuid[])
        ORDER BY health_record.person_id FOR NO KEY UPDATE OF health_record
    ), confirmed AS (
        UPDATE health_record SET as_of = $2 WHERE id IN (SELECT id FROM held WHERE same)
    ), replaced AS ({replaced}), moved AS (
        INSERT INTO data_version (group_id, version)
        SELECT DISTINCT groups.id, $5::uuid FROM membership
        JOIN groups ON groups.id = membership.group_id AND groups.dissolved_at IS NULL
        LEFT JOIN refresh_run ON refresh_run.id = groups.refresh_run_id
        WHERE person_id = ANY($1::uuid[]) AND (SELECT COUNT(*) FROM replaced) >= 0
        AND (refresh_run.ended_at IS NOT NULL OR refresh_run.id IS NULL)
        ORDER BY groups.id
        ON CONFLICT (group_id) DO UPDATE SET version = excluded.version
    )
    SELECT person_id FROM held WHERE same UNION ALL SELECT person_id FROM replaced
"""
_NONE_NEW: Final = "SELECT person_id FROM held WHERE FALSE"
_REPLACE: Final = f"""
    WHERE (SELECT COUNT(*) FROM held) >= 0 ON CONFLICT (person_id) DO UPDATE SET {REPLACED}
    WHERE health_record.as_of <= excluded.as_of AND health_record.ahead IS NULL RETURNING person_id
"""


async def store_at_once(
    same: Mapping[UUID, str],
    new: Mapping[UUID, BelievedRecord],
    digests: Mapping[UUID, str | None],
    as_of: datetime,
    new_id: Callable[[], UUID],
) -> Set[UUID]:
    """Have the records of the ``same`` people count as of an answer, and store the ``new`` ones.

    ``same`` has the digests that were on record. Of ``new`` nothing lies ahead of the answer.
    Return of whom that was done.
    """
    given: list[object] = [
        [*same, *new],
        as_of,
        list(same),
        list(same.values()),
        new_id(),
    ]
    replaced = _NONE_NEW
    if new:
        rows = record_rows(new, digests, as_of, new_id)
        replaced, columns = part_of(NewRows(HealthRecord, rows, _REPLACE), start=len(given) + 1)
        given += columns
    found = await records(_STORE.format(replaced=replaced), given)
    return {cast(UUID, person_id) for (person_id,) in found}
