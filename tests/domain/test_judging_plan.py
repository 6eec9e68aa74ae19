"""What a judgement writes: anomalies opened, changed and closed, events, and when to alert."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.anomalies import AnomalyReason, reason_mask
from app.domain.events import EventType
from app.domain.groups import GroupColour, NatValidity, Requirement
from app.domain.health import HealthCode
from app.domain.health import TestResult as Result
from app.domain.health import TestSummary as Summary
from app.domain.judging import (
    GroupState,
    JudgingPlan,
    MemberFacts,
    MemberState,
    OpenAnomaly,
    plan_judging,
)

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
NOW: Final = datetime(2022, 9, 1, 4, 0, tzinfo=UTC)  # noon
HOUR: Final = timedelta(hours=1)
LATER: Final = NOW + HOUR
DAY: Final = Requirement(NatValidity.H24)
NO_COUNTS: Final[Mapping[AnomalyReason, int]] = {}
GREEN_GROUP: Final = GroupState(DAY, GroupColour.GREEN, NO_COUNTS, None)
RED, EXPIRED = AnomalyReason.CODE_RED, AnomalyReason.TEST_EXPIRED


def anomaly(
    *reasons: AnomalyReason, alert_at: datetime | None = None, next_change_at: datetime | None
) -> OpenAnomaly:
    return OpenAnomaly(reasons, reason_mask(reasons), next_change_at, alert_at)


def member(
    number: int = 1,
    code: HealthCode = HealthCode.GREEN,
    tested: timedelta = HOUR,
    found: OpenAnomaly | None = None,
    as_of: datetime = NOW,
) -> MemberState:
    """Someone with that code whose last test is so old."""
    at = NOW - tested
    facts = MemberFacts(UUID(int=number), code, Summary(Result.NEGATIVE, at, at))
    return MemberState(facts, as_of, 0, found, None)


def plan(*members: MemberState, group: GroupState = GREEN_GROUP) -> JudgingPlan:
    return plan_judging(group, members, NOW, SHANGHAI)


def written(found: JudgingPlan) -> list[tuple[str, int | None]]:
    """The events of a plan, with the number of the member each is about."""
    return [
        (one.type.value, one.subject_id.int if one.subject_id else None) for one in found.events
    ]


def after(found: JudgingPlan, members: list[MemberState]) -> list[MemberState]:
    """The members as the next judgement finds them, the plan written."""
    kept = {one.facts.member_id: one.anomaly for one in members if one.anomaly}
    kept = {key: one for key, one in kept.items() if key not in found.closed}
    kept |= {**found.opened, **found.changed}
    return [replace(one, anomaly=kept.get(one.facts.member_id)) for one in members]


def test_an_anomaly_opens_with_its_reasons_and_turns_the_group() -> None:  # R20, R21, R23
    found = plan(member(1), member(2, HealthCode.RED))
    lapses_at = NOW + 23 * HOUR
    assert found.opened == {UUID(int=2): anomaly(RED, alert_at=NOW, next_change_at=lapses_at)}
    assert (found.changed, list(found.closed)) == ({}, [])
    assert written(found) == [("ANOMALY_OPENED", 2), ("COLOUR_CHANGED", None)]
    assert found.events[-1].details == {"from": "GREEN", "to": "RED"}
    assert found.verdict_is_new
    assert found.verdict.next_change_at == lapses_at  # R22


def test_an_anomaly_that_stays_is_not_opened_again() -> None:  # R23
    found = anomaly(RED, next_change_at=NOW + 23 * HOUR)
    group = replace(GREEN_GROUP, colour=GroupColour.RED, reason_counts={RED: 1})
    nothing = plan(member(1, HealthCode.RED, found=found), group=group)
    assert (nothing.opened, nothing.changed, list(nothing.closed)) == ({}, {}, [])
    assert (list(nothing.events), nothing.verdict_is_new) == ([], False)


def test_an_anomaly_changes_with_its_reasons() -> None:  # R23
    old = anomaly(RED, next_change_at=None)
    group = replace(GREEN_GROUP, colour=GroupColour.RED, reason_counts={RED: 1})
    found = plan(member(1, HealthCode.RED, tested=25 * HOUR, found=old), group=group)
    assert found.changed == {UUID(int=1): anomaly(RED, EXPIRED, next_change_at=None)}
    assert written(found) == [("ANOMALY_CHANGED", 1), ("REASONS_CHANGED", None)]


def test_an_anomaly_closes_when_its_reasons_go() -> None:  # R23
    group = replace(GREEN_GROUP, colour=GroupColour.RED, reason_counts={RED: 1})
    found = plan(member(1, found=anomaly(RED, next_change_at=None)), group=group)
    assert list(found.closed) == [UUID(int=1)]
    assert written(found) == [("ANOMALY_CLOSED", 1), ("COLOUR_CHANGED", None)]
    assert found.verdict.reason_counts == {}


def test_opened_is_logged_before_closed_before_changed() -> None:
    found = plan(
        member(1, HealthCode.YELLOW, found=anomaly(RED, next_change_at=None)),
        member(2, found=anomaly(RED, next_change_at=None)),
        member(3, HealthCode.RED),
        member(4, HealthCode.RED),
    )
    assert written(found) == [
        ("ANOMALY_OPENED", 3),
        ("ANOMALY_OPENED", 4),
        ("ANOMALY_CLOSED", 2),
        ("ANOMALY_CHANGED", 1),
        ("COLOUR_CHANGED", None),
    ]


def test_what_a_fetch_found_is_alerted_at_once_and_what_time_opened_is_gathered() -> None:  # R28
    lapsed = member(1, tested=25 * HOUR, as_of=NOW - 2 * HOUR)
    group = replace(GREEN_GROUP, alerted_at=NOW - HOUR / 2)
    gathered = plan(lapsed, group=group)
    assert gathered.first_alert_at == NOW + HOUR / 2
    both = plan(lapsed, member(2, HealthCode.YELLOW), group=group)
    assert [one.alert_at for one in both.opened.values()] == [NOW + HOUR / 2, NOW]
    assert both.first_alert_at == NOW


def test_a_changed_requirement_alerts_of_nothing_that_it_opened_alone() -> None:  # R28
    group = replace(GREEN_GROUP, former_requirement=Requirement())
    found = plan(member(1, tested=25 * HOUR), member(2, HealthCode.RED), group=group)
    assert [one.alert_at for one in found.opened.values()] == [None, NOW]


@pytest.mark.parametrize(("code", "alert_at"), [(HealthCode.YELLOW, LATER), (HealthCode.RED, NOW)])
def test_an_alert_that_waits_is_asked_for_again_until_it_is_sent(
    code: HealthCode, alert_at: datetime
) -> None:  # R28
    waiting = anomaly(EXPIRED, alert_at=LATER, next_change_at=None)
    found = plan(member(1, code, tested=25 * HOUR, found=waiting))
    assert found.first_alert_at == alert_at
    assert [one.alert_at for one in found.changed.values()] == [alert_at]


def test_where_every_anomaly_was_alerted_no_alert_is_asked_for() -> None:  # R28
    alerted = anomaly(RED, next_change_at=None)
    assert plan(member(1, HealthCode.RED, found=alerted)).first_alert_at is None


old_anomalies = st.none() | st.builds(
    lambda reasons, change, alert: OpenAnomaly(
        tuple(sorted(reasons)), reason_mask(reasons), change, alert
    ),
    st.frozensets(st.sampled_from(AnomalyReason), min_size=1),
    st.none() | st.just(LATER),
    st.none() | st.just(LATER),
)
groups = st.lists(
    st.builds(
        member,
        st.just(0),
        st.sampled_from(HealthCode),
        st.integers(0, 50).map(lambda hours: hours * HOUR),
        old_anomalies,
        st.sampled_from([NOW, NOW - 30 * HOUR]),
    ),
    max_size=6,
).map(
    lambda found: [
        replace(one, facts=replace(one.facts, member_id=UUID(int=number)))
        for number, one in enumerate(found)
    ]
)


@given(groups)
def test_once_written_the_same_judgement_finds_nothing_new(members: list[MemberState]) -> None:
    first = plan(*members)  # R23
    verdict = first.verdict
    group = replace(GREEN_GROUP, colour=verdict.colour, reason_counts=verdict.reason_counts)
    again = plan(*after(first, members), group=group)
    assert (again.opened, again.changed, list(again.closed)) == ({}, {}, [])
    assert (list(again.events), again.verdict_is_new) == ([], False)
    assert again.first_alert_at == first.first_alert_at


@given(groups)
def test_every_anomaly_is_kept_once_and_logged_once(members: list[MemberState]) -> None:  # R23
    found = plan(*members)
    opened, changed, closed = set(found.opened), set(found.changed), set(found.closed)
    assert not (opened & changed or opened & closed or changed & closed)
    logged = [one.subject_id for one in found.events if one.subject_id is not None]
    assert sorted(logged) == sorted(opened | changed | closed)
    here = {one.facts.member_id for one in after(found, members) if one.anomaly}
    assert here == set(found.verdict.anomalies)
    types = [one.type for one in found.events]
    assert types.count(EventType.COLOUR_CHANGED) + types.count(EventType.REASONS_CHANGED) <= 1
