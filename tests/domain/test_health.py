"""Which of a person's tests is judged."""

from datetime import UTC, datetime, timedelta
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from app.domain.health import NucleicAcidTest, summarise_tests
from app.domain.health import TestResult as Result
from app.domain.health import TestSummary as Summary

NOW: Final = datetime(2022, 9, 1, 8, 0, tzinfo=UTC)
HOUR: Final = timedelta(hours=1)
NEGATIVE, POSITIVE, PENDING = Result.NEGATIVE, Result.POSITIVE, Result.PENDING


def nat(result: Result, at: datetime | None) -> NucleicAcidTest:
    return NucleicAcidTest((at or NOW) - 6 * HOUR, at, result, "")


def summary(*tests: NucleicAcidTest) -> Summary:
    return summarise_tests(tests, NOW)


moments = st.integers(-48, 24).map(lambda hours: NOW + hours * HOUR)
tests_taken = st.lists(st.builds(nat, st.sampled_from(Result), st.none() | moments), max_size=6)


def test_no_test_is_no_result() -> None:  # R20
    assert summary() == Summary(None, None, None)


def test_the_newest_result_and_the_newest_negative_are_kept() -> None:  # R20
    found = summary(nat(NEGATIVE, NOW - 5 * HOUR), nat(POSITIVE, NOW - HOUR))
    assert found == Summary(POSITIVE, NOW - HOUR, NOW - 5 * HOUR)


def test_a_negative_after_a_positive_is_the_newest() -> None:  # R20
    found = summary(nat(POSITIVE, NOW - 5 * HOUR), nat(NEGATIVE, NOW - HOUR))
    assert found == Summary(NEGATIVE, NOW - HOUR, NOW - HOUR)


def test_of_two_results_at_the_same_time_the_positive_is_the_newest() -> None:  # R20
    for tests in ((NEGATIVE, POSITIVE), (POSITIVE, NEGATIVE)):
        found = summary(*(nat(result, NOW - HOUR) for result in tests))
        assert found == Summary(POSITIVE, NOW - HOUR, NOW - HOUR)


def test_a_pending_test_is_not_a_result_dated_or_not() -> None:  # R20
    assert summary(nat(PENDING, None), nat(PENDING, NOW - HOUR)) == Summary(None, None, None)


@given(tests_taken, st.none() | moments)
def test_a_pending_test_never_changes_what_is_judged(
    tests: list[NucleicAcidTest], at: datetime | None
) -> None:  # R20
    assert summary(*tests, nat(PENDING, at)) == summary(*tests)


@given(tests_taken.flatmap(lambda tests: st.tuples(st.just(tests), st.permutations(tests))))
def test_the_order_in_which_tests_come_does_not_matter(
    orders: tuple[list[NucleicAcidTest], list[NucleicAcidTest]],
) -> None:  # R20
    assert summary(*orders[0]) == summary(*orders[1])


def test_a_test_dated_in_the_future_holds_no_longer_than_one_of_now() -> None:  # R19
    assert summary(nat(NEGATIVE, NOW + 20 * HOUR)) == Summary(NEGATIVE, NOW, NOW)


def test_a_positive_result_dated_in_the_future_counts_at_once() -> None:  # R20
    found = summary(nat(NEGATIVE, NOW), nat(POSITIVE, NOW + HOUR))
    assert (found.newest_result, found.newest_result_at) == (POSITIVE, NOW)


@given(tests_taken)
def test_nothing_that_is_judged_lies_in_the_future(tests: list[NucleicAcidTest]) -> None:  # R19
    found = summary(*tests)
    for at in (found.newest_result_at, found.newest_negative_at):
        assert at is None or at <= NOW


@given(tests_taken)
def test_a_newest_result_says_whether_there_is_any_result(
    tests: list[NucleicAcidTest],
) -> None:  # R20
    found = summary(*tests)
    dated = {test.result for test in tests if test.tested_at and test.result is not PENDING}
    assert (found.newest_result is None) == (not dated)
    assert (found.newest_negative_at is None) == (NEGATIVE not in dated)
    assert found.newest_result in {None, *dated}
