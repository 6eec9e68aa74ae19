"""In which window a result lies, and what a group's statistics add up to (R36)."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.health import HealthCode
from app.domain.health import TestResult as Result
from app.domain.statistics import Tally, add_up, window_of, window_starts
from app.domain.statistics import TestWindow as Window

NOW: Final = datetime(2022, 9, 1, 8, 0, tzinfo=UTC)
TICK: Final = timedelta(microseconds=1)
HOUR: Final = timedelta(hours=1)


@pytest.mark.parametrize(
    ("hours", "window", "following"),
    [
        (24, Window.H24, Window.H48),
        (48, Window.H48, Window.H72),
        (72, Window.H72, Window.D7),
        (7 * 24, Window.D7, Window.OLDER),
    ],
)
def test_a_result_as_old_as_a_window_lies_in_the_next_one(
    hours: int, window: Window, following: Window
) -> None:  # R36, as R19 counts validity
    edge = NOW - hours * HOUR
    assert window_of(edge + TICK, NOW) is window
    assert window_of(edge, NOW) is following
    assert window_of(edge - TICK, NOW) is following


def test_a_result_of_now_is_in_the_shortest_window_and_none_is_in_none() -> None:  # R36
    assert window_of(NOW, NOW) is Window.H24
    assert window_of(None, NOW) is Window.NONE


@given(st.timedeltas(timedelta(0), timedelta(days=30)))
def test_the_starts_of_windows_say_the_same_as_the_window(age: timedelta) -> None:  # R36
    at = NOW - age
    inside = [window for window, start in window_starts(NOW) if at > start]
    assert window_of(at, NOW) is (inside[0] if inside else Window.OLDER)


tallies = st.builds(
    Tally,
    st.sampled_from(HealthCode),
    st.sampled_from(Window),
    st.none() | st.sampled_from(Result),
    st.integers(0, 4),
    st.integers(1, 500),
)


@given(st.lists(tallies, max_size=20))
def test_every_member_is_counted_once_by_code_by_test_and_by_doses(groups: list[Tally]) -> None:
    found = add_up(groups)  # R36
    assert found.total == sum(one.count for one in groups)
    for counts in (found.codes, found.tests, found.doses):
        assert sum(counts.values()) == found.total
    for one in groups:
        alike = [other for other in groups if other.health_code is one.health_code]
        assert found.codes[one.health_code] == sum(other.count for other in alike)


def test_members_alike_in_one_thing_are_added_up_there_alone() -> None:  # R36
    found = add_up(
        [
            Tally(HealthCode.GREEN, Window.H24, Result.NEGATIVE, 3, 7),
            Tally(HealthCode.GREEN, Window.OLDER, Result.POSITIVE, 2, 2),
            Tally(HealthCode.RED, Window.H24, Result.NEGATIVE, 2, 1),
        ]
    )
    assert found.total == 10
    assert found.codes == {HealthCode.GREEN: 9, HealthCode.RED: 1}
    assert found.tests == {
        (Window.H24, Result.NEGATIVE): 8,
        (Window.OLDER, Result.POSITIVE): 2,
    }
    assert found.doses == {3: 7, 2: 3}
