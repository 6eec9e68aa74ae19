"""Judging a group: what the pure verdict says becomes rows and events (R20-R23)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app.domain.alerts import alert_at, opened_by_time
from app.domain.events import Event, EventType
from app.domain.groups import Requirement
from app.domain.health import HealthCode, TestSummary
from app.domain.judging import (
    AnomalyReason,
    GroupVerdict,
    MemberFacts,
    MemberVerdict,
    judge_group,
    reason_mask,
)
from app.models.anomalies import Anomaly
from app.models.due import Claim, WorkKind, forget
from app.models.groups import Group, lock_group
from app.models.members import Membership
from app.services.kernel.env import Env
from app.services.kernel.unit import Unit, unit_of_work

FACT_COLUMNS: Final = {
    "member_id": "id",
    "awaited_until": "awaited_until",
    "health_code": "person__record__health_code",
    "newest_result": "person__record__newest_result",
    "newest_result_at": "person__record__newest_result_at",
    "newest_negative_at": "person__record__newest_negative_at",
}
_MEMBER_COLUMNS: Final = {
    **FACT_COLUMNS,
    "as_of": "person__record__as_of",
    "doses": "person__record__doses",
    "reasons": "anomaly__reasons",
    "reason_mask": "anomaly__reason_mask",
    "next_change_at": "anomaly__next_change_at",
    "alert_at": "anomaly__alert_at",
}
Rows = Sequence[Mapping[str, Any]]


async def judge_due(env: Env, claim: Claim) -> None:
    """Judge a group because news came or a moment passed (R20, R22); harmless twice."""
    async with unit_of_work(env, claim.subject_id) as unit:
        await judge_in(unit, claim.subject_id)


async def judge_in(
    unit: Unit,
    group_id: UUID,
    *events: Event,
    before: Requirement | None = None,
    **changes: object,
) -> Rows:
    """Judge a group within the open transaction and ask for the next moment (R22).

    ``events``, and ``changes`` to the group's row that they stand for, are the caller's own,
    recorded ahead of what the judgement finds. ``before`` is the requirement that was just
    changed: what it wouldn't have opened alerts nobody (R28). Answers the members as they
    were judged; none of a group that is dissolved.
    """
    group = await lock_group(group_id)
    # Forgotten before the records are read: news that come later ask for a row of their own.
    await forget(WorkKind.JUDGE_GROUP, group_id)
    if group is None:
        return []
    rows = await Membership.filter(group_id=group_id).values(**_MEMBER_COLUMNS)
    requirement = group.requirement
    verdict = judge_group(requirement, [facts_of(row) for row in rows], unit.now)
    alerting = _Alerting(unit, requirement, before, group.alerted_at)
    found = await _write_anomalies(alerting, group_id, rows, verdict)
    found += _verdict_facts(group, verdict, changes)
    if events or found:
        await unit.log(group_id, *events, *found, **changes)
    if verdict.next_change_at is not None:
        await unit.schedule(WorkKind.JUDGE_GROUP, group_id, at=verdict.next_change_at)
    if alerting.first_at is not None:
        await unit.schedule(WorkKind.ALERT_MANAGERS, group_id, at=alerting.first_at)
    return rows


def facts_of(row: Mapping[str, Any]) -> MemberFacts:
    """What is judged of a member, of a row of ``FACT_COLUMNS``."""
    return MemberFacts(
        member_id=row["member_id"],
        health_code=row["health_code"] or HealthCode.UNKNOWN,
        tests=TestSummary(row["newest_result"], row["newest_result_at"], row["newest_negative_at"]),
        awaited_until=row["awaited_until"],
    )


@dataclass(slots=True)
class _Alerting:
    """When each newly opened anomaly is to be alerted (R28); ``first_at``: the earliest."""

    unit: Unit
    requirement: Requirement
    before: Requirement | None
    last_by_time: datetime | None
    first_at: datetime | None = None

    def at(self, row: Mapping[str, Any], verdict: MemberVerdict) -> datetime | None:
        """The moment to alert of an anomaly that opens now; None if never."""
        at = self.unit.now
        if self.before is not None and not self._stood_before(row):
            return None
        if opened_by_time(verdict, facts_of(row).tests, row["as_of"], self.requirement):
            at = alert_at(self.unit.now, self.unit.timezone, self.last_by_time)
        return self._note(at)

    def still_at(self, row: Mapping[str, Any], verdict: MemberVerdict) -> datetime | None:
        """The moment for one that waits, with the reasons it has now: red never waits."""
        if row["alert_at"] is None:
            return None
        red = AnomalyReason.CODE_RED in verdict.reasons
        return self._note(min(self.unit.now, row["alert_at"]) if red else row["alert_at"])

    def _note(self, at: datetime) -> datetime:
        self.first_at = at if self.first_at is None else min(self.first_at, at)
        return at

    def _stood_before(self, row: Mapping[str, Any]) -> bool:
        before = self.before or self.requirement
        return bool(judge_group(before, [facts_of(row)], self.unit.now).anomalies)


async def _write_anomalies(
    alerting: _Alerting, group_id: UUID, rows: Rows, verdict: GroupVerdict
) -> list[Event]:
    """Open, change and close anomalies; one that stands is not opened again (R23)."""
    standing = {row["member_id"]: row for row in rows if row["reasons"]}
    opened = [
        row
        for row in rows
        if row["member_id"] in verdict.anomalies and row["member_id"] not in standing
    ]
    closed = [member for member in standing if member not in verdict.anomalies]
    events = [Event(EventType.ANOMALY_OPENED, subject_id=row["member_id"]) for row in opened]
    events += [Event(EventType.ANOMALY_CLOSED, subject_id=member) for member in closed]
    await Anomaly.bulk_create(
        _opened(alerting, group_id, row, verdict.anomalies[row["member_id"]]) for row in opened
    )
    if closed:
        await Anomaly.filter(member_id__in=closed).delete()
    for member, old in standing.items():
        new = verdict.anomalies.get(member)
        if new is not None and await _change(alerting, member, old, new):
            events.append(Event(EventType.ANOMALY_CHANGED, subject_id=member))
    return events


async def _change(
    alerting: _Alerting, member_id: UUID, old: Mapping[str, Any], new: MemberVerdict
) -> bool:
    """Write what became of an anomaly that stands; False when nothing did."""
    values = {
        "reasons": list(new.reasons),
        "reason_mask": reason_mask(new.reasons),
        "next_change_at": new.next_change_at,
        "alert_at": alerting.still_at(old, new),
    }
    if all(old[column] == value for column, value in values.items()):
        return False
    await Anomaly.filter(member_id=member_id).update(**values)
    return True


def _opened(
    alerting: _Alerting, group_id: UUID, row: Mapping[str, Any], verdict: MemberVerdict
) -> Anomaly:
    return Anomaly(
        id=alerting.unit.new_id(),
        group_id=group_id,
        member_id=row["member_id"],
        reasons=list(verdict.reasons),
        reason_mask=reason_mask(verdict.reasons),
        opened_at=alerting.unit.now,
        next_change_at=verdict.next_change_at,
        alert_at=alerting.at(row, verdict),
    )


def _verdict_facts(group: Group, verdict: GroupVerdict, changes: dict[str, object]) -> list[Event]:
    """Add to ``changes`` what becomes of colour and counts; answers the event of it (R21)."""
    old_colour = group.colour
    counts = {reason.value: count for reason, count in verdict.reason_counts.items()}
    if old_colour is verdict.colour and group.reason_counts == counts:
        return []
    changes |= {"colour": verdict.colour, "reason_counts": counts}
    if old_colour is verdict.colour:
        return [Event(EventType.REASONS_CHANGED)]
    details = {"from": old_colour.value, "to": verdict.colour.value}
    return [Event(EventType.COLOUR_CHANGED, details=details)]
