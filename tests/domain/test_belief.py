"""What of a provider's answer is believed: times that lie ahead, and records that differ."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.belief import believed_at, one_record
from app.domain.health import UNDATED, HealthCode, NucleicAcidTest, ProviderRecord
from app.domain.health import TestResult as Result
from app.domain.ordering import severity_of

NOW: Final = datetime(2022, 9, 1, 8, 0, tzinfo=UTC)
MINUTE: Final = timedelta(minutes=1)
GREEN, YELLOW, RED, UNKNOWN = (HealthCode(code) for code in ("GREEN", "YELLOW", "RED", "UNKNOWN"))


@pytest.mark.parametrize(
    ("ahead", "counts"),
    [(-90, -90), (0, 0), (1, 0), (10, 0), (11, 11), (3 * 24 * 60, 3 * 24 * 60)],
)
def test_a_time_up_to_ten_minutes_ahead_is_that_of_the_fetch(ahead: int, counts: int) -> None:
    assert believed_at(NOW + ahead * MINUTE, NOW) == NOW + counts * MINUTE  # R20


def record(
    code: HealthCode, at: datetime | None, *tests: NucleicAcidTest, partly_read: bool = False
) -> ProviderRecord:
    return ProviderRecord(code, at, tests, (), partly_read)


def nat(result: Result, minutes: int) -> NucleicAcidTest:
    return NucleicAcidTest(NOW - minutes * MINUTE, NOW - minutes * MINUTE, result, "")


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        ((RED, -5), (GREEN, -3), GREEN),  # the later
        ((RED, -3), (GREEN, -5), RED),
        ((RED, -3), (GREEN, -3), RED),  # at the same time the worse
        ((YELLOW, -3), (UNKNOWN, -3), YELLOW),
        ((UNKNOWN, -3), (GREEN, -3), UNKNOWN),
        ((RED, None), (GREEN, -3), GREEN),  # without a time it loses
        ((RED, None), (GREEN, None), RED),
        ((RED, -5), (GREEN, 11), RED),  # a time that isn't believed is none
        ((RED, 0), (GREEN, 9), RED),  # both count as of the fetch
    ],
)
def test_of_two_records_the_later_code_counts_at_the_same_time_the_worse(
    one: tuple[HealthCode, int | None], other: tuple[HealthCode, int | None], code: HealthCode
) -> None:  # R20
    records = [
        record(which, None if at is None else NOW + at * MINUTE) for which, at in (one, other)
    ]
    assert one_record(records, NOW).health_code is code
    assert one_record(records[::-1], NOW).health_code is code


def test_no_test_is_lost_with_the_record_that_held_it() -> None:  # R20
    early, late = nat(Result.POSITIVE, 60), nat(Result.NEGATIVE, 90)
    records = [record(RED, NOW, late), record(GREEN, NOW - MINUTE, early, late, partly_read=True)]
    found = one_record(records, NOW)
    assert (set(found.tests), len(found.tests), found.partly_read) == ({early, late}, 2, True)


times = st.none() | st.integers(-60, 60).map(lambda minutes: NOW + minutes * MINUTE)
records_of_one = st.lists(
    st.builds(record, st.sampled_from(HealthCode), times), min_size=1, max_size=5
)


@given(records_of_one.flatmap(lambda some: st.tuples(st.just(some), st.permutations(some))))
def test_the_order_of_the_records_in_an_answer_decides_nothing(
    orders: tuple[list[ProviderRecord], list[ProviderRecord]],
) -> None:  # R20
    assert one_record(orders[0], NOW).health_code is one_record(orders[1], NOW).health_code


@given(records_of_one)
def test_no_code_is_hidden_by_a_better_one_of_its_time_or_earlier(
    records: list[ProviderRecord],
) -> None:  # R20
    def known_at(one: ProviderRecord) -> datetime | None:
        at = believed_at(one.health_code_at or UNDATED, NOW)
        return at if at <= NOW else None

    counted = one_record(records, NOW)
    for one in records:
        if severity_of(one.health_code) > severity_of(counted.health_code):
            at, other = known_at(counted), known_at(one)
            assert at is not None
            assert other is None or other < at
