"""Windows of a test's age, and adding up (R36)."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.health import HealthCode
from app.domain.health import TestResult as Result
from app.domain.statistics import WINDOWS, Tally, add_up, window_of, window_starts
from app.domain.statistics import TestWindow as Window

NOW: Final = datetime(2022, 9, 1, 8, 30, 15, 250_000, tzinfo=UTC)
TICK: Final = timedelta(microseconds=1)
LENGTHS: Final = {"H24": 24, "H48": 48, "H72": 72, "D7": 168}  # hours
SHORT_TO_LONG: Final = ["H24", "H48", "H72", "D7", "OLDER"]

# Ages within and at the ends of every window, a future one among them.
ages = st.timedeltas(timedelta(hours=-1), timedelta(days=9)) | st.builds(
    lambda hours, ticks: timedelta(hours=hours, microseconds=ticks),
    st.sampled_from(list(LENGTHS.values())),
    st.integers(-1, 1),
)
tallies = st.builds(
    Tally,
    st.sampled_from(HealthCode),
    st.sampled_from(Window),
    st.none() | st.sampled_from(Result),
    st.integers(0, 5),
    st.integers(1, 500),
)


@pytest.mark.parametrize(("window", "hours"), LENGTHS.items())
def test_at_exactly_its_length_a_window_is_over(window: str, hours: int) -> None:  # R19, R36
    at = NOW - timedelta(hours=hours)
    longer = SHORT_TO_LONG[SHORT_TO_LONG.index(window) + 1]
    found = [window_of(at + by, NOW) for by in (TICK, timedelta(), -TICK)]
    assert found == [window, longer, longer]


def test_no_result_is_in_the_window_of_none() -> None:  # R36
    assert window_of(None, NOW) is Window.NONE


@given(ages)
def test_every_age_is_in_the_one_window_that_holds_it(age: timedelta) -> None:  # R36
    expected = next(
        (window for window, hours in LENGTHS.items() if age < timedelta(hours=hours)), "OLDER"
    )
    assert window_of(NOW - age, NOW) == expected


@given(ages)
def test_a_window_agrees_with_where_it_starts(age: timedelta) -> None:  # R36
    at = NOW - age
    starts = dict(window_starts(NOW))
    inside = {window for window, start in starts.items() if at > start}
    window = window_of(at, NOW)
    # It and every longer one, as the database is asked.
    index = SHORT_TO_LONG.index(window)
    assert inside == set(SHORT_TO_LONG[index:-1])
    assert list(starts) == [window for window, _ in WINDOWS] == SHORT_TO_LONG[:-1]


@given(ages, ages)
def test_an_older_result_is_never_in_a_shorter_window(one: timedelta, other: timedelta) -> None:
    younger, older = sorted([one, other])  # R36
    windows = [SHORT_TO_LONG.index(window_of(NOW - age, NOW)) for age in (younger, older)]
    assert windows == sorted(windows)


@given(ages, st.timedeltas(timedelta(), timedelta(days=2)))
def test_a_window_depends_on_the_age_alone(age: timedelta, later: timedelta) -> None:  # R36
    assert window_of(NOW - age, NOW) is window_of(NOW + later - age, NOW + later)


@given(st.lists(tallies, max_size=20))
def test_everyone_is_counted_once_in_each_table(groups: list[Tally]) -> None:  # R36
    found = add_up(groups)
    assert found.total == sum(one.count for one in groups)
    for table in (found.codes, found.tests, found.doses):
        assert sum(table.values()) == found.total
    expected: Counter[HealthCode] = Counter()
    for one in groups:
        expected[one.health_code] += one.count
    assert found.codes == expected


@given(st.lists(tallies, max_size=10), st.lists(tallies, max_size=10))
def test_counts_of_two_parts_add_up_to_those_of_the_whole(
    one: list[Tally], other: list[Tally]
) -> None:  # R36
    whole, parts = add_up(one + other), (add_up(one), add_up(other))
    assert whole.tests == parts[0].tests + parts[1].tests
    assert whole.doses == parts[0].doses + parts[1].doses
    assert whole.total == parts[0].total + parts[1].total
