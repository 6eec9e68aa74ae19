"""Tests and doses as they are stored: the latest test is found among them without making others."""

from datetime import UTC, datetime, timedelta
from itertools import combinations_with_replacement, permutations

from app.domain.health import NucleicAcidTest, newest_first
from app.domain.health import TestResult as Result  # pytest would collect a class named Test…
from app.models.details import dump_test, read_latest_test, read_tests

AT = datetime(2022, 9, 1, tzinfo=UTC)
LATER = AT + timedelta(microseconds=1)
TESTS = [
    NucleicAcidTest(sampled_at, None if result is Result.PENDING else LATER, result, "甲")
    for result in Result
    for sampled_at in (AT, LATER, LATER + timedelta(hours=1))
] + [NucleicAcidTest(AT, AT, result, "乙") for result in (Result.NEGATIVE, Result.POSITIVE)]


def test_the_latest_of_stored_tests_is_the_latest_of_all() -> None:  # R20
    assert read_latest_test(None) is None and read_latest_test([]) is None
    for some in combinations_with_replacement(TESTS, 3):
        for tests in permutations(some):
            stored = [dump_test(test) for test in tests]
            assert read_tests(stored) == list(tests)
            ordered = newest_first(tests)
            with_result = [test for test in ordered if test.result is not Result.PENDING]
            assert read_latest_test(stored) == (with_result or ordered)[0]
