"""When managers hear of what time alone opened: by day, and one SMS an hour at most (R28)."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.alerts import (
    TOLD_TOGETHER,
    Alert,
    NewAnomaly,
    alert_at,
    alert_of,
    alerted_before,
    alerted_with_group,
    found_alert_at,
    held_back,
    opened_by_time,
    still_alert_at,
)
from app.domain.anomalies import AnomalyReason
from app.domain.groups import CHOOSABLE_CODES, NatValidity, Requirement
from app.domain.health import HealthCode
from app.domain.health import TestResult as Result
from app.domain.health import TestSummary as Summary
from app.domain.judging import MemberFacts, judge_member

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
TICK: Final = timedelta(microseconds=1)
HOUR: Final = timedelta(hours=1)


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def told(now: str, last: str | None = None) -> datetime:
    """When managers are told of what opens ``now``; both are local times."""
    at = shanghai(now).astimezone(UTC)
    return alert_at(at, SHANGHAI, shanghai(last).astimezone(UTC) if last else None)


@pytest.mark.parametrize(
    "now",
    [
        "2022-09-01 07:00:00",
        "2022-09-01 07:00:00.000001",
        "2022-09-01 07:59:59",
        "2022-09-01 12:34:56",
        "2022-09-01 21:59:59.999999",
    ],
)
def test_by_day_managers_are_told_at_once(now: str) -> None:  # R28
    assert told(now) == shanghai(now)


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        ("2022-09-01 22:00:00", "2022-09-02 07:00:00"),
        ("2022-09-01 22:30:15.5", "2022-09-02 07:00:00"),
        ("2022-09-01 23:59:59.999999", "2022-09-02 07:00:00"),
        ("2022-09-02 00:00:00", "2022-09-02 07:00:00"),
        ("2022-09-02 03:17:05.000009", "2022-09-02 07:00:00"),
        ("2022-09-02 06:59:59.999999", "2022-09-02 07:00:00"),
        ("2022-09-30 22:00:00", "2022-10-01 07:00:00"),
        ("2022-12-31 22:00:00", "2023-01-01 07:00:00"),
    ],
)
def test_at_night_managers_sleep_until_seven(now: str, morning: str) -> None:  # R28
    assert told(now) == shanghai(morning)


@pytest.mark.parametrize(
    ("now", "last", "at"),
    [
        ("2022-09-01 12:00:00", "2022-09-01 12:00:00", "2022-09-01 13:00:00"),
        ("2022-09-01 12:00:00", "2022-09-01 11:20:00", "2022-09-01 12:20:00"),
        ("2022-09-01 12:00:00", "2022-09-01 11:00:00.000001", "2022-09-01 12:00:00.000001"),
        ("2022-09-01 12:00:00", "2022-09-01 11:00:00", "2022-09-01 12:00:00"),
        ("2022-09-01 12:00:00", "2022-08-25 11:00:00", "2022-09-01 12:00:00"),
        ("2022-09-01 21:10:00", "2022-09-01 20:59:59", "2022-09-01 21:59:59"),
        ("2022-09-01 21:10:00", "2022-09-01 21:00:00", "2022-09-02 07:00:00"),
        ("2022-09-02 06:30:00", "2022-09-02 06:20:00", "2022-09-02 07:20:00"),
    ],
)
def test_what_opens_within_the_hour_is_told_together(  # R28
    now: str, last: str, at: str
) -> None:
    assert told(now, last) == shanghai(at)


def test_the_night_is_the_groups_own_wherever_it_is() -> None:  # R28
    now = datetime(2022, 9, 1, 14, 0, tzinfo=UTC)  # 22:00 in Shanghai, 15:00 in London
    assert alert_at(now, SHANGHAI, None) == datetime(2022, 9, 1, 23, 0, tzinfo=UTC)
    assert alert_at(now, ZoneInfo("Europe/London"), None) == now


moments = st.timedeltas(timedelta(0), timedelta(days=700)).map(
    lambda since: datetime(2022, 1, 1, tzinfo=UTC) + since
)
gaps = st.timedeltas(timedelta(0), timedelta(days=2))


@given(moments, st.none() | gaps)
def test_nobody_is_told_early_at_night_twice_an_hour_or_later_than_they_could_be(
    now: datetime, ago: timedelta | None
) -> None:  # R28
    last = None if ago is None else now - ago
    at = alert_at(now, SHANGHAI, last)
    assert at.tzinfo is now.tzinfo
    assert at >= now
    assert last is None or at >= last + HOUR
    assert 7 <= at.astimezone(SHANGHAI).hour < 22
    earliest = now if last is None else max(now, last + HOUR)
    if at != earliest:  # it waited for the morning, and for no other reason
        assert at.astimezone(SHANGHAI).time().isoformat() == "07:00:00"
        assert at - earliest <= timedelta(hours=9)


@given(moments, st.lists(st.timedeltas(timedelta(0), timedelta(hours=5)), max_size=30))
def test_whenever_tests_lapse_no_two_alerts_are_within_an_hour(
    now: datetime, waits: list[timedelta]
) -> None:  # R28
    sent: list[datetime] = []
    for wait in waits:
        now = alert_at(now + wait, SHANGHAI, sent[-1] if sent else None)
        sent.append(now)
    assert all(later - earlier >= HOUR for earlier, later in pairwise(sent))


NOW: Final = datetime(2022, 9, 1, 8, 0, tzinfo=UTC)
DAY: Final = Requirement(NatValidity.H24)
LAPSED: Final = NOW - timedelta(hours=24)


def by_time(
    *reasons: AnomalyReason,
    negative_at: datetime | None = LAPSED,
    as_of: datetime | None = NOW - HOUR,
    requirement: Requirement = DAY,
) -> bool:
    """Whether time alone opened what these reasons stand for."""
    tests = Summary(Result.NEGATIVE if negative_at else None, negative_at, negative_at)
    return opened_by_time(reasons, tests, as_of, requirement)


def test_a_test_that_lapses_between_two_fetches_is_times_doing() -> None:  # R28
    assert by_time(AnomalyReason.TEST_EXPIRED)
    assert by_time(AnomalyReason.TEST_EXPIRED, as_of=NOW - TICK)
    assert by_time(AnomalyReason.TEST_EXPIRED, as_of=LAPSED - HOUR)


@pytest.mark.parametrize("as_of", [NOW, NOW + TICK, None])
def test_a_test_that_had_lapsed_when_it_was_fetched_is_news(as_of: datetime | None) -> None:  # R28
    assert not by_time(AnomalyReason.TEST_EXPIRED, as_of=as_of)


@pytest.mark.parametrize("reason", sorted(set(AnomalyReason) - {AnomalyReason.TEST_EXPIRED}))
def test_no_other_reason_comes_of_time_alone(reason: AnomalyReason) -> None:  # R28
    assert not by_time(reason)
    assert not by_time(reason, AnomalyReason.TEST_EXPIRED)
    assert not by_time(AnomalyReason.TEST_EXPIRED, reason)


def test_without_a_reason_a_negative_or_a_validity_nothing_lapsed() -> None:  # R28
    assert not by_time()
    assert not by_time(AnomalyReason.TEST_EXPIRED, negative_at=None)
    assert not by_time(AnomalyReason.TEST_EXPIRED, requirement=Requirement())


@given(
    st.sampled_from([validity for validity in NatValidity if validity.duration]),
    st.timedeltas(timedelta(0), timedelta(days=8)),
    st.timedeltas(timedelta(0), timedelta(days=8)),
)
def test_time_opened_it_just_when_the_last_fetch_found_nothing(
    validity: NatValidity, tested_before: timedelta, fetched_before: timedelta
) -> None:  # R28
    negative_at, as_of = NOW - tested_before, NOW - fetched_before
    requirement = Requirement(validity, CHOOSABLE_CODES)
    tests = Summary(Result.NEGATIVE, negative_at, negative_at)
    facts = MemberFacts(UUID(int=1), HealthCode.GREEN, tests)
    verdict = judge_member(requirement, facts, NOW)
    found_nothing = judge_member(requirement, facts, as_of).reasons == ()
    opened = opened_by_time(verdict.reasons, tests, as_of, requirement)
    assert opened == (bool(verdict.reasons) and found_nothing)


EXPIRED: Final = [AnomalyReason.TEST_EXPIRED]
RED: Final = [AnomalyReason.CODE_RED, AnomalyReason.TEST_EXPIRED]


def test_an_alert_counts_members_and_red_codes() -> None:  # R28
    assert alert_of([RED, EXPIRED, RED]) == Alert(count=3, red=2, by_time=False)


@pytest.mark.parametrize(
    ("anomalies", "by_time"),
    [
        ([EXPIRED], True),
        ([EXPIRED, EXPIRED], True),
        ([EXPIRED, RED], False),
        ([[AnomalyReason.TEST_MISSING]], False),
    ],
)
def test_an_alert_is_times_doing_when_all_of_it_is(
    anomalies: list[list[AnomalyReason]], by_time: bool
) -> None:  # R28
    assert alert_of(anomalies).by_time is by_time


def test_an_anomaly_that_waits_goes_on_waiting_unless_it_turns_red() -> None:  # R28
    later = NOW + HOUR
    for gathers in (False, True):
        assert still_alert_at(later, EXPIRED, EXPIRED, NOW, gathers=gathers) == later
        for before in (EXPIRED, RED):
            assert still_alert_at(later, before, RED, NOW, gathers=gathers) == NOW
        assert still_alert_at(NOW - HOUR, EXPIRED, RED, NOW, gathers=gathers) == NOW - HOUR


reason_lists = st.lists(st.sampled_from(AnomalyReason), min_size=1, unique=True)
GRAVE: Final = {AnomalyReason.CODE_RED, AnomalyReason.TEST_POSITIVE}


@given(reason_lists, reason_lists, st.booleans())
def test_an_anomaly_that_was_alerted_is_alerted_again_just_when_it_turns_red_or_positive(
    before: list[AnomalyReason], reasons: list[AnomalyReason], gathers: bool
) -> None:  # R28
    at = still_alert_at(None, before, reasons, NOW, gathers=gathers)
    turned = GRAVE & (set(reasons) - set(before))
    assert (at is not None) == bool(turned)
    if at is not None:
        waits = gathers and AnomalyReason.CODE_RED not in turned
        assert at == (NOW + TOLD_TOGETHER if waits else NOW)


@given(reason_lists, st.booleans())
def test_what_is_found_waits_a_minute_for_more_unless_it_is_red(
    reasons: list[AnomalyReason], gathers: bool
) -> None:  # R28
    waits = gathers and AnomalyReason.CODE_RED not in reasons
    at = found_alert_at(reasons, NOW, gathers=gathers)
    assert at == (NOW + timedelta(minutes=1) if waits else NOW)


def new(version: int, *reasons: AnomalyReason, waits: bool = True) -> NewAnomaly:
    return NewAnomaly(version, reasons or (AnomalyReason.CODE_YELLOW,), None, waits)


def test_who_has_no_time_of_their_own_is_alerted_of_all_that_waits() -> None:  # R28
    known, waiting = new(3, waits=False), new(5)
    assert alerted_with_group([known, waiting], None, has_time=False) == [waiting]


def test_who_had_a_time_until_now_is_not_alerted_again_of_what_they_heard_then() -> None:
    heard, red, waiting = new(4), new(3, AnomalyReason.CODE_RED), new(6)
    assert alerted_with_group([heard, red, waiting], 5, has_time=False) == [red, waiting]


@pytest.mark.parametrize("grave", [AnomalyReason.CODE_RED, AnomalyReason.TEST_POSITIVE])
def test_their_time_is_waited_for_until_one_is_urgent(grave: AnomalyReason) -> None:
    heard, held, waiting = new(2, waits=False), new(4, waits=False), new(5)
    assert alerted_with_group([heard, held, waiting], 3, has_time=True) == []
    long_ago = new(1, grave, waits=False)
    assert alerted_with_group([long_ago, held, waiting], 3, has_time=True) == []
    urgent = new(6, grave)
    assert alerted_with_group([heard, held, waiting, urgent], 3, has_time=True) == [
        held,
        waiting,
        urgent,
    ]
    assert held_back([heard, held, waiting], 3) == [held, waiting]


def test_a_time_that_is_chosen_begins_after_what_was_alerted() -> None:
    assert alerted_before([new(2, waits=False), new(4, waits=False), new(5)]) == 4
    assert alerted_before([new(5)]) == 0
