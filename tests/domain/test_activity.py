"""When a group is active, and when it is refreshed by itself (R24, R27)."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.activity import ActivityState, activity_on, next_scheduled_at

ACTIVE, INACTIVE = ActivityState.ACTIVE, ActivityState.INACTIVE
EVERY: Final = {ACTIVE: timedelta(hours=6), INACTIVE: timedelta(hours=24)}
FIRST: Final = date(2022, 9, 1)
NOW: Final = datetime(2022, 9, 1, 8, 30, 15, 250_000, tzinfo=UTC)

ids = st.uuids()
states = st.sampled_from(ActivityState)
MINUTE: Final = timedelta(minutes=1)
# Any moment, and many on the minute, where schedules of small ids lie.
moments = st.integers(0, 10**14).map(
    lambda number: datetime(2022, 1, 1, tzinfo=UTC) + number * timedelta(microseconds=1)
) | st.integers(0, 10**6).map(lambda minutes: datetime(2022, 1, 1, tzinfo=UTC) + minutes * MINUTE)


@pytest.mark.parametrize(
    ("day", "state"),
    [(1, ACTIVE), (2, ACTIVE), (3, ACTIVE), (4, INACTIVE), (5, INACTIVE), (30, INACTIVE)],
)
def test_refreshed_on_the_first_a_group_is_inactive_from_the_fourth(  # R27
    day: int, state: ActivityState
) -> None:
    assert activity_on(FIRST.replace(day=day), FIRST) is state


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 400))
def test_two_whole_days_without_a_visit_make_a_group_inactive(visit: date, away: int) -> None:
    whole_days_between = max(away - 1, 0)  # R27
    expected = INACTIVE if whole_days_between >= 2 else ACTIVE
    assert activity_on(visit + timedelta(days=away), visit) is expected


@given(ids, states, moments)
def test_the_next_time_is_ahead_and_no_further_than_the_interval(  # R24
    group_id: UUID, state: ActivityState, now: datetime
) -> None:
    ahead = next_scheduled_at(group_id, state, now) - now
    assert timedelta() < ahead <= EVERY[state]


@given(ids, states, moments)
def test_asked_at_the_very_time_the_next_one_is_answered(  # R24
    group_id: UUID, state: ActivityState, now: datetime
) -> None:
    at = next_scheduled_at(group_id, state, now)
    assert next_scheduled_at(group_id, state, at) == at + EVERY[state]
    assert next_scheduled_at(group_id, state, at - timedelta(microseconds=1)) == at


@given(ids, states, moments, st.timedeltas(timedelta(), timedelta(days=9)))
def test_the_schedule_is_the_same_wherever_one_asks_from(  # R24
    group_id: UUID, state: ActivityState, now: datetime, later: timedelta
) -> None:
    at = next_scheduled_at(group_id, state, now)
    other = next_scheduled_at(group_id, state, now + later)
    assert (other - at) % EVERY[state] == timedelta()
    steps = []
    while at < now + later:
        steps.append(at)
        at = next_scheduled_at(group_id, state, at)
    assert other in (at, at + EVERY[state])  # the latter if it was asked for at the very time
    assert all(now < step < now + later for step in steps)


@given(ids, moments)
def test_an_inactive_groups_time_is_one_of_its_active_ones(  # R24
    group_id: UUID, now: datetime
) -> None:
    daily = next_scheduled_at(group_id, INACTIVE, now)
    at = now
    active = [at := next_scheduled_at(group_id, ACTIVE, at) for _ in range(4)]
    assert daily in active
    assert active[-1] - now <= timedelta(hours=24)  # four times within a day


@given(states, moments)
def test_the_groups_are_spread_evenly_over_the_interval(  # R24
    state: ActivityState, now: datetime
) -> None:
    # Ids one after another lie a second apart; so many of them that each hour has its share.
    seconds = int(EVERY[INACTIVE].total_seconds())
    step = 60
    hours = Counter(
        (next_scheduled_at(UUID(int=number), state, now) - now) // timedelta(hours=1)
        for number in range(0, seconds, step)
    )
    share = seconds / step / (EVERY[state] / timedelta(hours=1))
    assert set(hours) <= set(range(int(EVERY[state] / timedelta(hours=1)) + 1))
    for hour in range(int(EVERY[state] / timedelta(hours=1))):
        assert abs(hours[hour] - share) <= 4


def test_random_ids_are_spread_too() -> None:  # R24
    from random import Random

    random = Random(20220901)
    people = 24_000
    hours = Counter(
        (next_scheduled_at(UUID(int=random.getrandbits(128)), INACTIVE, NOW) - NOW)
        // timedelta(hours=1)
        for _ in range(people)
    )
    assert set(hours) == set(range(24))
    assert all(800 <= count <= 1200 for count in hours.values())  # a thousand each, give or take
