"""What of a provider's answer is believed: times that lie ahead, and records that differ."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.belief import BelievedRecord, believed, believed_at, one_record
from app.domain.health import UNDATED, HealthCode, NucleicAcidTest, ProviderRecord, Vaccination
from app.domain.health import TestResult as Result
from app.domain.ordering import severity_of

NOW: Final = datetime(2022, 9, 1, 8, 0, tzinfo=UTC)
MINUTE: Final = timedelta(minutes=1)
DAY: Final = timedelta(days=1)
SHANGHAI: Final = ZoneInfo("Asia/Shanghai")  # where it is four in the afternoon
NEGATIVE, POSITIVE, PENDING = Result.NEGATIVE, Result.POSITIVE, Result.PENDING
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


def fetched(record: ProviderRecord, *moments: datetime) -> BelievedRecord:
    """The record as it counts after it was fetched, unchanged, at each of these moments."""
    found = believed(record, moments[0], {}, SHANGHAI)
    for at in moments[1:]:
        found = believed(record, at, found.first_fetches, SHANGHAI)
    return found


def told(*tests: NucleicAcidTest, doses: Sequence[Vaccination] = ()) -> ProviderRecord:
    return ProviderRecord(GREEN, NOW, tests, tuple(doses))


@pytest.mark.parametrize("ahead", [MINUTE, 10 * MINUTE])
def test_a_negative_a_little_ahead_counts_as_of_its_first_fetch(ahead: timedelta) -> None:  # R20
    record = told(NucleicAcidTest(NOW, NOW + ahead, NEGATIVE, ""))
    for later in (timedelta(), 5 * MINUTE, ahead, DAY):
        found = fetched(record, NOW, NOW + later)
        assert (found.summary.newest_negative_at, found.waiting_tests) == (NOW, ())


@pytest.mark.parametrize("ahead", [11 * MINUTE, 3 * DAY, 14 * DAY])
def test_a_negative_far_ahead_is_no_result_until_its_time_has_come(ahead: timedelta) -> None:
    negative = NucleicAcidTest(NOW, NOW + ahead, NEGATIVE, "")  # R20
    positive = nat(POSITIVE, 120)
    for later in (timedelta(), ahead / 2, ahead - MINUTE):
        found = fetched(told(negative, positive), NOW, NOW + later)
        assert (found.tests, found.waiting_tests) == ((positive,), (negative,))
        assert found.summary.newest_result is POSITIVE
        assert found.next_change_at(SHANGHAI) == NOW + ahead
    for found in (
        fetched(told(negative, positive), NOW).at(NOW + ahead, SHANGHAI),
        fetched(told(negative, positive), NOW, NOW + ahead + DAY),
    ):
        assert found.summary.newest_negative_at == NOW + ahead
        assert found.summary.newest_result is NEGATIVE
        assert found.next_change_at(SHANGHAI) is None


@pytest.mark.parametrize("at", [NOW + MINUTE, NOW + 3 * DAY, UNDATED])
def test_a_positive_ahead_stands_at_once_as_of_its_first_fetch(at: datetime) -> None:  # R20
    record = told(NucleicAcidTest(at, at, POSITIVE, ""), nat(NEGATIVE, 0))
    for later in (timedelta(), DAY, 30 * DAY):
        found = fetched(record, NOW, NOW + later)
        assert (found.summary.newest_result, found.summary.newest_result_at) == (POSITIVE, NOW)
    cured = told(*record.tests, NucleicAcidTest(NOW + DAY, NOW + DAY, NEGATIVE, ""))
    after = believed(cured, NOW + DAY, found.first_fetches, SHANGHAI)
    assert after.summary.newest_result is NEGATIVE


def test_a_code_ahead_counts_at_once_as_of_its_first_fetch() -> None:  # R20
    record = ProviderRecord(RED, NOW + 3 * DAY, (), ())
    for later in (timedelta(), DAY, 30 * DAY):
        found = fetched(record, NOW, NOW + later)
        assert (found.health_code, found.health_code_at) == (RED, NOW)


def test_a_dose_ahead_is_none_until_its_day_has_come() -> None:  # R20
    today, tomorrow = date(2022, 9, 1), date(2022, 9, 2)
    midnight = datetime(2022, 9, 2, tzinfo=SHANGHAI)
    doses = [Vaccination(1, date.min, ""), Vaccination(2, today, ""), Vaccination(3, tomorrow, "")]
    record = told(doses=[*doses, Vaccination(4, date.max, "")])
    found = fetched(record, NOW)
    assert (found.doses, found.next_change_at(SHANGHAI)) == (2, midnight)
    assert found.at(midnight - MINUTE, SHANGHAI).doses == 2
    assert found.at(midnight, SHANGHAI).doses == fetched(record, NOW, midnight + DAY).doses == 3
    early = fetched(record, midnight - 10 * MINUTE)
    assert [(dose.dose, dose.date) for dose in early.vaccinations][2:] == [(3, today)]


def test_a_pending_test_ahead_is_ordered_by_its_first_fetch() -> None:  # R20
    ahead = NucleicAcidTest(NOW + 3 * DAY, None, PENDING, "")
    [shown] = fetched(told(ahead), NOW, NOW + DAY).tests
    assert (shown.sampled_at, shown.tested_at) == (NOW, None)


moments_told = st.integers(-15 * 24 * 60, 15 * 24 * 60).map(lambda minutes: NOW + minutes * MINUTE)
tests_told = st.lists(
    st.builds(
        NucleicAcidTest,
        moments_told,
        moments_told | st.just(UNDATED),
        st.sampled_from([NEGATIVE, POSITIVE]),
        st.just(""),
    )
    | st.builds(NucleicAcidTest, moments_told, st.none(), st.just(PENDING), st.just("")),
    max_size=5,
)
doses_told = st.lists(
    st.builds(
        Vaccination,
        st.integers(1, 9),
        st.dates(NOW.date() - 15 * DAY, NOW.date() + 15 * DAY) | st.sampled_from([date.max]),
        st.just(""),
    ),
    max_size=4,
)
records_told = st.builds(
    ProviderRecord,
    st.sampled_from(HealthCode),
    st.none() | moments_told,
    tests_told.map(tuple),
    doses_told.map(tuple),
)
fetches = st.lists(st.integers(0, 15 * 24 * 60), min_size=1, max_size=5).map(
    lambda minutes: [NOW + minute * MINUTE for minute in sorted(minutes)]
)


@given(records_told, fetches)
def test_nothing_that_counts_lies_ahead_of_the_fetch(
    record: ProviderRecord, moments: list[datetime]
) -> None:  # R20
    found = fetched(record, *moments)
    times = [found.health_code_at, *(test.tested_at for test in found.tests)]
    times += [test.sampled_at for test in found.tests]
    assert all(at <= moments[-1] for at in times if at is not None)
    today = moments[-1].astimezone(SHANGHAI).date()
    assert all(dose.date <= today for dose in found.vaccinations)
    assert all(test.result is NEGATIVE for test in found.waiting_tests)


@given(records_told, fetches)
def test_however_often_it_is_fetched_a_record_counts_as_time_alone_makes_it(
    record: ProviderRecord, moments: list[datetime]
) -> None:  # R20
    once = fetched(record, moments[0]).at(moments[-1], SHANGHAI)
    often = fetched(record, *moments)
    assert often.summary == once.summary
    assert (often.doses, often.health_code_at) == (once.doses, once.health_code_at)


@given(records_told, fetches)
def test_nothing_changes_before_what_waits_comes(
    record: ProviderRecord, moments: list[datetime]
) -> None:  # R22
    found = fetched(record, moments[0])
    at = found.next_change_at(SHANGHAI)
    later = max(moments[-1], moments[0])
    if at is None or later < at:
        assert found.at(later, SHANGHAI) == found
    else:
        assert found.at(at, SHANGHAI) != found


@given(records_told, fetches)
def test_a_positive_result_is_never_hidden_by_a_time_ahead(
    record: ProviderRecord, moments: list[datetime]
) -> None:  # R20
    found = fetched(record, *moments)
    told_positive = [test for test in record.tests if test.result is POSITIVE]
    assert sum(test.result is POSITIVE for test in found.tests) == len(told_positive)
    if told_positive and found.summary.newest_result is not POSITIVE:
        negatives = [test for test in record.tests if test.result is NEGATIVE and test.tested_at]
        assert any(
            one.tested_at and one.tested_at <= moments[-1] + 10 * MINUTE for one in negatives
        )
