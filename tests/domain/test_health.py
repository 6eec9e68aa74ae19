"""Which of a person's tests is judged."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from app.domain.health import (
    NucleicAcidTest,
    Vaccination,
    by_dose,
    doses_of,
    latest_test,
    newest_first,
    summarise_tests,
)
from app.domain.health import TestResult as Result
from app.domain.health import TestSummary as Summary

NOW: Final = datetime(2022, 9, 1, 8, 0, tzinfo=UTC)
HOUR: Final = timedelta(hours=1)
NEGATIVE, POSITIVE, PENDING = Result.NEGATIVE, Result.POSITIVE, Result.PENDING


def nat(result: Result, at: datetime | None) -> NucleicAcidTest:
    return NucleicAcidTest((at or NOW) - 6 * HOUR, at, result, "")


def summary(*tests: NucleicAcidTest) -> Summary:
    return summarise_tests(tests)


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


@given(tests_taken)
def test_a_newest_result_says_whether_there_is_any_result(
    tests: list[NucleicAcidTest],
) -> None:  # R20
    found = summary(*tests)
    dated = {test.result for test in tests if test.tested_at and test.result is not PENDING}
    assert (found.newest_result is None) == (not dated)
    assert (found.newest_negative_at is None) == (NEGATIVE not in dated)
    assert found.newest_result in {None, *dated}


def when(test: NucleicAcidTest) -> datetime:
    """The time that dates a test: of its result, or of its sample while there is none."""
    return test.tested_at or test.sampled_at


def test_a_pending_test_is_ordered_by_when_it_was_sampled() -> None:  # R15
    waiting = NucleicAcidTest(NOW - HOUR, None, PENDING, "")
    older = NucleicAcidTest(NOW - 9 * HOUR, NOW - 2 * HOUR, NEGATIVE, "")
    newer = NucleicAcidTest(NOW - 9 * HOUR, NOW, NEGATIVE, "")
    assert newest_first([older, waiting, newer]) == [newer, waiting, older]


@given(tests_taken)
def test_tests_are_shown_newest_first_and_none_is_lost(tests: list[NucleicAcidTest]) -> None:
    shown = newest_first(iter(tests))  # R15
    assert all(when(one) >= when(following) for one, following in pairwise(shown))
    assert sorted(map(repr, shown)) == sorted(map(repr, tests))


def test_without_tests_there_is_no_latest() -> None:  # R20
    assert latest_test([]) is None


def test_a_result_is_shown_before_a_pending_test_however_new() -> None:  # R20
    result, waiting = nat(NEGATIVE, NOW - 40 * HOUR), nat(PENDING, None)
    assert latest_test([waiting, result]) == result
    assert latest_test([waiting]) == waiting


@given(tests_taken)
def test_the_latest_test_is_the_newest_of_those_with_a_result(
    tests: list[NucleicAcidTest],
) -> None:  # R20
    latest = latest_test(iter(tests))
    results = [test for test in tests if test.result is not PENDING]
    if latest is None:
        assert not tests
        return
    assert latest in (results or tests)
    assert all(when(latest) >= when(test) for test in results or tests)


@given(tests_taken)
def test_the_newest_dates_are_those_of_tests_taken(tests: list[NucleicAcidTest]) -> None:  # R20
    found = summary(*tests)
    dated = [
        (test.tested_at, test.result)
        for test in tests
        if test.tested_at is not None and test.result is not PENDING
    ]
    newest = max((at for at, _ in dated), default=None)
    assert found.newest_result_at == newest
    negatives = [at for at, result in dated if result is NEGATIVE]
    assert found.newest_negative_at == max(negatives, default=None)
    positive = (newest, POSITIVE) in dated
    assert (found.newest_result is POSITIVE) == positive


def test_the_doses_are_the_highest_number_on_record() -> None:  # R36
    received = [Vaccination(dose, date(2022, dose, 1), "") for dose in (1, 3, 2)]
    assert doses_of(received) == 3
    assert doses_of([]) == 0
    assert [one.dose for one in by_dose(received)] == [1, 2, 3]
