"""Judging a group: from requirement, records and time to everything that is to be written.

``plan_judging`` is the whole of it. It finds the reasons against each member (R20), the colour
(R21), which anomalies open, change and close (R23), when managers are alerted of them (R28),
and the next moment at which time alone changes the result (R22). It asks nobody and writes
nothing: a service reads the state, has it judged, and writes the plan.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from app.domain.alerts import alert_at, found_alert_at, opened_by_time, still_alert_at
from app.domain.anomalies import (
    CODE_REASONS,
    AnomalyReason,
    colour_of,
    is_listed,
    reason_mask,
)
from app.domain.events import Event, EventType
from app.domain.excuses import Excuse, opened_by_its_end
from app.domain.groups import GroupColour, Requirement
from app.domain.health import HealthCode, TestSummary
from app.domain.judging_tests import judge_tests


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """What is judged of a member.

    ``awaited_until`` is set while the member's first data is on its way (R14), ``excuse`` where
    they have one, be it over.
    """

    member_id: UUID
    health_code: HealthCode
    tests: TestSummary
    awaited_until: datetime | None = None
    excuse: Excuse | None = None


@dataclass(frozen=True, slots=True)
class OpenAnomaly:
    """An anomaly that is open, with the reasons that the group lists (R19).

    ``next_change_at`` is when time alone changes the reasons. ``alert_at`` is when managers
    are to be alerted of it; None when they were already, or never will be (R28).
    """

    reasons: tuple[AnomalyReason, ...]
    reason_mask: int
    next_change_at: datetime | None
    alert_at: datetime | None


@dataclass(frozen=True, slots=True)
class MemberState:
    """A member as they are on record: what is judged, and what the last judgement left.

    ``as_of`` is when the provider was queried for what it last said of the person. Doses aren't
    judged but reported (R36); ``reminded_at`` is the last reminder from this group (R31).
    ``section_id`` is the section that they are in (R50).
    """

    facts: MemberFacts
    as_of: datetime | None
    doses: int
    anomaly: OpenAnomaly | None
    reminded_at: datetime | None
    section_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class GroupState:
    """A group before the judgement: what it requires, and what the last judgement left.

    ``gathers`` where more may be found within the minute: one alert tells of all of it (R28).

    ``alerted_at`` is when managers were last alerted of what time alone opened (R28).
    ``former_requirement`` is what was required until now, while that is being changed.
    """

    requirement: Requirement
    colour: GroupColour
    reason_counts: Mapping[AnomalyReason, int]
    alerted_at: datetime | None
    former_requirement: Requirement | None = None
    gathers: bool = False


@dataclass(frozen=True, slots=True)
class MemberVerdict:
    """The reasons against a member, and when time alone changes them."""

    reasons: tuple[AnomalyReason, ...]
    next_change_at: datetime | None


@dataclass(frozen=True, slots=True)
class GroupVerdict:
    """The group's colour, the count of each reason behind it, and the members listed.

    ``anomalies`` holds the reasons that the group lists (R19); ``reason_counts`` counts
    every reason, listed or not, because the colour counts every code (R21).
    """

    colour: GroupColour
    reason_counts: Mapping[AnomalyReason, int]
    anomalies: Mapping[UUID, MemberVerdict]
    next_change_at: datetime | None


@dataclass(frozen=True, slots=True)
class JudgingPlan:
    """All that a judgement writes.

    Anomalies to open, to change and to close, by member; the verdict, whose colour and counts
    are new when ``verdict_is_new``; the events to log, in their order; and the moment of the
    earliest alert that is still to be sent, None when there is none.
    """

    opened: Mapping[UUID, OpenAnomaly]
    changed: Mapping[UUID, OpenAnomaly]
    closed: Sequence[UUID]
    verdict: GroupVerdict
    verdict_is_new: bool
    events: Sequence[Event]
    first_alert_at: datetime | None


def judge_member(requirement: Requirement, facts: MemberFacts, now: datetime) -> MemberVerdict:
    """Return every reason against one member (R20), listed or not."""
    if facts.health_code is HealthCode.WITHHELD:  # R42: the group is judged without them
        return MemberVerdict((), None)
    if facts.awaited_until is not None and now < facts.awaited_until:  # R14
        return MemberVerdict((), facts.awaited_until)
    reasons: list[AnomalyReason] = []
    if code_reason := CODE_REASONS.get(facts.health_code):
        reasons.append(code_reason)
    test_reason, lapses_at = judge_tests(requirement, facts.tests, facts.excuse, now)
    if test_reason is not None:
        reasons.append(test_reason)
    return MemberVerdict(tuple(reasons), lapses_at)


def judge_group(
    requirement: Requirement, members: Iterable[MemberFacts], now: datetime
) -> GroupVerdict:
    """Return the verdict on a group at ``now`` (R21, R22)."""
    counts: Counter[AnomalyReason] = Counter()
    anomalies: dict[UUID, MemberVerdict] = {}
    changes: list[datetime] = []
    for facts in members:
        verdict = judge_member(requirement, facts, now)
        counts.update(verdict.reasons)
        if verdict.next_change_at is not None:
            changes.append(verdict.next_change_at)
        listed = tuple(reason for reason in verdict.reasons if is_listed(reason, requirement))
        if listed:
            anomalies[facts.member_id] = MemberVerdict(listed, verdict.next_change_at)
    return GroupVerdict(
        colour=colour_of(counts),
        reason_counts={reason: counts[reason] for reason in AnomalyReason if counts[reason]},
        anomalies=anomalies,
        next_change_at=min(changes, default=None),
    )


def plan_judging(
    group: GroupState, members: Sequence[MemberState], now: datetime, zone: ZoneInfo
) -> JudgingPlan:
    """Judge a group at ``now`` and return what is to be written.

    An anomaly opens once and closes when its reasons go; one that stays open isn't opened
    again (R23). ``zone`` is where it is night, for alerts (R28).
    """
    verdict = judge_group(group.requirement, (member.facts for member in members), now)
    old = {member.facts.member_id: member.anomaly for member in members if member.anomaly}
    new = {
        member.facts.member_id: _anomaly(group, member, found, now, zone)
        for member in members
        if (found := verdict.anomalies.get(member.facts.member_id))
    }
    opened = {key: anomaly for key, anomaly in new.items() if key not in old}
    changed = {key: anomaly for key, anomaly in new.items() if key in old and anomaly != old[key]}
    closed = [key for key in old if key not in new]
    of_members = [
        *(Event(EventType.ANOMALY_OPENED, subject_id=key) for key in opened),
        *(Event(EventType.ANOMALY_CLOSED, subject_id=key) for key in closed),
        *(Event(EventType.ANOMALY_CHANGED, subject_id=key) for key in changed),
    ]
    of_group = _group_events(group, verdict)
    return JudgingPlan(
        opened=opened,
        changed=changed,
        closed=closed,
        verdict=verdict,
        verdict_is_new=bool(of_group),
        events=of_members + of_group,
        first_alert_at=min((one.alert_at for one in new.values() if one.alert_at), default=None),
    )


def _anomaly(
    group: GroupState, member: MemberState, found: MemberVerdict, now: datetime, zone: ZoneInfo
) -> OpenAnomaly:
    return OpenAnomaly(
        reasons=found.reasons,
        reason_mask=reason_mask(found.reasons),
        next_change_at=found.next_change_at,
        alert_at=_alert_at(group, member, found, now, zone),
    )


def _alert_at(
    group: GroupState, member: MemberState, found: MemberVerdict, now: datetime, zone: ZoneInfo
) -> datetime | None:
    """Return when managers are to be alerted of a member's anomaly; None if never (R28)."""
    if member.anomaly is not None:
        before = member.anomaly
        return still_alert_at(
            before.alert_at, before.reasons, found.reasons, now, gathers=group.gathers
        )
    former = group.former_requirement
    if former is not None and not judge_group(former, [member.facts], now).anomalies:
        return None  # the changed requirement alone opened it
    by_excuse = opened_by_its_end(found.reasons, member.facts.excuse, member.as_of, now)
    tests = member.facts.tests
    if by_excuse or opened_by_time(found.reasons, tests, member.as_of, group.requirement):
        return alert_at(now, zone, group.alerted_at)
    return found_alert_at(found.reasons, now, gathers=group.gathers)


def _group_events(group: GroupState, verdict: GroupVerdict) -> list[Event]:
    if group.colour is not verdict.colour:
        details = {"from": group.colour.value, "to": verdict.colour.value}
        return [Event(EventType.COLOUR_CHANGED, details=details)]
    if group.reason_counts != verdict.reason_counts:
        return [Event(EventType.REASONS_CHANGED)]
    return []
