"""Raw statements: their rows have the same types whatever the database."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError

from app.models.database import database
from app.models.due import DueWork, WorkKind
from app.models.statements import fetch, fetch_as, fetch_value, placeholders

AT = datetime(2022, 9, 1, 8, 0, 0, 250, tzinfo=UTC)
COLUMNS = "key, kind, subject_id, due_at, attempts, stamp"


@dataclass(frozen=True, slots=True)
class Work:
    kind: WorkKind
    subject_id: UUID
    due_at: datetime
    attempts: int
    last_at: datetime | None


@pytest.fixture
async def opened(database_url: str) -> AsyncIterator[None]:
    async with database(database_url):
        await DueWork.all().delete()
        yield


async def a_work(subject_id: UUID) -> None:
    await fetch(
        f"INSERT INTO due_work ({COLUMNS}) VALUES ({placeholders(6)})",
        str(subject_id),
        WorkKind.JUDGE_GROUP,
        subject_id,
        AT,
        3,
        uuid4(),
    )


async def test_rows_come_as_their_class_says(opened: None) -> None:
    subject_id = uuid4()
    await a_work(subject_id)
    sql = f"SELECT {COLUMNS}, NULL AS last_at FROM due_work WHERE subject_id = $1"
    [work] = await fetch_as(Work, sql, subject_id)
    assert work == Work(WorkKind.JUDGE_GROUP, subject_id, AT, 3, None)
    assert work.due_at.utcoffset() == timedelta()
    assert await fetch_as(Work, sql, uuid4()) == []


async def test_a_value_comes_as_its_type_or_not_at_all(opened: None) -> None:
    newest = "SELECT MAX(due_at) FROM due_work"
    assert await fetch_value(datetime, newest) is None
    assert await fetch_value(datetime, "SELECT due_at FROM due_work") is None
    await a_work(uuid4())
    assert await fetch_value(datetime, newest) == AT
    assert await fetch_value(int, "SELECT count(*) FROM due_work") == 1


async def test_what_the_types_do_not_allow_is_an_error(opened: None) -> None:
    await a_work(uuid4())
    with pytest.raises(ValidationError):
        await fetch_value(int, "SELECT kind FROM due_work")
    with pytest.raises(ValidationError):
        await fetch_as(Work, "SELECT kind FROM due_work")
    with pytest.raises(ValueError, match="unpack"):
        await fetch_value(int, "SELECT attempts, attempts + 1 AS more FROM due_work")
