"""The scalars: specified, written in one shape, read leniently."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from graphql import GraphQLError, GraphQLScalarType, is_specified_scalar_type

from app.schema import build_schema

TYPES = build_schema()._schema.type_map
MORNING = datetime(2022, 9, 1, 8, tzinfo=UTC)


def scalar(name: str) -> GraphQLScalarType:
    found = TYPES[name]
    assert isinstance(found, GraphQLScalarType)
    return found


def test_each_scalar_of_our_own_names_its_specification() -> None:
    own = {
        name: kind.specified_by_url
        for name, kind in TYPES.items()
        if isinstance(kind, GraphQLScalarType) and not is_specified_scalar_type(kind)
    }
    assert own == {
        "Date": "https://scalars.graphql.org/andimarek/local-date.html",
        "DateTime": "https://scalars.graphql.org/andimarek/date-time.html",
    }


@pytest.mark.parametrize(
    "written",
    [
        "2022-09-01T08:00:00.000Z",
        "2022-09-01T08:00:00Z",
        "2022-09-01t08:00:00.000000000z",
        "2022-09-01T16:00:00+08:00",
        "2022-09-01 05:00:00.0-03:00",
    ],
)
def test_a_moment_is_read_however_rfc_3339_lets_it_be_written(written: str) -> None:
    assert scalar("DateTime").parse_value(written) == MORNING


@pytest.mark.parametrize(
    "written", ["2022-09-01T08:00:00", "2022-09-01", "8 o'clock", "", 1662019200, True, {}]
)
def test_what_is_no_moment_is_refused(written: Any) -> None:
    with pytest.raises(GraphQLError, match="Expected a time with its zone"):
        scalar("DateTime").parse_value(written)


@pytest.mark.parametrize(
    "written", ["2022-09-31", "20220901", "2022-W35-4", "2022-9-1", "２０２２-09-01", "", 20220901]
)
def test_what_is_no_date_is_refused(written: Any) -> None:
    assert scalar("Date").parse_value("2022-09-01") == date(2022, 9, 1)
    with pytest.raises(GraphQLError, match="Expected a date such as 2022-09-01"):
        scalar("Date").parse_value(written)
