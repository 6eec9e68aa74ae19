"""Times as they are written: one shape, in their order (RFC 3339 is read in test_answers)."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.times import read_time, to_milliseconds, write_time

SHAPE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
TIMES = st.datetimes(
    datetime(1900, 1, 2),  # noqa: DTZ001 - the zone is drawn, too
    datetime(9000, 1, 1),  # noqa: DTZ001
    timezones=OFFSETS,
)


@given(TIMES)
def test_a_time_is_written_in_utc_with_milliseconds(at: datetime) -> None:
    written = write_time(at)
    assert SHAPE.fullmatch(written)
    assert read_time(written) == to_milliseconds(at)
    assert at - timedelta(milliseconds=1) < to_milliseconds(at) <= at


@given(TIMES, TIMES)
def test_times_stay_in_their_order(one: datetime, other: datetime) -> None:
    earlier, later = sorted((one, other))
    assert write_time(earlier) <= write_time(later)


def test_nothing_is_rounded_up() -> None:
    at = datetime(2022, 8, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    assert write_time(at) == "2022-08-31T23:59:59.999Z"


def test_a_time_without_a_zone_is_not_written() -> None:
    with pytest.raises(ValueError, match="zone"):
        write_time(datetime(2022, 9, 1))  # noqa: DTZ001
