"""Whom a reminder is for, and how soon the next one may come (R29-R31)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.anomalies import AnomalyReason
from app.domain.groups import NatValidity
from app.domain.health import HealthCode
from app.domain.health import TestResult as Result
from app.domain.health import TestSummary as Summary
from app.domain.judging import MemberFacts, MemberState, OpenAnomaly
from app.domain.reminders import ReminderCondition, audience_of, is_meant, was_reminded

NOW: Final = datetime(2022, 9, 1, 8, 0, tzinfo=UTC)
TICK: Final = timedelta(microseconds=1)
HOUR: Final = timedelta(hours=1)
UNTESTED: Final = Summary(None, None, None)
VALID_FOR: Final = {
    NatValidity.H24: timedelta(hours=24),
    NatValidity.H48: timedelta(hours=48),
    NatValidity.H72: timedelta(hours=72),
    NatValidity.D7: timedelta(days=7),
}


def negative(at: datetime) -> Summary:
    return Summary(Result.NEGATIVE, at, at)


def member(
    code: HealthCode = HealthCode.GREEN,
    tests: Summary = UNTESTED,
    awaited_until: datetime | None = None,
) -> MemberFacts:
    return MemberFacts(UUID(int=1), code, tests, awaited_until)


def state(
    facts: MemberFacts, *, anomalous: bool = False, reminded_at: datetime | None = None
) -> MemberState:
    anomaly = OpenAnomaly((AnomalyReason.CODE_RED,), 1, None, None) if anomalous else None
    return MemberState(facts, NOW, 0, anomaly, reminded_at)


def meant(condition: ReminderCondition, facts: MemberFacts, *, anomalous: bool = False) -> bool:
    return is_meant(condition, state(facts, anomalous=anomalous), NOW)


def test_a_condition_without_parts_is_for_nobody() -> None:  # R30
    nobody = ReminderCondition()
    assert nobody.empty
    for code in HealthCode:
        assert not meant(nobody, member(code), anomalous=True)


@pytest.mark.parametrize(
    "condition",
    [
        ReminderCondition(anomalous=True),
        ReminderCondition(no_negative_within=NatValidity.H24),
        ReminderCondition(health_codes={HealthCode.GREEN}),
        ReminderCondition(member_ids={UUID(int=1)}),
    ],
)
def test_any_one_part_makes_a_condition(condition: ReminderCondition) -> None:  # R30
    assert not condition.empty


def test_the_anomalous_are_those_whom_the_group_lists() -> None:  # R30
    condition = ReminderCondition(anomalous=True)
    assert meant(condition, member(), anomalous=True)
    assert not meant(condition, member(HealthCode.RED), anomalous=False)


@pytest.mark.parametrize("code", [code for code in HealthCode if code is not HealthCode.WITHHELD])
def test_a_reminder_for_a_code_is_for_those_who_have_it(code: HealthCode) -> None:  # R30
    condition = ReminderCondition(health_codes={code})
    found = {other for other in HealthCode if meant(condition, member(other), anomalous=True)}
    assert found == {code}


@pytest.mark.parametrize("window", VALID_FOR)
def test_whoever_has_no_negative_test_within_the_window_is_meant(  # R30, R19
    window: NatValidity,
) -> None:
    condition, tested_at = ReminderCondition(no_negative_within=window), NOW - VALID_FOR[window]
    assert meant(condition, member(tests=UNTESTED))
    assert meant(condition, member(tests=negative(tested_at - TICK)))
    assert meant(condition, member(tests=negative(tested_at)))
    assert not meant(condition, member(tests=negative(tested_at + TICK)), anomalous=True)


def test_a_positive_test_is_no_negative_one() -> None:  # R30
    condition = ReminderCondition(no_negative_within=NatValidity.H24)
    assert meant(condition, member(tests=Summary(Result.POSITIVE, NOW, None)))
    old = Summary(Result.POSITIVE, NOW, NOW - 24 * HOUR)
    assert meant(condition, member(tests=old))


def test_whose_first_data_is_on_its_way_is_not_meant_yet() -> None:  # R14
    condition = ReminderCondition(
        anomalous=True, no_negative_within=NatValidity.H24, health_codes=set(HealthCode)
    )
    assert not meant(condition, member(awaited_until=NOW + TICK), anomalous=True)
    assert meant(condition, member(awaited_until=NOW))
    assert meant(condition, member(awaited_until=NOW - TICK))


facts = st.builds(
    member,
    st.sampled_from(HealthCode),
    st.just(UNTESTED) | st.integers(0, 200).map(lambda hours: negative(NOW - hours * HOUR)),
)


@given(
    facts,
    st.booleans(),
    st.booleans(),
    st.sampled_from(NatValidity),
    st.frozensets(st.sampled_from(HealthCode)),
)
def test_a_condition_is_for_whoever_meets_any_of_its_parts(
    one: MemberFacts,
    anomalous: bool,
    for_anomalous: bool,
    window: NatValidity,
    codes: frozenset[HealthCode],
) -> None:  # R30
    parts = [
        ReminderCondition(anomalous=for_anomalous),
        ReminderCondition(no_negative_within=window),
        *(ReminderCondition(health_codes={code}) for code in codes),
    ]
    whole = ReminderCondition(for_anomalous, window, codes)
    by_parts = any(meant(part, one, anomalous=anomalous) for part in parts)
    assert meant(whole, one, anomalous=anomalous) == by_parts
    assert whole.empty == all(part.empty for part in parts)


@pytest.mark.parametrize("ago", [timedelta(0), TICK, HOUR - TICK])
def test_within_an_hour_nobody_is_reminded_again(ago: timedelta) -> None:  # R31
    assert was_reminded(NOW - ago, NOW)


@pytest.mark.parametrize("ago", [HOUR, HOUR + TICK, timedelta(days=9)])
def test_after_exactly_an_hour_the_next_reminder_may_go_out(ago: timedelta) -> None:  # R31
    assert not was_reminded(NOW - ago, NOW)


def test_who_never_had_a_reminder_may_get_one() -> None:  # R31
    assert not was_reminded(None, NOW)


def test_the_audience_says_who_of_those_meant_was_reminded_just_now() -> None:  # R29, R31
    condition = ReminderCondition(anomalous=True)
    times = [None, NOW - TICK, NOW - HOUR]
    anomalous = [
        state(replace(member(), member_id=UUID(int=number)), anomalous=True, reminded_at=at)
        for number, at in enumerate(times)
    ]
    fine = state(replace(member(), member_id=UUID(int=9)), reminded_at=NOW - TICK)
    audience = audience_of(condition, [*anomalous, fine], NOW)
    assert [key.int for key in audience.members] == [0, 1, 2]
    assert [key.int for key in audience.reminded] == [1]
