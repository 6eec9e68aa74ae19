"""Records of whom an answer says what was said before: they stand, as of the newer answer."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast
from uuid import UUID

from app.models.awaiting import note_fetched
from app.models.health import HealthRecord, StoredAhead, first_fetches_of
from app.models.statements import dialect, fetch, fetch_as, placeholders


@dataclass(frozen=True, slots=True)
class Before:
    """What is on record of some people when an answer comes.

    ``same``: of whom it says what was said before. ``first_fetches``: of others, when what lay
    ahead was first fetched. ``shown``: who is in a group with no run open: where one is, no answer
    is kept (``data_versions.py``).
    """

    same: Set[UUID]
    shown: Set[UUID]
    first_fetches: Mapping[UUID, Mapping[str, datetime]]


@dataclass(frozen=True, slots=True)
class _Kept:
    person_id: UUID
    ahead: bytes | None
    same: bool


# As rows of people of whom there is nothing else to say.
_SHOWN: Final = """
    SELECT person_id, CAST(NULL AS BYTEA) AS ahead, FALSE AS same FROM membership
    JOIN groups ON groups.id = membership.group_id
    LEFT JOIN refresh_run ON refresh_run.id = groups.refresh_run_id
    WHERE (refresh_run.ended_at IS NOT NULL OR refresh_run.id IS NULL) AND person_id
"""

# Rows are locked in the order of persons, so that no two of these wait in a ring.
_POSTGRES_CONFIRM: Final = f"""
    WITH {{first}} held AS (
        SELECT id, person_id, ahead, as_of <= $2 AND ahead IS NULL AND digest = ANY($3) AS same
        FROM health_record WHERE person_id = ANY($1::uuid[]) {{and_then}}
        ORDER BY person_id FOR NO KEY UPDATE
    ), confirmed AS (
        UPDATE health_record SET as_of = $2 WHERE id IN (SELECT id FROM held WHERE same)
    )
    SELECT person_id, ahead, same FROM held WHERE same OR ahead IS NOT NULL
    UNION ALL {_SHOWN} = ANY($1::uuid[])
"""
_CONFIRM: Final = _POSTGRES_CONFIRM.format(first="", and_then="")
# Ahead of the records: whoever is being removed takes them in this order, too (R34).
_CONFIRM_FIRST: Final = _POSTGRES_CONFIRM.format(
    first="""awaiting AS (
        UPDATE membership SET awaited_until = NULL
        WHERE person_id = ANY($1::uuid[]) AND awaited_until IS NOT NULL RETURNING id
    ),""",
    and_then="AND (SELECT COUNT(*) FROM awaiting) >= 0",
)


async def confirm_records(
    digests: Mapping[UUID, str | None], as_of: datetime, *, end_awaiting: bool = False
) -> Before:
    """Have the records count as of a newer answer of whom it says the same, as ``digests`` tell.

    ``end_awaiting`` notes first that these people's first fetch ended (R14). A digest is of one
    person alone: the answer names them. What lies ahead is read anew each time.
    """
    people, told = sorted(digests), [one for one in digests.values() if one is not None]
    if dialect() == "postgres":
        confirm = _CONFIRM_FIRST if end_awaiting else _CONFIRM
        rows = await fetch_as(_Kept, confirm, people, as_of, told)
    else:
        if end_awaiting:
            await note_fetched(people)
        rows = await _confirm_on_sqlite(people, told, as_of)
    field = HealthRecord._meta.fields_map["ahead"]
    return Before(
        same={row.person_id for row in rows if row.same},
        shown={row.person_id for row in rows if not row.same and row.ahead is None},
        first_fetches={
            row.person_id: first_fetches_of(cast(StoredAhead, field.to_python_value(row.ahead)))
            for row in rows
            if row.ahead is not None
        },
    )


async def _confirm_on_sqlite(
    people: Sequence[UUID], told: Sequence[str], as_of: datetime
) -> list[_Kept]:
    # Nobody writes meanwhile: there is one writer.
    places = placeholders(len(told), start=len(people) + 2)
    among = f"person_id IN ({placeholders(len(people))})"
    rows = await fetch_as(
        _Kept,
        "SELECT * FROM (SELECT person_id, ahead,"
        f" ahead IS NULL AND as_of <= ${len(people) + 1}"
        f" AND COALESCE(digest IN ({places}), 0) AS same FROM health_record WHERE {among})"
        " WHERE same OR ahead IS NOT NULL"
        f" UNION ALL {_SHOWN} IN ({placeholders(len(people))})",
        *people,
        as_of,
        *told,
    )
    same = [row.person_id for row in rows if row.same]
    if same:
        of_same = f"person_id IN ({placeholders(len(same), start=2)})"
        await fetch(f"UPDATE health_record SET as_of = $1 WHERE {of_same}", as_of, *same)
    return rows
