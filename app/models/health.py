"""Health records: what the provider last said of each person.

A record is linked to its person by a random key. The columns that are judged and counted are
in the clear, so that SQL can count them; the rest is encrypted.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Final, TypedDict
from uuid import UUID

from tortoise import Model, fields

from app.domain.belief import BelievedRecord
from app.domain.health import HealthCode, TestResult
from app.models.details import (
    StoredTest,
    StoredVaccination,
    dump_test,
    dump_vaccination,
    read_tests,
    read_vaccinations,
)
from app.models.fields import encrypted_json, enum_field
from app.models.inserting import insert_rows
from app.models.people import Person
from app.models.statements import dialect, fetch, placeholders


class StoredAhead(TypedDict):
    """What of a record lies ahead of its first fetch, as an encrypted column holds it (R20)."""

    first_fetches: dict[str, str]
    tests: list[StoredTest]
    vaccinations: list[StoredVaccination]


class HealthRecord(Model):
    """What the provider last said of a person, as it counts; ``as_of`` is when it was queried.

    ``ahead`` holds what doesn't count before its time has come, and since when what lay ahead
    does count; None where nothing did. ``next_negative_at`` is the first such negative result.
    ``digest`` is a keyed hash of what the provider said, by which the same is known again; None
    where that can't be told, as where a part of it couldn't be read. ``changed_at`` is the
    ``as_of`` from which on it says what it says.
    """

    id = fields.UUIDField(primary_key=True)
    person_id: UUID
    person: fields.OneToOneRelation[Person] = fields.OneToOneField(
        "app.Person", related_name="record"
    )
    health_code = enum_field(HealthCode, 8)
    health_code_at = fields.DatetimeField(null=True)
    newest_result = enum_field(TestResult, 8, null=True)
    newest_result_at = fields.DatetimeField(null=True)
    newest_negative_at = fields.DatetimeField(null=True)
    doses = fields.IntField()
    tests: fields.Field[list[StoredTest]] = encrypted_json()
    vaccinations: fields.Field[list[StoredVaccination]] = encrypted_json()
    as_of = fields.DatetimeField()
    ahead: fields.Field[StoredAhead | None] = encrypted_json(null=True)
    next_negative_at = fields.DatetimeField(null=True)
    digest = fields.CharField(64, null=True)
    changed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "health_record"


class RecordColumns(TypedDict):
    """What of a record's row follows from what the provider said."""

    health_code: HealthCode
    health_code_at: datetime | None
    newest_result: TestResult | None
    newest_result_at: datetime | None
    newest_negative_at: datetime | None
    next_negative_at: datetime | None
    doses: int
    tests: list[StoredTest]
    vaccinations: list[StoredVaccination]
    ahead: StoredAhead | None


def dump_record(record: BelievedRecord) -> RecordColumns:
    """Return the columns of a record."""
    ahead = StoredAhead(
        first_fetches={key: at.isoformat() for key, at in record.first_fetches.items()},
        tests=[dump_test(test) for test in record.waiting_tests],
        vaccinations=[dump_vaccination(dose) for dose in record.waiting_vaccinations],
    )
    summary = record.summary
    return RecordColumns(
        health_code=record.health_code,
        health_code_at=record.health_code_at,
        newest_result=summary.newest_result,
        newest_result_at=summary.newest_result_at,
        newest_negative_at=summary.newest_negative_at,
        next_negative_at=summary.next_negative_at,
        doses=record.doses,
        tests=[dump_test(test) for test in record.tests],
        vaccinations=[dump_vaccination(dose) for dose in record.vaccinations],
        ahead=ahead if any(ahead.values()) else None,
    )


def read_record(row: HealthRecord) -> BelievedRecord:
    """Return a stored record as it was when it was stored."""
    ahead = row.ahead
    return BelievedRecord(
        health_code=row.health_code,
        health_code_at=row.health_code_at,
        tests=tuple(read_tests(row.tests)),
        vaccinations=tuple(read_vaccinations(row.vaccinations)),
        waiting_tests=tuple(read_tests(ahead["tests"] if ahead else None)),
        waiting_vaccinations=tuple(read_vaccinations(ahead["vaccinations"] if ahead else None)),
        first_fetches=first_fetches_of(ahead),
    )


def first_fetches_of(ahead: StoredAhead | None) -> dict[str, datetime]:
    """Return when what lies ahead, or lay so, was first fetched."""
    stored = ahead["first_fetches"] if ahead else {}
    return {key: datetime.fromisoformat(at) for key, at in stored.items()}


REPLACED: Final = ", ".join(
    f"{column} = excluded.{column}"
    for column in ("as_of", "changed_at", "digest", *RecordColumns.__annotations__)
)


def record_rows(
    records: Mapping[UUID, BelievedRecord],
    digests: Mapping[UUID, str | None],
    as_of: datetime,
    new_id: Callable[[], UUID],
) -> list[dict[str, object]]:
    """Return the rows of these people's records, in the order in which they are to be locked."""
    return [
        {
            "id": new_id(),
            "person_id": person_id,
            "as_of": as_of,
            "changed_at": as_of,
            "digest": digests[person_id],
            **dump_record(records[person_id]),
        }
        for person_id in sorted(records)
    ]


async def replace_records(
    records: Mapping[UUID, BelievedRecord],
    digests: Mapping[UUID, str | None],
    as_of: datetime,
    new_id: Callable[[], UUID],
) -> None:
    """Store these people's records in one statement; one that is newer already stays.

    An answer requested earlier may arrive later: ``as_of`` decides, not the order of arrival.
    """
    rows = record_rows(records, digests, as_of, new_id)
    newer = "health_record.as_of <= excluded.as_of"
    conflict = f"ON CONFLICT (person_id) DO UPDATE SET {REPLACED} WHERE {newer}"
    await insert_rows(HealthRecord, rows, conflict)


async def erase_unneeded_records(person_ids: Collection[UUID]) -> None:
    """Erase the health records that no undissolved group needs any more (R8, R34, R42)."""
    if person_ids:
        await _erase_records(placeholders(len(person_ids)), *person_ids)


async def erase_left_records(group_id: UUID, since: datetime) -> None:
    """Do the same for everyone of a group, and for who left it at ``since`` or later."""
    people = """
        SELECT person_id FROM membership WHERE group_id = $1
        UNION SELECT person_id FROM former_member WHERE group_id = $1 AND left_at >= $2
    """
    await _erase_records(people, group_id, since)


async def _erase_records(people: str, *params: object) -> None:
    await fetch(unneeded_records(people), *params)


def unneeded_records(people: str) -> str:
    """Return the statement that erases the records of some people that nothing needs any more."""
    # It must stay one statement: a person may join between a look and a delete. Rows are locked
    # in the order of persons, as ``replace_records`` locks them, so that no two wait in a ring.
    lock = "" if dialect() == "sqlite" else "FOR UPDATE"
    return f"""
        DELETE FROM health_record WHERE id IN (
            SELECT id FROM health_record
            WHERE person_id IN ({people})
              AND NOT EXISTS (
                SELECT 1 FROM membership JOIN groups ON groups.id = membership.group_id
                WHERE membership.person_id = health_record.person_id
                  AND groups.dissolved_at IS NULL AND membership.withheld_at IS NULL
              )
            ORDER BY person_id {lock}
        )
    """
