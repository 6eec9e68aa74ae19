"""When a group is refreshed by itself: four times a day, or once while nobody looks after it."""

from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.activity import (
    ActivityState,
    activity_on,
    is_refresh_due,
    next_run_at,
    next_scheduled_at,
)
from app.domain.refresh import next_allowed_at

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
    group_id, visit = UUID(int=0), MIDNIGHT.date()  # its times are midnight, 6, 12 and 18, UTC
    now = MIDNIGHT + 6 * HOUR - timedelta(minutes=10)
    held = next_allowed_at(now, now)
    assert next_run_at(group_id, visit, SHANGHAI, now, now) == MIDNIGHT + 6 * HOUR
    assert next_run_at(group_id, visit, SHANGHAI, now, held) == MIDNIGHT + 12 * HOUR
    just = MIDNIGHT + 6 * HOUR - timedelta(minutes=30)
    held = next_allowed_at(just, just)
    assert next_run_at(group_id, visit, SHANGHAI, just, held) == MIDNIGHT + 6 * HOUR


def test_the_night_of_a_group_that_falls_inactive_at_midnight_is_not_promised() -> None:  # R27
    group_id, visit = UUID(int=0), date(2022, 9, 1)
    # Inactive from the 4th in Shanghai, which begins at 16:00 UTC of the 3rd: 18:00 is left out.
    evening = datetime(2022, 9, 3, 13, tzinfo=UTC)
    assert next_run_at(group_id, visit, SHANGHAI, evening, evening) == datetime(
        2022, 9, 4, tzinfo=UTC
    )
    assert next_run_at(group_id, date(2022, 9, 2), SHANGHAI, evening, evening) == datetime(
        2022, 9, 3, 18, tzinfo=UTC
    )


@given(
    ids,
    moments,
    st.integers(0, 5),
    st.timedeltas(timedelta(0), timedelta(hours=30)),
    st.sampled_from([SHANGHAI, ZoneInfo("America/New_York")]),
)
def test_a_run_begins_when_it_is_promised_and_not_before(  # R24, R25, R27
    group_id: UUID, now: datetime, days: int, since: timedelta, zone: ZoneInfo
) -> None:
    visit = (now - timedelta(days=days)).astimezone(zone).date()
    started_at = now - since
    promised = next_run_at(group_id, visit, zone, now, next_allowed_at(started_at, now))
    at = next_scheduled_at(group_id, ACTIVE, now)
    while not (
        is_refresh_due(group_id, activity_on(at.astimezone(zone).date(), visit), at - TICK, at)
        and next_allowed_at(started_at, at) <= at
    ):
        at = next_scheduled_at(group_id, ACTIVE, at)
    assert promised == at
