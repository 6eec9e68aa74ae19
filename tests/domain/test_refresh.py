"""How a refresh ends, and when the next one may start (R25)."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.refresh import OPEN_STATES, RefreshStatus, ended_as, next_allowed_at, time_to_query

NOW: Final = datetime(2022, 9, 1, 8, 0, tzinfo=UTC)
INTERVAL: Final = timedelta(minutes=30)
TICK: Final = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("total", "missing", "answered", "status"),
    [
        (1, 0, 1, "DONE"),
        (500, 0, 500, "DONE"),
        (500, 1, 500, "PARTLY_DONE"),
        (500, 1, 499, "PARTLY_DONE"),
        (500, 499, 1, "PARTLY_DONE"),
        (500, 500, 400, "PARTLY_DONE"),
        (500, 500, 500, "DONE"),  # the provider knows nobody, and says so
        (1, 1, 1, "DONE"),
        (500, 500, 0, "FAILED"),
        (1, 1, 0, "FAILED"),
        (0, 0, 0, "DONE"),  # everyone left meanwhile: nobody is missing
    ],
)
def test_a_run_is_done_partly_done_or_failed(  # R25
    total: int, missing: int, answered: int, status: str
) -> None:
    assert ended_as(total, missing, answered) == status


_people = st.integers(0, 500).flatmap(
    lambda total: st.tuples(st.just(total), st.integers(0, total), st.integers(0, total))
)


@given(_people)
@example((int("500"), int("500"), int("500")))  # equal, and not the same object
def test_however_it_ends_a_run_has_ended_and_fails_only_without_an_answer(  # R25
    people: tuple[int, int, int],
) -> None:
    total, missing, answered = people
    missing = max(missing, total - answered)  # who isn't answered about is missing
    status = ended_as(total, missing, answered)
    assert status.ended
    assert (status is RefreshStatus.DONE) == (missing == 0 or missing == answered == total)
    assert (status is RefreshStatus.FAILED) == (answered == 0 < total)


def test_a_run_that_waits_or_goes_on_has_not_ended() -> None:  # R26
    going_on = {status for status in RefreshStatus if not status.ended}
    assert going_on == {RefreshStatus.QUEUED, RefreshStatus.RUNNING}


def test_a_group_never_refreshed_may_be_refreshed_now() -> None:  # R25
    assert next_allowed_at(None, NOW) == NOW


@pytest.mark.parametrize("ago", [timedelta(0), TICK, INTERVAL - TICK])
def test_the_next_run_waits_until_30_minutes_after_the_last_ones_start(  # R25
    ago: timedelta,
) -> None:
    assert next_allowed_at(NOW - ago, NOW) == NOW - ago + INTERVAL


@pytest.mark.parametrize("ago", [INTERVAL, INTERVAL + TICK, timedelta(days=3)])
def test_after_30_minutes_the_next_run_may_start_now(ago: timedelta) -> None:  # R25
    assert next_allowed_at(NOW - ago, NOW) == NOW


@pytest.mark.parametrize("ahead", [INTERVAL + TICK, timedelta(days=1), timedelta(days=365)])
def test_a_run_of_a_clock_that_was_ahead_holds_up_nobody(ahead: timedelta) -> None:  # R25
    assert next_allowed_at(NOW + ahead, NOW) == NOW


def test_a_run_stops_querying_a_minute_before_its_deadline() -> None:  # R25
    assert time_to_query(NOW, NOW) == timedelta(minutes=29)
    assert time_to_query(NOW, NOW + timedelta(minutes=29)) == timedelta()
    assert time_to_query(NOW, NOW + timedelta(hours=1)) < timedelta()


def test_a_run_is_open_or_it_has_ended() -> None:  # R25
    assert {status for status in RefreshStatus if status.ended} == {"DONE", "PARTLY_DONE", "FAILED"}
    assert set(OPEN_STATES) == {status for status in RefreshStatus if not status.ended}
