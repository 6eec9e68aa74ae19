"""Withdrawing consent: what is judged without, and what stays kept (R42)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from app.domain.anomalies import AnomalyReason
from app.domain.consents import KeptData, kept_after, why_withheld
from app.domain.groups import GroupColour, NatValidity, Requirement
from app.domain.health import HealthCode
from app.domain.health import TestResult as Result
from app.domain.health import TestSummary as Summary
from app.domain.judging import (
    GroupState,
    MemberFacts,
    MemberState,
    OpenAnomaly,
    judge_group,
    plan_judging,
)
from app.domain.refusals import RefusalCode
from app.domain.reminders import ReminderCondition, is_meant

NOW: Final = datetime(2022, 9, 1, 8, tzinfo=UTC)
ZONE: Final = ZoneInfo("Asia/Shanghai")

moments = st.integers(-200, 200).map(lambda hours: NOW + timedelta(hours=hours))
tests = st.builds(
    Summary, st.sampled_from([None, Result.NEGATIVE, Result.POSITIVE]), moments, moments | st.none()
)
facts = st.builds(
    MemberFacts,
    st.integers(1, 40).map(lambda number: UUID(int=number)),
    st.sampled_from([code for code in HealthCode if code is not HealthCode.WITHHELD]),
    tests,
    moments | st.none(),
)
requirements = st.builds(Requirement, st.sampled_from(list(NatValidity)))


@given(st.lists(facts, unique_by=lambda one: one.member_id), facts, requirements)
def test_a_group_is_judged_as_if_who_withdrew_were_not_there(  # R42
    others: list[MemberFacts], withheld: MemberFacts, requirement: Requirement
) -> None:
    others = [one for one in others if one.member_id != withheld.member_id]
    withheld = replace(withheld, health_code=HealthCode.WITHHELD)
    assert judge_group(requirement, [*others, withheld], NOW) == judge_group(
        requirement, others, NOW
    )


@given(facts, requirements)
def test_an_open_anomaly_of_who_withdrew_is_closed_and_alerts_nobody(  # R28, R42
    withheld: MemberFacts, requirement: Requirement
) -> None:
    reasons = (AnomalyReason.CODE_RED,)
    member = MemberState(
        facts=replace(withheld, health_code=HealthCode.WITHHELD),
        as_of=None,
        doses=0,
        anomaly=OpenAnomaly(reasons, 1, None, NOW),
        reminded_at=None,
    )
    group = GroupState(requirement, GroupColour.RED, {AnomalyReason.CODE_RED: 1}, None)
    plan = plan_judging(group, [member], NOW, ZONE)
    assert plan.closed == [withheld.member_id] and plan.first_alert_at is None
    assert plan.verdict.colour is GroupColour.GREEN and plan.verdict_is_new


@given(facts, st.sampled_from(list(NatValidity)), st.sets(st.sampled_from(list(HealthCode))))
def test_who_withdrew_is_reminded_by_no_condition(  # R30, R42
    withheld: MemberFacts, window: NatValidity, codes: set[HealthCode]
) -> None:
    member = MemberState(
        facts=replace(withheld, health_code=HealthCode.WITHHELD),
        as_of=None,
        doses=0,
        anomaly=None,
        reminded_at=None,
    )
    assert not is_meant(ReminderCondition(True, window, frozenset(codes)), member, NOW)


def test_what_stays_kept_is_said_with_its_end() -> None:  # R34, R42
    out_at = NOW + timedelta(hours=24)
    kept = {one.what: one.until for one in kept_after(NOW, out_at, member=True, needed=True)}
    assert kept[KeptData.MEMBERSHIP] == out_at
    assert kept[KeptData.FORMER_MEMBER] == kept[KeptData.CONSENTS] == out_at + timedelta(days=30)
    assert kept[KeptData.HEALTH_RECORD] is None
    left_at = NOW - timedelta(days=3)
    kept = {one.what: one.until for one in kept_after(NOW, left_at, member=False, needed=False)}
    assert kept[KeptData.FORMER_MEMBER] == left_at + timedelta(days=30)
    assert kept[KeptData.ACCESSES] == NOW + timedelta(days=30)
    assert not {KeptData.MEMBERSHIP, KeptData.HEALTH_RECORD} & kept.keys()


def test_only_a_new_consent_lets_who_withdrew_stay() -> None:  # R42
    assert why_withheld(None) is None
    assert why_withheld(NOW) is RefusalCode.CONSENT_WITHDRAWN
