"""Columns of our own: what is encrypted comes back as it was, in its own column only."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from app.domain.health import HealthCode
from app.domain.health import TestResult as Result  # pytest would collect a class named Test…
from app.domain.identity import IdType
from app.models.database import database
from app.models.details import StoredTest
from app.models.fields import use_cipher
from app.models.health import HealthRecord
from app.models.people import Person
from app.models.statements import fetch
from app.ports.cipher import Cipher
from tests.support.in_process import SECRET

AT = datetime(2022, 9, 1, tzinfo=UTC)
NUMBER, NAME = "440103199001011234", "张三"
TEST: StoredTest = {
    "sampled_at": "2022-09-01T00:00:00+00:00",
    "tested_at": None,
    "result": "PENDING",
    "institution": "甲",
}


@pytest.fixture
async def person_id(database_url: str) -> AsyncIterator[UUID]:
    """A person in the database, which is open."""
    use_cipher(Cipher(SECRET))
    async with database(database_url):
        person = await Person.create(
            id=uuid4(), identity_hash=uuid4().hex, id_type=IdType.PASSPORT, id_number=NUMBER,
            name=NAME, created_at=AT,
        )  # fmt: skip
        yield person.id


async def a_record(person_id: UUID, result: Result | None) -> None:
    await HealthRecord.create(
        id=uuid4(), person_id=person_id, health_code=HealthCode.GREEN, newest_result=result,
        doses=0, tests=[TEST], vaccinations=[], as_of=AT,
    )  # fmt: skip


async def test_text_comes_back_and_is_not_what_is_stored(person_id: UUID) -> None:
    person = await Person.get(id=person_id)
    assert (person.id_number, person.name) == (NUMBER, NAME)
    [row] = await fetch("SELECT id_number, name FROM person WHERE id = $1", person_id)
    for stored, plain in zip(row.values(), (NUMBER, NAME), strict=True):
        assert isinstance(stored, bytes) and plain.encode() not in stored


async def test_what_was_moved_to_another_column_does_not_decrypt(person_id: UUID) -> None:
    await fetch("UPDATE person SET name = id_number WHERE id = $1", person_id)
    with pytest.raises(ValueError, match="can't be decrypted"):
        await Person.get(id=person_id)


async def test_what_was_moved_to_another_row_decrypts_there(person_id: UUID) -> None:
    """The table and the column bind a value, not the row."""
    other = await Person.create(
        id=uuid4(), identity_hash=uuid4().hex, id_type=IdType.PASSPORT, id_number="E1", name="李四",
        created_at=AT,
    )  # fmt: skip
    await fetch(
        "UPDATE person SET name = (SELECT name FROM person WHERE id = $1) WHERE id = $2",
        person_id,
        other.id,
    )
    assert (await Person.get(id=other.id)).name == NAME


@pytest.mark.parametrize("result", [Result.NEGATIVE, None])
async def test_json_and_enums_come_back(person_id: UUID, result: Result | None) -> None:
    await a_record(person_id, result)
    record = await HealthRecord.get(person_id=person_id)
    assert record.tests == [TEST] and record.vaccinations == []
    assert record.health_code is HealthCode.GREEN and record.newest_result is result
    [row] = await HealthRecord.filter(person_id=person_id).values("tests", "newest_result")
    assert row == {"tests": [TEST], "newest_result": result}
