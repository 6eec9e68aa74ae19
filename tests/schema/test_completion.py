"""Values that aren't as their type says: graphql-core says so, with or without functions."""

from datetime import UTC, datetime
from enum import Enum
from typing import Any

import pytest
import strawberry
from strawberry.schema.config import StrawberryConfig

from app.schema.completion import CompilingExecutor
from app.schema.scalars import SCALARS


@strawberry.enum
class Size(Enum):
    SMALL = "SMALL"


@strawberry.type
class Part:
    size: Size
    sizes: list[Size]
    count: int
    share: float
    name: str
    at: datetime
    maybe: str | None
    parts: list["Part"]

    @strawberry.field
    def doubled(self) -> int:
        """A field that is found on the row alone."""
        return self.count * 2


class Row:
    """A row whose attributes are told; reading another raises."""

    def __init__(self, **values: object) -> None:
        self.__dict__.update(values)


SOUND: dict[str, Any] = {
    "size": Size.SMALL,
    "sizes": [Size.SMALL],
    "count": 3,
    "share": 0.5,
    "name": "one",
    "at": datetime(2026, 1, 2, tzinfo=UTC),
    "maybe": None,
    "parts": [],
}
SURPRISES: dict[str, Any] = {
    "size": "LARGE",
    "sizes": ["SMALL", None],
    "count": 2**31,
    "share": "a half",
    "name": None,
    "at": SOUND["at"].replace(tzinfo=None),
    "maybe": object(),
    "parts": [None],
}
QUERY = """query($yes: Boolean!) { parts { ...Whole ... @include(if: $yes) { again: name }
    parts { name doubled __typename } } }
    fragment Whole on Part { size sizes count share name at maybe doubled }"""


async def answered(rows: object, *, compiled: bool, yes: bool = True) -> tuple[object, object]:
    async def read() -> Any:
        return rows

    field: Any = strawberry.field(read, graphql_type=list[Part] | None)

    @strawberry.type
    class Query:
        parts: list[Part] | None = field

    schema = strawberry.Schema(
        query=Query,
        execution_context_class=CompilingExecutor if compiled else None,
        config=StrawberryConfig(scalar_map=SCALARS),
    )
    result = await schema.execute(QUERY, {"yes": yes})
    return result.data, [error.formatted for error in result.errors or ()]


@pytest.mark.parametrize("yes", [True, False])
async def test_sound_rows_are_answered_alike(yes: bool) -> None:
    inner = Row(**SOUND)
    rows = [Row(**SOUND | {"parts": [inner, inner]}), Row(**SOUND | {"maybe": "there"})]
    data, errors = await answered(rows, compiled=True, yes=yes)
    assert (data, errors) == await answered(rows, compiled=False, yes=yes)
    assert data and not errors


@pytest.mark.parametrize("field", SURPRISES)
async def test_surprises_are_told_alike(field: str) -> None:
    rows = [Row(**SOUND), Row(**SOUND | {field: SURPRISES[field]})]
    data, errors = await answered(rows, compiled=True)
    assert (data, errors) == await answered(rows, compiled=False)
    assert errors, "graphql-core said what was wrong"


async def test_what_is_not_there_is_told_alike() -> None:
    missing = dict(SOUND)
    del missing["share"]
    for rows in ([Row(**missing)], "no list", 7, (), None):
        assert await answered(rows, compiled=True) == await answered(rows, compiled=False)
