"""Judging a group as a careful hand writes it: one read, and one statement for each kind of row."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import orjson

from app.domain.anomalies import AnomalyReason
from app.domain.groups import GroupColour, NatValidity, Requirement, requirement_codes
from app.domain.health import HealthCode, TestResult, TestSummary
from app.domain.judging import (
    GroupState,
    JudgingPlan,
    MemberFacts,
    MemberState,
    OpenAnomaly,
    plan_judging,
)
from app.domain.statistics import statistics_of
from app.ports.cipher import Cipher
from bench.floor.tables import Row
from bench.people import SECRET

_CIPHER: Final = Cipher(SECRET)
_ZONE: Final = ZoneInfo("Asia/Shanghai")
_LATER: Final = timedelta(hours=9)  # after everything that is measured
_NO_TESTS: Final = TestSummary(None, None, None)
LOCK: Final = """SELECT colour, reason_counts, nat_validity, lists_yellow, lists_unknown, version,
    alerted_at FROM groups WHERE id = $1 AND dissolved_at IS NULL FOR NO KEY UPDATE"""
EVENTS: Final = """INSERT INTO group_event (id, group_id, seq, type, subject_id, details, at)
  SELECT gen_random_uuid(), $1, new.seq, new.type, new.subject, new.details, $6
  FROM unnest($2::bigint[], $3::text[], $4::uuid[], $5::jsonb[])
    AS new(seq, type, subject, details)"""
_MEMBERS: Final = """SELECT m.id, m.awaited_until, m.withheld_at IS NOT NULL, m.reminded_at,
    h.health_code, h.newest_result, h.newest_result_at, h.newest_negative_at, h.next_negative_at,
    h.doses, h.as_of, a.reasons, a.reason_mask, a.next_change_at, a.alert_at
  FROM membership m LEFT JOIN health_record h ON h.person_id = m.person_id
  LEFT JOIN anomaly a ON a.member_id = m.id WHERE m.group_id = $1 ORDER BY m.joined_at, m.id"""
_ANOMALIES: Final = """INSERT INTO anomaly (id, group_id, member_id, reasons, reason_mask,
    opened_at, next_change_at, alert_at)
  SELECT gen_random_uuid(), $1, new.member, new.reasons, new.mask, $2, new.changes, new.alert
  FROM unnest($3::uuid[], $4::jsonb[], $5::int[], $6::timestamptz[], $7::timestamptz[])
    AS new(member, reasons, mask, changes, alert)
  ON CONFLICT (member_id) DO UPDATE SET reasons = excluded.reasons,
    reason_mask = excluded.reason_mask, next_change_at = excluded.next_change_at,
    alert_at = excluded.alert_at"""
_JUDGED: Final = """UPDATE groups SET version = version + $2, colour = $3, reason_counts = $4,
  refreshed_at = $5 WHERE id = $1"""
_DUE: Final = """INSERT INTO due_work (key, kind, subject_id, due_at, attempts, stamp)
  SELECT new.kind || ':' || $1::uuid::text, new.kind, $1::uuid, new.at, 0, gen_random_uuid()
  FROM unnest($2::text[], $3::timestamptz[]) AS new(kind, at)
  ON CONFLICT (key) DO UPDATE SET due_at = LEAST(due_work.due_at, excluded.due_at),
    stamp = excluded.stamp"""
_OTHERS: Final = """INSERT INTO due_work (key, kind, subject_id, due_at, attempts, stamp)
  SELECT DISTINCT 'JUDGE_GROUP:' || other.group_id, 'JUDGE_GROUP', other.group_id,
    $2::timestamptz, 0, $3::uuid
  FROM membership own JOIN membership other ON other.person_id = own.person_id
  WHERE own.group_id = $1 AND other.group_id <> $1 ORDER BY 1
  ON CONFLICT (key) DO UPDATE SET due_at = LEAST(due_work.due_at, excluded.due_at),
    stamp = excluded.stamp"""
_REPORT: Final = """INSERT INTO day_report (id, group_id, day, refreshed_at, statistics, members)
  VALUES (gen_random_uuid(), $1, $2, $3, $4, $5)
  ON CONFLICT (group_id, day) DO UPDATE SET refreshed_at = excluded.refreshed_at,
    statistics = excluded.statistics, members = excluded.members"""


async def judge(
    connection: Any, group_id: UUID, now: datetime, ended: tuple[str, UUID, str]
) -> list[MemberState]:
    """Judge a group in the open transaction, with the event that ended its refresh."""
    group = await connection.fetchrow(LOCK, group_id)
    await connection.execute("DELETE FROM due_work WHERE key = $1", f"JUDGE_GROUP:{group_id}")
    members = [_member(row) for row in await connection.fetch(_MEMBERS, group_id)]
    counts = {AnomalyReason(key): count for key, count in orjson.loads(group[1]).items()}
    codes = requirement_codes(group[3], group[4])
    state = GroupState(
        Requirement(NatValidity(group[2]), codes), GroupColour(group[0]), counts, group[6]
    )
    plan = plan_judging(state, members, now, _ZONE)
    await _write(connection, group_id, now, plan, ended, group["version"])
    return members


def _member(row: Row) -> MemberState:
    key, awaited, withheld, reminded, code, *rest = row
    result, result_at, negative_at, coming, doses, as_of, reasons, mask, changes_at, alert = rest
    anomaly = None
    if reasons:
        found = tuple(map(AnomalyReason, orjson.loads(reasons)))
        anomaly = OpenAnomaly(found, mask, changes_at, alert)
    if withheld:
        facts = MemberFacts(key, HealthCode.WITHHELD, _NO_TESTS)
        return MemberState(facts, None, 0, anomaly, reminded)
    tests = TestSummary(TestResult(result) if result else None, result_at, negative_at, coming)
    facts = MemberFacts(key, HealthCode(code or "UNKNOWN"), tests, awaited)
    return MemberState(facts, as_of, doses or 0, anomaly, reminded)


async def _write(
    connection: Any,
    group_id: UUID,
    now: datetime,
    plan: JudgingPlan,
    ended: tuple[str, UUID, str],
    version: int,
) -> None:
    if standing := {**plan.opened, **plan.changed}:
        rows = [
            (
                key,
                orjson.dumps(one.reasons).decode(),
                one.reason_mask,
                one.next_change_at,
                one.alert_at,
            )
            for key, one in standing.items()
        ]
        columns = map(list, zip(*rows, strict=True))
        await connection.execute(_ANOMALIES, group_id, now, *columns)
    if plan.closed:
        await connection.execute("DELETE FROM anomaly WHERE member_id = ANY($1)", plan.closed)
    events = [ended] + [
        (event.type.value, event.subject_id, orjson.dumps(event.details).decode())
        for event in plan.events
    ]
    found = {reason.value: count for reason, count in plan.verdict.reason_counts.items()}
    stored = orjson.dumps(found).decode()
    await connection.execute(_JUDGED, group_id, len(events), plan.verdict.colour, stored, now)
    numbers = list(range(version + 1, version + 1 + len(events)))
    await connection.execute(EVENTS, group_id, numbers, *map(list, zip(*events, strict=True)), now)
    due = [("JUDGE_GROUP", plan.verdict.next_change_at), ("ALERT_MANAGERS", plan.first_alert_at)]
    if later := [(kind, max(at, now + _LATER)) for kind, at in due if at]:
        await connection.execute(_DUE, group_id, *map(list, zip(*later, strict=True)))


async def keep_report(
    connection: Any, group_id: UUID, now: datetime, members: Sequence[MemberState]
) -> None:
    """Keep the group as the report of the day: its counts, and a row a member."""
    sharing = [one for one in members if one.facts.health_code is not HealthCode.WITHHELD]
    found = statistics_of(sharing, now)
    statistics = {
        "total": found.total,
        "codes": {code.value: count for code, count in found.codes.items()},
        "tests": [[*key, count] for key, count in found.tests.items()],
        "doses": list(found.doses.items()),
    }
    rows = [
        (
            str(one.facts.member_id),
            one.facts.health_code,
            tests.newest_result,
            tests.newest_result_at,
            one.doses,
        )
        for one in sharing
        if (tests := one.facts.tests)
    ]
    await connection.execute(
        _REPORT,
        group_id,
        now.date(),
        now,
        _CIPHER.encrypt(orjson.dumps(statistics), b"day_report.statistics"),
        _CIPHER.encrypt(orjson.dumps(rows), b"day_report.members"),
    )


async def due_later(connection: Any, group_id: UUID, now: datetime) -> None:
    """Have every other group of these people judged, later than anything is measured."""
    await connection.execute(_OTHERS, group_id, now + _LATER, uuid4())
