"""Statements that are made once: each key stands where it was meant to, for any columns."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from tortoise.queryset import QuerySet

from app.domain.identity import IdType
from app.models.database import database
from app.models.fields import use_cipher
from app.models.people import Person
from app.models.reading import Statement
from app.ports.cipher import Cipher
from tests.support.in_process import SECRET

AT = datetime(2022, 9, 1, tzinfo=UTC)


@pytest.fixture
async def person_ids(database_url: str) -> AsyncIterator[list[UUID]]:
    """Two people in the database, which is open."""
    use_cipher(Cipher(SECRET))
    async with database(database_url):
        people = [
            await Person.create(
                id=uuid4(), identity_hash=uuid4().hex, id_type=IdType.PASSPORT, id_number=name,
                name=name, created_at=AT,
            )
            for name in ("张三", "李四")
        ]  # fmt: skip
        yield [person.id for person in people]


async def test_a_statement_serves_other_keys_and_other_columns(person_ids: list[UUID]) -> None:
    first, second = person_ids
    made: list[tuple[UUID, UUID]] = []

    def but_not(wanted: UUID, unwanted: UUID) -> QuerySet[Person]:
        made.append((wanted, unwanted))
        return Person.exclude(id=unwanted).filter(id=wanted)

    statement = Statement(but_not)
    for _ in range(2):
        assert await statement.read({"name": "name"}, first, second) == [{"name": "张三"}]
        assert await statement.read({"called": "name"}, second, first) == [{"called": "李四"}]
        assert await statement.read({"name": "name"}, first, first) == []
    assert len(made) == 2


async def test_what_is_no_key_stays_as_it_was_when_the_statement_was_made(
    person_ids: list[UUID],
) -> None:
    names = iter(["李四", "张三"])  # asked for once
    hashes = {"张三": "one", "李四": "other"}
    for person_id, value in zip(person_ids, hashes.values(), strict=True):
        await Person.filter(id=person_id).update(identity_hash=value)
    hashed = Statement(lambda key: Person.filter(id=key, identity_hash=hashes[next(names)]))
    assert await hashed.read({"name": "name"}, person_ids[0]) == []
    assert await hashed.read({"name": "name"}, person_ids[1]) == [{"name": "李四"}]
