"""Who is anomalous and which colour the group carries, at any moment."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.alerts import alert_at
from app.domain.excuses import Excuse, why_no_excuse
from app.domain.groups import CHOOSABLE_CODES, GroupColour, NatValidity, Requirement
from app.domain.health import HealthCode, NucleicAcidTest, summarise_tests
from app.domain.health import TestResult as Result
from app.domain.health import TestSummary as Summary
from app.domain.judging import (
    GroupState,
    GroupVerdict,
    MemberFacts,
    MemberState,
    judge_group,
    judge_member,
    plan_judging,
)
from app.domain.refusals import RefusalCode
from app.domain.reminders import ReminderCondition, is_meant

NOW: Final = datetime(2022, 9, 1, 8, 30, 15, 250_000, tzinfo=UTC)
TICK: Final = timedelta(microseconds=1)
SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
VALID_FOR: Final = {
    NatValidity.H24: timedelta(hours=24),
    NatValidity.H48: timedelta(hours=48),
    NatValidity.H72: timedelta(hours=72),
    NatValidity.D7: timedelta(days=7),
}
UNTESTED: Final = Summary(None, None, None)


def negative(at: datetime) -> Summary:
    return Summary(Result.NEGATIVE, at, at)


def positive(at: datetime, negative_at: datetime | None = None) -> Summary:
    return Summary(Result.POSITIVE, at, negative_at)


def nat(at: datetime | None, result: Result) -> NucleicAcidTest:
    return NucleicAcidTest((at or NOW) - timedelta(hours=6), at, result, "")


def member(
    code: HealthCode = HealthCode.GREEN,
    tests: Summary = UNTESTED,
    awaited_until: datetime | None = None,
    number: int = 1,
) -> MemberFacts:
    return MemberFacts(UUID(int=number), code, tests, awaited_until)


def reasons(requirement: Requirement, facts: MemberFacts, now: datetime = NOW) -> set[str]:
    return set(judge_member(requirement, facts, now).reasons)


@pytest.mark.parametrize("validity", VALID_FOR)
def test_a_test_holds_until_exactly_its_validity_has_passed(validity: NatValidity) -> None:  # R19
    requirement, tested_at = Requirement(validity), NOW - VALID_FOR[validity]
    assert reasons(requirement, member(tests=negative(tested_at + TICK))) == set()
    assert reasons(requirement, member(tests=negative(tested_at))) == {"TEST_EXPIRED"}
    assert reasons(requirement, member(tests=negative(tested_at - TICK))) == {"TEST_EXPIRED"}


@pytest.mark.parametrize("validity", VALID_FOR)
def test_a_valid_test_is_looked_at_again_the_moment_it_lapses(validity: NatValidity) -> None:  # R22
    requirement, facts = Requirement(validity), member(tests=negative(NOW))
    lapses_at = NOW + VALID_FOR[validity]
    assert judge_member(requirement, facts, NOW).next_change_at == lapses_at
    assert reasons(requirement, facts, lapses_at - TICK) == set()
    assert reasons(requirement, facts, lapses_at) == {"TEST_EXPIRED"}
    assert judge_member(requirement, facts, lapses_at).next_change_at is None


def test_without_a_validity_neither_age_nor_absence_of_a_test_matters() -> None:  # R19
    old = member(tests=negative(NOW - timedelta(days=400)))
    for facts in (old, member(tests=UNTESTED)):
        verdict = judge_member(Requirement(), facts, NOW)
        assert (verdict.reasons, verdict.next_change_at) == ((), None)


@pytest.mark.parametrize("validity", NatValidity)
@pytest.mark.parametrize("before", [None, NOW - timedelta(hours=1)])
def test_a_positive_newest_result_counts_whatever_the_validity(
    validity: NatValidity, before: datetime | None
) -> None:  # R20
    facts = member(tests=positive(NOW, before))
    assert reasons(Requirement(validity), facts) == {"TEST_POSITIVE"}
    assert judge_member(Requirement(validity), facts, NOW).next_change_at is None


SHARED: Final = [code for code in HealthCode if code is not HealthCode.WITHHELD]  # R42
TESTS: Final = {
    (): negative(NOW - timedelta(hours=1)),
    ("TEST_MISSING",): UNTESTED,
    ("TEST_EXPIRED",): negative(NOW - timedelta(days=8)),
    ("TEST_POSITIVE",): positive(NOW - timedelta(hours=1), NOW - timedelta(days=8)),
}


@pytest.mark.parametrize(("code", "test_reasons"), list(product(SHARED, TESTS)))
@pytest.mark.parametrize("validity", VALID_FOR)
def test_every_code_stands_beside_every_test_reason(
    code: HealthCode, test_reasons: tuple[str, ...], validity: NatValidity
) -> None:  # R20
    facts = member(code, TESTS[test_reasons])
    code_reasons = () if code is HealthCode.GREEN else (f"CODE_{code}",)
    assert reasons(Requirement(validity), facts) == {*code_reasons, *test_reasons}


def colour(*members: MemberFacts, requirement: Requirement = Requirement()) -> GroupColour:
    return judge_group(requirement, members, NOW).colour


def test_one_red_code_turns_the_group_red_whatever_the_others_are() -> None:  # R21
    others = [member(code, number=number) for number, code in enumerate(HealthCode)]
    assert colour(*others) is GroupColour.RED


@pytest.mark.parametrize("code", [HealthCode.YELLOW, HealthCode.UNKNOWN])
@pytest.mark.parametrize("listed", [frozenset[HealthCode](), CHOOSABLE_CODES])
def test_yellow_and_unknown_codes_turn_the_group_yellow_listed_or_not(
    code: HealthCode, listed: frozenset[HealthCode]
) -> None:  # R21
    requirement = Requirement(anomalous_codes=listed)
    assert colour(member(), member(code, number=2), requirement=requirement) is GroupColour.YELLOW


@pytest.mark.parametrize("test_reasons", [reason for reason in TESTS if reason])
def test_a_test_reason_alone_turns_the_group_yellow(test_reasons: tuple[str, ...]) -> None:  # R21
    facts = member(tests=TESTS[test_reasons])
    assert colour(facts, requirement=Requirement(NatValidity.D7)) is GroupColour.YELLOW


def test_a_group_of_green_and_tested_people_is_green() -> None:  # R21
    fresh = member(tests=negative(NOW))
    assert colour(fresh, requirement=Requirement(NatValidity.H24)) is GroupColour.GREEN
    assert colour() is GroupColour.GREEN


def test_a_code_that_is_not_listed_makes_no_anomaly_but_is_counted() -> None:  # R19
    requirement = Requirement(NatValidity.H24, anomalous_codes=frozenset())
    people = [
        member(HealthCode.RED, negative(NOW), number=1),
        member(HealthCode.YELLOW, negative(NOW), number=2),
        member(HealthCode.UNKNOWN, UNTESTED, number=3),
    ]
    verdict = judge_group(requirement, people, NOW)
    assert {key.int: one.reasons for key, one in verdict.anomalies.items()} == {
        1: ("CODE_RED",),
        3: ("TEST_MISSING",),
    }
    counted = {"CODE_RED", "CODE_YELLOW", "CODE_UNKNOWN", "TEST_MISSING"}
    assert verdict.reason_counts == dict.fromkeys(counted, 1)


def test_who_joined_is_not_judged_until_the_first_data_or_ten_minutes_passed() -> None:  # R14
    until = NOW + timedelta(minutes=10)
    facts = member(HealthCode.UNKNOWN, UNTESTED, awaited_until=until)
    requirement = Requirement(NatValidity.H24)
    waiting = judge_member(requirement, facts, until - TICK)
    assert (waiting.reasons, waiting.next_change_at) == ((), until)
    assert reasons(requirement, facts, until) == {"CODE_UNKNOWN", "TEST_MISSING"}
    assert colour(facts, requirement=requirement) is GroupColour.GREEN


def test_the_group_is_judged_again_at_the_earliest_change_among_its_members() -> None:  # R22
    people = [
        member(tests=negative(NOW - timedelta(hours=1)), number=1),
        member(tests=negative(NOW - timedelta(hours=23)), number=2),
        member(awaited_until=NOW + timedelta(minutes=90), number=3),
        member(tests=negative(NOW - timedelta(hours=25)), number=4),
    ]
    verdict = judge_group(Requirement(NatValidity.H24), people, NOW)
    assert verdict.next_change_at == NOW + timedelta(hours=1)


def test_a_negative_that_is_not_believed_yet_counts_from_its_time_on() -> None:  # R20, R22
    coming = NOW + timedelta(hours=3)
    requirement = Requirement(NatValidity.H24)
    for before, reason in [
        (UNTESTED, "TEST_MISSING"),
        (negative(NOW - timedelta(hours=30)), "TEST_EXPIRED"),
        (positive(NOW), "TEST_POSITIVE"),
    ]:
        facts = member(tests=replace(before, next_negative_at=coming))
        assert reasons(requirement, facts, coming - TICK) == {reason}
        assert judge_member(requirement, facts, NOW).next_change_at == coming
        assert reasons(requirement, facts, coming) == set()
        lapses_at = coming + timedelta(hours=24)
        assert judge_member(requirement, facts, coming).next_change_at == lapses_at
        assert reasons(requirement, facts, lapses_at) == {"TEST_EXPIRED"}


def test_a_negative_that_comes_before_another_lapses_keeps_someone_well() -> None:  # R22
    tested_at = NOW - timedelta(hours=20)
    for hours, lapses_at in [(4, 28), (5, 4)]:  # at four hours from now the first one lapses
        coming = replace(negative(tested_at), next_negative_at=NOW + timedelta(hours=hours))
        verdict = judge_member(Requirement(NatValidity.H24), member(tests=coming), NOW)
        assert verdict.next_change_at == NOW + timedelta(hours=lapses_at)


# Whatever the group: moments are whole hours apart, so that members meet at boundaries.
moments = st.integers(-200, 2).map(lambda hours: NOW + timedelta(hours=hours))
requirements = st.builds(
    Requirement,
    st.sampled_from(NatValidity),
    st.frozensets(st.sampled_from(sorted(CHOOSABLE_CODES))),
)
summaries = st.lists(st.builds(nat, st.none() | moments, st.sampled_from(Result)), max_size=4).map(
    lambda tests: summarise_tests(
        [test for test in tests if test.tested_at is None or test.tested_at <= NOW],
        [test for test in tests if test.tested_at is not None and test.tested_at > NOW],
    )
)
awaited = st.none() | st.integers(-10, 10).map(lambda minutes: NOW + timedelta(minutes=minutes))
people = st.lists(
    st.builds(member, st.sampled_from(HealthCode), summaries, awaited), max_size=6
).map(lambda found: [replace(one, member_id=UUID(int=i)) for i, one in enumerate(found)])


def shown(verdict: GroupVerdict) -> object:
    """All that anyone sees of a verdict."""
    listed = {key: one.reasons for key, one in verdict.anomalies.items()}
    return verdict.colour, verdict.reason_counts, listed


@given(requirements, people, st.integers(0, 99))
def test_nothing_changes_before_the_next_change(
    requirement: Requirement, group: list[MemberFacts], percent: int
) -> None:  # R22
    verdict = judge_group(requirement, group, NOW)
    until = verdict.next_change_at or NOW + timedelta(days=30)
    assert until > NOW
    for moment in (NOW + percent * (until - NOW) / 100, until - TICK):
        assert shown(judge_group(requirement, group, moment)) == shown(verdict)


@given(requirements, people)
def test_at_the_next_change_whoever_it_was_for_is_judged_anew(
    requirement: Requirement, group: list[MemberFacts]
) -> None:  # R22
    verdict = judge_group(requirement, group, NOW)
    at = verdict.next_change_at
    if at is None:
        return
    for facts in group:
        before = judge_member(requirement, facts, NOW)
        if before.next_change_at == at and facts.awaited_until != at:
            after = judge_member(requirement, facts, at)
            if facts.tests.next_negative_at == at:  # it puts right what was wrong with the tests
                of_tests = ("TEST_MISSING", "TEST_EXPIRED", "TEST_POSITIVE")
                wrong = [reason for reason in before.reasons if reason in of_tests]
                assert (len(wrong), set(before.reasons) - set(wrong)) == (1, set(after.reasons))
            else:
                assert after.reasons == (*before.reasons, "TEST_EXPIRED")
    following = judge_group(requirement, group, at).next_change_at
    assert following is None or following > at


@given(requirements, people)
def test_the_colour_follows_from_the_reasons_that_stand(
    requirement: Requirement, group: list[MemberFacts]
) -> None:  # R21
    verdict = judge_group(requirement, group, NOW)
    judged = [one for one in group if one.awaited_until is None or one.awaited_until <= NOW]
    standing = [reasons(requirement, facts) for facts in judged]
    red = any(facts.health_code is HealthCode.RED for facts in judged)
    assert (verdict.colour is GroupColour.RED) == red
    assert (verdict.colour is GroupColour.GREEN) == (not any(standing))
    assert verdict.reason_counts == Counter(reason for found in standing for reason in found)


@given(requirements, people)
def test_only_members_with_reasons_are_listed(
    requirement: Requirement, group: list[MemberFacts]
) -> None:  # R20
    not_listed = {f"CODE_{code}" for code in CHOOSABLE_CODES - requirement.anomalous_codes}
    verdict = judge_group(requirement, group, NOW)
    for facts in group:
        expected = reasons(requirement, facts) - not_listed
        found = verdict.anomalies.get(facts.member_id)
        assert set(found.reasons if found else ()) == expected
        assert found is None or expected


# Excused from tests: what that pauses, and exactly from when until when (R20, R22).
HOUR: Final = timedelta(hours=1)
DAILY: Final = Requirement(NatValidity.H24)
EXCUSE: Final = Excuse(NOW - HOUR, NOW + HOUR)
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


def daily(facts: MemberFacts, now: datetime = NOW) -> set[str]:
    return reasons(DAILY, facts, now)


@pytest.mark.parametrize("tests", [UNTESTED, negative(NOW - timedelta(days=3))])
def test_no_test_is_asked_while_it_holds_and_not_a_moment_longer(tests: Summary) -> None:
    facts = replace(member(HealthCode.YELLOW), tests=tests, excuse=EXCUSE)
    reason = "TEST_MISSING" if tests is UNTESTED else "TEST_EXPIRED"
    assert daily(facts) == daily(facts, EXCUSE.until - TICK) == {"CODE_YELLOW"}
    assert daily(facts, EXCUSE.until) == {"CODE_YELLOW", reason}
    assert daily(facts, EXCUSE.since - TICK) == {"CODE_YELLOW", reason}
    assert daily(facts, EXCUSE.since) == {"CODE_YELLOW"}


def test_codes_and_a_positive_result_count_all_the_same() -> None:
    facts = replace(member(HealthCode.RED, positive(NOW - HOUR)), excuse=EXCUSE)
    assert daily(facts) == {"CODE_RED", "TEST_POSITIVE"}
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
    plain = reasons(requirement, replace(facts, excuse=None), at)
    assert facts.excuse is not None
    paused = {"TEST_MISSING", "TEST_EXPIRED"} if facts.excuse.holds(at) else set()
    assert reasons(requirement, facts, at) == plain - paused


@pytest.mark.parametrize("as_of", [None, NOW - 2 * HOUR, NOW])
def test_what_its_end_opens_is_alerted_like_what_time_opens(as_of: datetime | None) -> None:  # R28
    night = NOW.replace(hour=15)  # 23:00 in the configured zone
    excuse = Excuse(night - 9 * HOUR, night)
    facts = replace(member(tests=UNTESTED), excuse=excuse)
    plan = plan_judging(
        GroupState(DAILY, GroupColour.GREEN, {}, None),
        [MemberState(facts, as_of, 0, None, None)],
        night,
        SHANGHAI,
    )
    assert plan.first_alert_at == alert_at(night, SHANGHAI, None) > night


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
