"""Clocks tell whole milliseconds: what a client is shown is what is meant."""

from datetime import timedelta

from app.ports.clock import MovableClock, SystemClock


def test_clocks_tell_whole_milliseconds() -> None:
    moved = MovableClock()
    moved.advance(timedelta(microseconds=1234))
    for clock in (SystemClock(), moved):
        assert {clock.now().microsecond % 1000 for _ in range(1000)} == {0}


def test_a_clock_moves_by_no_more_than_it_is_moved() -> None:
    fixed = MovableClock(fixed_at=SystemClock().now())
    before = fixed.now()
    assert fixed.advance(timedelta(seconds=60)) == before + timedelta(minutes=1)
    assert fixed.advance(timedelta(microseconds=999)) == before + timedelta(minutes=1)
