"""Statements made once: their values found again, shared, and no table joined in vain."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID

import pytest

from app.models.database import database
from app.models.members import Membership
from app.models.shapes import Shape

GROUP, PERSON = UUID(int=0), UUID(int=1)
LATER = datetime(2026, 11, 26, tzinfo=UTC)


@pytest.fixture
async def opened(database_url: str) -> AsyncIterator[str]:
    async with database(database_url):
        yield "sqlite" if database_url.startswith("sqlite") else "postgres"


async def test_values_are_found_again_and_numbered_once(opened: str) -> None:
    query = Membership.filter(group_id=GROUP, id__not=GROUP, joined_at__gt=LATER, student=True)
    shape = Shape.of(query.values("id"), [GROUP, LATER])
    mark = "?" if opened == "sqlite" else "$"
    assert shape.sql.count(f"{mark}1") == 2 and f"{mark}4" not in shape.sql
    given = shape.filled([PERSON, "later"])
    assert given.count(PERSON) == 1 and "later" in given and True in given and len(given) == 3


async def test_what_looks_alike_and_is_of_another_type_is_no_shared_value(opened: str) -> None:
    query = Membership.filter(student=True, person__record__doses=1, group_id=GROUP)
    assert len(Shape.of(query.values("id"), [GROUP]).filled([PERSON])) == 3


async def test_a_table_that_is_only_passed_through_is_not_joined(opened: str) -> None:
    query = Membership.filter(group_id=GROUP, person__record__doses=2)
    assert '"person"' not in Shape.of(query.values("id"), [GROUP]).sql
    named = Shape.of(query.values("id", "person__name"), [GROUP]).sql
    assert '"person"' in named and '"health_record"' in named
