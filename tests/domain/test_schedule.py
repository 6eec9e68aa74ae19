"""When a group is refreshed by itself: four times a day, or once while nobody looks after it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.activity import (
    ActivityState,
    Schedule,
    activity_on,
    next_scheduled_at,
)

ACTIVE, INACTIVE = ActivityState.ACTIVE, ActivityState.INACTIVE
HOUR: Final = timedelta(hours=1)
SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
TICK: Final = timedelta(microseconds=1)
MIDNIGHT: Final = datetime(2022, 9, 1, tzinfo=UTC)
ids = st.uuids()
moments = st.timedeltas(timedelta(0), timedelta(days=700)).map(lambda since: MIDNIGHT + since)


def times(group_id: UUID, state: ActivityState, after: datetime, count: int) -> list[datetime]:
    """The next times, one after the other."""
    found: list[datetime] = []
    for _ in range(count):
        after = next_scheduled_at(group_id, state, after)
        found.append(after)
    return found


@pytest.mark.parametrize(
    ("visit", "today", "state"),
    [
        (1, 1, ACTIVE),
        (1, 2, ACTIVE),
        (1, 3, ACTIVE),
        (1, 4, INACTIVE),
        (1, 30, INACTIVE),
        (2, 1, ACTIVE),  # a visit in a zone where it is tomorrow already
    ],
)
def test_two_whole_days_without_a_refresh_by_hand_make_a_group_inactive(
    visit: int, today: int, state: ActivityState
) -> None:  # R27
    assert activity_on(date(2022, 9, today), date(2022, 9, visit)) is state


def test_groups_start_at_their_own_second_of_the_day() -> None:  # R24
    at = next_scheduled_at(UUID(int=0), INACTIVE, MIDNIGHT - TICK)
    assert at == MIDNIGHT
    assert next_scheduled_at(UUID(int=3661), INACTIVE, MIDNIGHT) == MIDNIGHT + timedelta(
        hours=1, minutes=1, seconds=1
    )
    last = UUID(int=24 * 3600 - 1)
    assert next_scheduled_at(last, INACTIVE, MIDNIGHT) == MIDNIGHT + 24 * HOUR - timedelta(
        seconds=1
    )
    assert next_scheduled_at(UUID(int=24 * 3600), INACTIVE, MIDNIGHT - TICK) == MIDNIGHT


def test_a_group_whose_time_it_is_just_now_waits_for_the_next() -> None:  # R24
    assert next_scheduled_at(UUID(int=0), ACTIVE, MIDNIGHT) == MIDNIGHT + 6 * HOUR
    assert next_scheduled_at(UUID(int=0), INACTIVE, MIDNIGHT) == MIDNIGHT + 24 * HOUR


@given(ids, moments, st.sampled_from([(ACTIVE, 6 * HOUR), (INACTIVE, 24 * HOUR)]))
def test_the_next_time_is_ahead_and_never_further_than_one_turn(
    group_id: UUID, now: datetime, turn: tuple[ActivityState, timedelta]
) -> None:  # R24
    state, every = turn
    at = next_scheduled_at(group_id, state, now)
    assert now < at <= now + every
    assert next_scheduled_at(group_id, state, at - TICK) == at
    assert times(group_id, state, at, 3) == [at + every, at + 2 * every, at + 3 * every]


@given(ids, moments)
def test_an_inactive_group_keeps_one_of_its_four_times(group_id: UUID, now: datetime) -> None:
    # R24: whoever comes back to a group finds it at the times it always had
    four = times(group_id, ACTIVE, now, 4)
    assert next_scheduled_at(group_id, INACTIVE, now) in four


def test_groups_are_spread_over_the_whole_day() -> None:  # R24: not all at midnight
    groups = [
        UUID(int=number * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128) for number in range(960)
    ]
    an_hour = [0] * 24
    for group_id in groups:
        an_hour[next_scheduled_at(group_id, INACTIVE, MIDNIGHT).hour] += 1
    assert min(an_hour) >= 20 and max(an_hour) <= 60  # 40 each, if it were quite even


def test_a_time_within_the_half_hour_of_a_run_is_not_promised() -> None:  # R25
    # Its times are midnight, 6, 12 and 18, UTC.
    schedule = Schedule(UUID(int=0), MIDNIGHT.date(), SHANGHAI)
    now = MIDNIGHT + 6 * HOUR - timedelta(minutes=10)
    assert schedule.next_run(now, None) == MIDNIGHT + 6 * HOUR
    assert schedule.next_run(now, now) == MIDNIGHT + 12 * HOUR
    just = MIDNIGHT + 6 * HOUR - timedelta(minutes=30)
    assert schedule.next_run(just, just) == MIDNIGHT + 6 * HOUR
    assert schedule.next_run(just, just + TICK) == MIDNIGHT + 12 * HOUR


def test_the_night_of_a_group_that_falls_inactive_at_midnight_is_not_promised() -> None:  # R27
    # Inactive from the 4th in Shanghai, which begins at 16:00 UTC of the 3rd: 18:00 is left out.
    evening = datetime(2022, 9, 3, 13, tzinfo=UTC)
    first, second = (Schedule(UUID(int=0), date(2022, 9, day), SHANGHAI) for day in (1, 2))
    assert first.next_run(evening, None) == datetime(2022, 9, 4, tzinfo=UTC)
    assert second.next_run(evening, None) == datetime(2022, 9, 3, 18, tzinfo=UTC)


schedules = st.builds(
    lambda group_id, now, days, zone: (
        now,
        Schedule(group_id, (now - timedelta(days=days)).astimezone(zone).date(), zone),
    ),
    ids,
    moments,
    st.integers(0, 5),
    st.sampled_from([SHANGHAI, ZoneInfo("America/New_York")]),
)


@given(schedules, st.timedeltas(timedelta(0), timedelta(hours=30)))
def test_the_run_that_is_promised_is_the_first_that_is_not_held_back(  # R24, R25, R27
    drawn: tuple[datetime, Schedule], since: timedelta
) -> None:
    now, schedule = drawn
    started_at = now - since
    at = next_scheduled_at(schedule.group_id, ACTIVE, now)
    while not (
        started_at + timedelta(minutes=30) <= at
        and times(schedule.group_id, schedule.activity_at(at), at - TICK, 1) == [at]
    ):
        at = next_scheduled_at(schedule.group_id, ACTIVE, at)
    assert schedule.next_run(now, started_at) == at


@given(schedules, st.timedeltas(timedelta(0), timedelta(days=9)))
def test_one_run_makes_up_for_all_that_were_missed(  # R24
    drawn: tuple[datetime, Schedule], away: timedelta
) -> None:
    now, schedule = drawn
    begun = schedule.next_run(now, now) + away
    # One makes up for all that were missed: the next is ahead, and no sooner than in half an hour.
    assert schedule.next_run(begun, begun) >= begun + timedelta(minutes=30)


@given(schedules, st.integers(0, 5))
def test_a_visit_brings_the_next_time_forward_and_never_back(  # R27
    drawn: tuple[datetime, Schedule], days: int
) -> None:
    now, schedule = drawn
    visited = replace(schedule, last_visit=schedule.last_visit + timedelta(days=days))
    assert visited.next_time(now) <= schedule.next_time(now)
