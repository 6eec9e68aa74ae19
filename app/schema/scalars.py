"""Scalars of our own: times and dates, each in the one shape that its specification fixes."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Final

from strawberry.exceptions import StrawberryInputCoercionError
from strawberry.types.scalar import ScalarDefinition

from app.domain.times import read_time, write_time

_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _reader(read: Callable[[object], object], expected: str) -> Callable[[object], object]:
    """Return ``read``, whose ``ValueError`` becomes an error of the request."""

    def parse(value: object) -> object:
        try:
            return read(value)
        except ValueError:
            raise StrawberryInputCoercionError(f"Expected {expected}.") from None

    return parse


def _read_date(value: object) -> dt.date:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise ValueError("not a date")
    return dt.date.fromisoformat(value)


DATE_TIME: Final = ScalarDefinition(
    name="DateTime",
    description="A moment, by RFC 3339: in UTC, with milliseconds and Z, such as "
    "2022-09-01T08:00:00.000Z. Any other zone and fraction is read, too.",
    specified_by_url="https://scalars.graphql.org/andimarek/date-time.html",
    serialize=write_time,
    parse_value=_reader(read_time, "a time with its zone, such as 2022-09-01T08:00:00.000Z"),
    parse_literal=None,
    origin=dt.datetime,
)
DATE: Final = ScalarDefinition(
    name="Date",
    description="A day, by ISO 8601, such as 2022-09-01; today is that of the configured zone.",
    specified_by_url="https://scalars.graphql.org/andimarek/local-date.html",
    serialize=dt.date.isoformat,
    parse_value=_reader(_read_date, "a date such as 2022-09-01"),
    parse_literal=None,
    origin=dt.date,
)
SCALARS: Final[dict[object, ScalarDefinition]] = {dt.datetime: DATE_TIME, dt.date: DATE}
