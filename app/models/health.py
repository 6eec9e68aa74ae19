"""Health records: what the provider last said of each person.

A record is linked to its person by a random key. The columns that are judged and counted are
in the clear, so that SQL can count them; the rest is encrypted.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Final, TypedDict
from uuid import UUID

from tortoise import Model, fields

from app.domain.health import HealthCode, NucleicAcidTest, TestResult, Vaccination
from app.models.fields import encrypted_json, enum_field
from app.models.people import Person
from app.models.statements import dialect, fetch, placeholders


class StoredTest(TypedDict):
    """A test as an encrypted column holds it."""

    sampled_at: str
    tested_at: str | None
    result: str
    institution: str


class StoredVaccination(TypedDict):
    """A vaccination as an encrypted column holds it."""

    dose: int
    date: str
    manufacturer: str


class HealthRecord(Model):
    """What the provider last said of a person; ``as_of`` is when it was queried."""

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

    class Meta:
        table = "health_record"


def dump_test(test: NucleicAcidTest) -> StoredTest:
    """Return a test as an encrypted column holds it."""
    return {
        "sampled_at": test.sampled_at.isoformat(),
        "tested_at": test.tested_at.isoformat() if test.tested_at else None,
        "result": test.result,
        "institution": test.institution,
    }


def dump_vaccination(vaccination: Vaccination) -> StoredVaccination:
    """Return a vaccination as an encrypted column holds it."""
    return {
        "dose": vaccination.dose,
        "date": vaccination.date.isoformat(),
        "manufacturer": vaccination.manufacturer,
    }


def read_tests(stored: Iterable[StoredTest] | None) -> list[NucleicAcidTest]:
    """Return stored tests as they were; none for None."""
    return [
        NucleicAcidTest(
            sampled_at=datetime.fromisoformat(test["sampled_at"]),
            tested_at=datetime.fromisoformat(test["tested_at"]) if test["tested_at"] else None,
            result=TestResult(test["result"]),
            institution=test["institution"],
        )
        for test in stored or ()
    ]


def read_vaccinations(stored: Iterable[StoredVaccination] | None) -> list[Vaccination]:
    """Return stored vaccinations as they were; none for None."""
    return [
        Vaccination(dose["dose"], date.fromisoformat(dose["date"]), dose["manufacturer"])
        for dose in stored or ()
    ]


_COLUMNS: Final = (
    "id",
    "person_id",
    "health_code",
    "health_code_at",
    "newest_result",
    "newest_result_at",
    "newest_negative_at",
    "doses",
    "tests",
    "vaccinations",
    "as_of",
)
_REPLACED: Final = ", ".join(f"{column} = excluded.{column}" for column in _COLUMNS[2:])


async def replace_records(records: Sequence[HealthRecord]) -> None:
    """Store these records in one statement; one that is newer already stays.

    An answer requested earlier may arrive later: ``as_of`` decides, not the order of arrival.
    """
    # One statement for a batch. In the order of persons, so that no two of them wait in a ring.
    width = len(_COLUMNS)
    rows = ", ".join(
        f"({placeholders(width, start=index * width + 1)})" for index in range(len(records))
    )
    await fetch(
        f"INSERT INTO health_record ({', '.join(_COLUMNS)}) VALUES {rows}"
        f" ON CONFLICT (person_id) DO UPDATE SET {_REPLACED}"
        " WHERE health_record.as_of <= excluded.as_of",
        *(
            HealthRecord._meta.fields_map[column].to_db_value(getattr(record, column), record)
            for record in sorted(records, key=lambda record: str(record.person_id))
            for column in _COLUMNS
        ),
    )


async def erase_unneeded_records(person_ids: Collection[UUID]) -> None:
    """Erase the health records of those who are in no undissolved group any more (R8, R34)."""
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
    # It must stay one statement: a person may join between a look and a delete. Rows are locked
    # in the order of persons, as ``replace_records`` locks them, so that no two wait in a ring.
    lock = "" if dialect() == "sqlite" else "FOR UPDATE"
    await fetch(
        f"""
        DELETE FROM health_record WHERE id IN (
            SELECT id FROM health_record
            WHERE person_id IN ({people})
              AND NOT EXISTS (
                SELECT 1 FROM membership JOIN groups ON groups.id = membership.group_id
                WHERE membership.person_id = health_record.person_id
                  AND groups.dissolved_at IS NULL
              )
            ORDER BY person_id {lock}
        )
        """,
        *params,
    )
