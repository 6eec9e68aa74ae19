"""Excused from tests: what that pauses, and exactly from when until when (R20, R22)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.alerts import alert_at
from app.domain.excuses import Excuse, why_no_excuse
from app.domain.groups import GroupColour, NatValidity, Requirement
from app.domain.health import HealthCode
from app.domain.health import TestSummary as Summary
from app.domain.judging import GroupState, MemberFacts, MemberState, judge_member, plan_judging
from app.domain.refusals import RefusalCode
from app.domain.reminders import ReminderCondition, is_meant
from tests.domain.test_judging import (
    NOW,
    TICK,
    UNTESTED,
    member,
    moments,
    negative,
    positive,
    requirements,
    summaries,
)
from tests.domain.test_judging_plan import SHANGHAI as ZONE

HOUR = timedelta(hours=1)
DAILY = Requirement(NatValidity.H24)
EXCUSE = Excuse(NOW - HOUR, NOW + HOUR)
excuses = st.builds(
    lambda start, hours: Excuse(start, start + timedelta(hours=hours)),
    st.integers(-30, 30).map(lambda hours: NOW + timedelta(hours=hours)),
    st.integers(1, 40),
)
excused = st.builds(
    lambda code, tests, excuse: replace(member(code, tests), excuse=excuse),
    st.sampled_from(HealthCode),
    summaries,
    excuses,
)


def reasons(facts: MemberFacts, now: datetime = NOW, asked: Requirement = DAILY) -> set[str]:
    return set(judge_member(asked, facts, now).reasons)


@pytest.mark.parametrize("tests", [UNTESTED, negative(NOW - timedelta(days=3))])
def test_no_test_is_asked_while_it_holds_and_not_a_moment_longer(tests: Summary) -> None:
    facts = replace(member(HealthCode.YELLOW), tests=tests, excuse=EXCUSE)
    reason = "TEST_MISSING" if tests is UNTESTED else "TEST_EXPIRED"
    assert reasons(facts) == reasons(facts, EXCUSE.until - TICK) == {"CODE_YELLOW"}
    assert reasons(facts, EXCUSE.until) == {"CODE_YELLOW", reason}
    assert reasons(facts, EXCUSE.since - TICK) == {"CODE_YELLOW", reason}
    assert reasons(facts, EXCUSE.since) == {"CODE_YELLOW"}


def test_codes_and_a_positive_result_count_all_the_same() -> None:
    facts = replace(member(HealthCode.RED, positive(NOW - HOUR)), excuse=EXCUSE)
    assert reasons(facts) == {"CODE_RED", "TEST_POSITIVE"}
    assert judge_member(DAILY, facts, NOW).next_change_at is None


def test_its_bounds_change_nothing_for_who_is_tested() -> None:
    lapses_at = NOW + 23 * HOUR
    facts = replace(member(tests=negative(NOW - HOUR)), excuse=EXCUSE)
    assert judge_member(DAILY, facts, NOW).next_change_at == lapses_at
    over = replace(facts, excuse=Excuse(NOW + HOUR, lapses_at + HOUR))
    assert judge_member(DAILY, over, NOW).next_change_at == lapses_at + HOUR


@given(requirements, excused, st.integers(0, 99))
def test_the_next_change_is_told_exactly(
    requirement: Requirement, facts: MemberFacts, percent: int
) -> None:  # R22
    verdict = judge_member(requirement, facts, NOW)
    until = verdict.next_change_at or NOW + timedelta(days=30)
    assert until > NOW
    for moment in (NOW + percent * (until - NOW) / 100, until - TICK):
        assert judge_member(requirement, facts, moment).reasons == verdict.reasons
    if verdict.next_change_at is not None:
        assert judge_member(requirement, facts, until).reasons != verdict.reasons


@given(requirements, excused, moments)
def test_an_excuse_takes_away_what_the_requirement_asks_and_nothing_else(
    requirement: Requirement, facts: MemberFacts, at: datetime
) -> None:
    plain = reasons(replace(facts, excuse=None), at, requirement)
    assert facts.excuse is not None
    paused = {"TEST_MISSING", "TEST_EXPIRED"} if facts.excuse.holds(at) else set()
    assert reasons(facts, at, requirement) == plain - paused


@pytest.mark.parametrize("as_of", [None, NOW - 2 * HOUR, NOW])
def test_what_its_end_opens_is_alerted_like_what_time_opens(as_of: datetime | None) -> None:  # R28
    night = NOW.replace(hour=15)  # 23:00 in the configured zone
    excuse = Excuse(night - 9 * HOUR, night)
    facts = replace(member(tests=UNTESTED), excuse=excuse)
    plan = plan_judging(
        GroupState(DAILY, GroupColour.GREEN, {}, None),
        [MemberState(facts, as_of, 0, None, None)],
        night,
        ZONE,
    )
    assert plan.first_alert_at == alert_at(night, ZONE, None) > night


def test_reminders_by_tests_pass_them_over_and_those_by_codes_do_not() -> None:  # R30
    state = MemberState(replace(member(HealthCode.RED), excuse=EXCUSE), NOW, 0, None, None)
    assert not is_meant(ReminderCondition(no_negative_within=NatValidity.H24), state, NOW)
    assert is_meant(ReminderCondition(health_codes={HealthCode.RED}), state, NOW)
    late = ReminderCondition(no_negative_within=NatValidity.H24)
    assert is_meant(late, state, EXCUSE.until)


def test_a_time_that_is_over_turned_round_or_too_long_is_none() -> None:
    year = timedelta(days=366)
    assert why_no_excuse(Excuse(NOW, NOW + TICK), NOW) is None
    assert why_no_excuse(Excuse(NOW, NOW + year), NOW) is None
    for since, until in ((NOW - HOUR, NOW), (NOW + HOUR, NOW + HOUR), (NOW, NOW + year + TICK)):
        assert why_no_excuse(Excuse(since, until), NOW) is RefusalCode.PERIOD_INVALID
