"""Judging a group: what the pure verdict says becomes rows and events (R20-R23)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from app.domain.events import EventType, Fact
from app.domain.groups import GroupColour
from app.domain.health import HealthCode, TestSummary
from app.domain.judging import GroupVerdict, MemberFacts, MemberVerdict, judge_group
from app.models.anomalies import Anomaly
from app.models.due import Claim, WorkKind, forget
from app.models.groups import lock_group, requirement_of
from app.models.members import Membership
from app.services.env import Env
from app.services.unit import Unit, unit_of_work

_GROUP_COLUMNS = ("colour", "reason_counts", "nat_validity", "lists_yellow", "lists_unknown")
_MEMBER_COLUMNS = {
    "member_id": "id",
    "awaited_until": "awaited_until",
    "health_code": "person__record__health_code",
    "newest_result": "person__record__newest_result",
    "newest_result_at": "person__record__newest_result_at",
    "newest_negative_at": "person__record__newest_negative_at",
    "reasons": "anomaly__reasons",
    "next_change_at": "anomaly__next_change_at",
}


async def judge_due(env: Env, claim: Claim) -> None:
    """Judge a group because news came or a moment passed (R20, R22); harmless twice."""
    async with unit_of_work(env, claim.subject_id) as unit:
        await judge_in(unit, claim.subject_id)


async def judge_in(unit: Unit, group_id: UUID, *facts: Fact, **changes: object) -> None:
    """Judge a group within the open transaction and ask for the next moment (R22).

    ``facts``, and ``changes`` to the group's row that they stand for, are the caller's own,
    recorded ahead of what the judgement finds.
    """
    group = await lock_group(group_id, *_GROUP_COLUMNS)
    # Forgotten before the records are read: news that come later ask for a row of their own.
    await forget(WorkKind.JUDGE_GROUP, group_id)
    if group is None:
        return
    rows = await Membership.filter(group_id=group_id).values(**_MEMBER_COLUMNS)
    verdict = judge_group(requirement_of(group), [_facts(row) for row in rows], unit.now)
    found = await _write_anomalies(unit, group_id, rows, verdict)
    found += _verdict_facts(group, verdict, changes)
    if facts or found:
        await unit.record(group_id, *facts, *found, **changes)
    if verdict.next_change_at is not None:
        await unit.schedule(WorkKind.JUDGE_GROUP, group_id, at=verdict.next_change_at)


def _facts(row: Mapping[str, Any]) -> MemberFacts:
    return MemberFacts(
        member_id=row["member_id"],
        health_code=row["health_code"] or HealthCode.UNKNOWN,
        tests=TestSummary(row["newest_result"], row["newest_result_at"], row["newest_negative_at"]),
        awaited_until=row["awaited_until"],
    )


async def _write_anomalies(
    unit: Unit, group_id: UUID, rows: list[dict[str, Any]], verdict: GroupVerdict
) -> list[Fact]:
    """Open, change and close anomalies; one that stands is not opened again (R23)."""
    standing = {row["member_id"]: row for row in rows if row["reasons"]}
    opened = [member for member in verdict.anomalies if member not in standing]
    closed = [member for member in standing if member not in verdict.anomalies]
    facts = [Fact(EventType.ANOMALY_OPENED, subject_id=member) for member in opened]
    facts += [Fact(EventType.ANOMALY_CLOSED, subject_id=member) for member in closed]
    await Anomaly.bulk_create(
        _row(group_id, member, verdict.anomalies[member], unit.now) for member in opened
    )
    if closed:
        await Anomaly.filter(member_id__in=closed).delete()
    for member, old in standing.items():
        new = verdict.anomalies.get(member)
        if new is None or _same(old, new):
            continue
        await Anomaly.filter(member_id=member).update(
            reasons=list(new.reasons), next_change_at=new.next_change_at
        )
        facts.append(Fact(EventType.ANOMALY_CHANGED, subject_id=member))
    return facts


def _same(old: Mapping[str, Any], new: MemberVerdict) -> bool:
    return (old["reasons"], old["next_change_at"]) == (list(new.reasons), new.next_change_at)


def _row(group_id: UUID, member_id: UUID, verdict: MemberVerdict, now: datetime) -> Anomaly:
    return Anomaly(
        id=uuid4(),
        group_id=group_id,
        member_id=member_id,
        reasons=list(verdict.reasons),
        opened_at=now,
        next_change_at=verdict.next_change_at,
    )


def _verdict_facts(
    group: Mapping[str, Any], verdict: GroupVerdict, changes: dict[str, object]
) -> list[Fact]:
    """Add to ``changes`` what becomes of colour and counts; answers the fact of it (R21)."""
    old_colour: GroupColour = group["colour"]
    counts = {reason.value: count for reason, count in verdict.reason_counts.items()}
    if old_colour is verdict.colour and group["reason_counts"] == counts:
        return []
    changes |= {"colour": verdict.colour, "reason_counts": counts}
    if old_colour is verdict.colour:
        return [Fact(EventType.REASONS_CHANGED)]
    details = {"from": old_colour.value, "to": verdict.colour.value}
    return [Fact(EventType.COLOUR_CHANGED, details=details)]
