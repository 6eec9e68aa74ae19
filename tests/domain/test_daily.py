"""At a time of the day: when next, whose turn it is, and what is made up for (R30)."""

from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.daily import EVERY_DAY, DailyTime, Weekday, read_minute, write_minute
from app.domain.refusals import Refusal

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
BERLIN: Final = ZoneInfo("Europe/Berlin")  # whose clocks are put forward and back
TICK: Final = timedelta(microseconds=1)
moments = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2022, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
times = st.builds(
    DailyTime,
    st.integers(0, 24 * 60 - 1),
    st.sets(st.sampled_from(Weekday), min_size=1).map(tuple),
    st.sampled_from([SHANGHAI, BERLIN]),
)


def local(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2022, 9, day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


MORNING: Final = DailyTime(8 * 60, (Weekday.THURSDAY, Weekday.FRIDAY), SHANGHAI)  # 1 and 2


def test_it_comes_on_its_days_and_once() -> None:
    assert MORNING.next_after(local(1, 7)) == local(1, 8)
    assert MORNING.next_after(local(1, 8)) == local(2, 8)
    assert MORNING.next_after(local(2, 9)) == local(8, 8)
    assert MORNING.turn_of(local(1, 8) - TICK, None) is None
    assert MORNING.turn_of(local(1, 8), None) == date(2022, 9, 1)
    assert MORNING.turn_of(local(1, 8, 1), date(2022, 9, 1)) is None
    assert MORNING.turn_of(local(3, 8), date(2022, 9, 2)) is None


def test_what_was_missed_is_made_up_for_the_same_day_within_four_hours() -> None:
    assert MORNING.turn_of(local(1, 12) - TICK, None) == date(2022, 9, 1)
    assert MORNING.turn_of(local(1, 12), None) is None
    late = DailyTime(23 * 60, EVERY_DAY, SHANGHAI)
    assert late.turn_of(local(2, 0) - TICK, None) == date(2022, 9, 1)
    assert late.turn_of(local(2, 0), None) is None


def test_what_is_past_when_it_is_chosen_waits_for_another_day() -> None:
    at_nine = MORNING.settled_on(local(1, 9), None)
    assert MORNING.turn_of(local(1, 9, 1), at_nine) is None
    assert MORNING.turn_of(local(2, 8), at_nine) == date(2022, 9, 2)
    at_seven = MORNING.settled_on(local(1, 7), None)
    assert MORNING.turn_of(local(1, 8), at_seven) == date(2022, 9, 1)


@given(times, moments)
def test_the_next_is_the_first_and_it_is_its_turn_then(chosen: DailyTime, now: datetime) -> None:
    at = chosen.next_after(now)
    assert now < at <= now + timedelta(days=8, hours=1)
    assert chosen.next_after(at - TICK) == at
    assert chosen.turn_of(at, None) == at.astimezone(chosen.zone).date()
    assert EVERY_DAY[at.astimezone(chosen.zone).weekday()] in chosen.weekdays


@given(times, moments, st.lists(st.integers(1, 40 * 60), max_size=40))
def test_however_it_is_looked_at_a_day_has_one_turn_and_no_two_come_together(
    chosen: DailyTime, now: datetime, gaps: list[int]
) -> None:
    last, turns = chosen.settled_on(now, None), []
    for gap in gaps:  # minutes: outages of up to a day and a half
        now += timedelta(minutes=gap)
        day = chosen.turn_of(now, last)
        if day is not None:
            turns.append(day)
            last = day
    assert turns == sorted(set(turns))


@given(st.integers(0, 24 * 60 - 1))
def test_a_time_is_read_as_it_is_written(minute: int) -> None:
    assert read_minute(write_minute(minute)) == minute


@pytest.mark.parametrize("text", ["", "8:30", "24:00", "08:60", "08.30", "08:30:00", "٠٨:٣٠"])
def test_no_other_text_is_a_time(text: str) -> None:
    with pytest.raises(Refusal):
        read_minute(text)
