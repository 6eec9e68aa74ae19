"""What a judgement reads: the members of a group, with their records and open anomalies."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from app.domain.anomalies import AnomalyReason
from app.domain.excuses import Excuse
from app.domain.groups import Requirement
from app.domain.health import HealthCode, TestResult, TestSummary
from app.domain.judging import GroupState, MemberFacts, MemberState, OpenAnomaly
from app.models.groups import Group
from app.models.members import Membership
from app.models.reading import read_own

# Anomalies are found by their group, too: a plan might otherwise read them all.
_MEMBERS: Final = """
    SELECT membership.id AS member_id, section_id, awaited_until, withheld_at, reminded_at,
           excused_from, excused_until,
           health_code, newest_result, newest_result_at, newest_negative_at, next_negative_at,
           doses, as_of, reasons, reason_mask, next_change_at, alert_at
    FROM membership
    LEFT JOIN health_record ON health_record.person_id = membership.person_id
    LEFT JOIN anomaly ON anomaly.member_id = membership.id AND anomaly.group_id = $1
    WHERE membership.group_id = $1
    ORDER BY joined_at, membership.id
"""


def group_state(
    group: Group, former_requirement: Requirement | None, *, gathers: bool
) -> GroupState:
    """Return a group as its row holds it before it is judged."""
    counts = group.reason_counts.items()
    return GroupState(
        requirement=group.requirement,
        colour=group.colour,
        reason_counts={AnomalyReason(reason): count for reason, count in counts},
        alerted_at=group.alerted_at,
        former_requirement=former_requirement,
        gathers=gathers,
    )


class _MemberRow(NamedTuple):
    """A row of ``_MEMBERS``; the columns of a record or an anomaly that isn't there are None."""

    member_id: UUID
    section_id: UUID | None
    awaited_until: datetime | None
    withheld_at: datetime | None
    reminded_at: datetime | None
    excused_from: datetime | None
    excused_until: datetime | None
    health_code: HealthCode | None
    newest_result: TestResult | None
    newest_result_at: datetime | None
    newest_negative_at: datetime | None
    next_negative_at: datetime | None
    doses: int | None
    as_of: datetime | None
    reasons: Sequence[str] | None
    reason_mask: int | None
    next_change_at: datetime | None
    alert_at: datetime | None


_OF_RECORD: Final = (
    "health_code",
    "newest_result",
    "newest_result_at",
    "newest_negative_at",
    "next_negative_at",
    "doses",
    "as_of",
)
_OF_ANOMALY: Final = ("reasons", "reason_mask", "next_change_at", "alert_at")
_PATHS: Final = (
    {name: name for name in _MemberRow._fields}
    | {"member_id": "id"}
    | {name: f"person__record__{name}" for name in _OF_RECORD}
    | {name: f"anomaly__{name}" for name in _OF_ANOMALY}
)


async def read_member_states(group_id: UUID) -> list[MemberState]:
    """Return the members of a group as they are on record, in the order of joining.

    It is one statement for a group of any size, and decrypts nothing. Rows are read a column at a
    time: of hundreds, reading each value by itself takes longer than the statement.
    """
    table = await read_own(Membership, _PATHS, _MEMBERS, group_id)
    columns = map(table.converted, _MemberRow._fields)
    return list(map(_state, map(_MemberRow._make, zip(*columns, strict=True))))


def _state(row: _MemberRow) -> MemberState:
    if row.withheld_at is not None:
        return _withheld(row)
    # By places: by names objects are made half as fast, and here are hundreds.
    tests = TestSummary(
        row.newest_result, row.newest_result_at, row.newest_negative_at, row.next_negative_at
    )
    code = row.health_code or HealthCode.UNKNOWN
    excuse = None
    if row.excused_from is not None and row.excused_until is not None:
        excuse = Excuse(row.excused_from, row.excused_until)
    facts = MemberFacts(row.member_id, code, tests, row.awaited_until, excuse)
    anomaly = _anomaly(row) if row.reasons else None
    return MemberState(facts, row.as_of, row.doses or 0, anomaly, row.reminded_at, row.section_id)


def _withheld(row: _MemberRow) -> MemberState:
    """Return a member for whom consent was withdrawn: nothing of their record is read (R42)."""
    return MemberState(
        facts=MemberFacts(row.member_id, HealthCode.WITHHELD, TestSummary(None, None, None)),
        as_of=None,
        doses=0,
        anomaly=_anomaly(row),  # the one that was open until now is closed
        reminded_at=row.reminded_at,
        section_id=row.section_id,
    )


def _anomaly(row: _MemberRow) -> OpenAnomaly | None:
    if not row.reasons:
        return None
    return OpenAnomaly(
        reasons=tuple(map(AnomalyReason, row.reasons)),
        reason_mask=row.reason_mask or 0,
        next_change_at=row.next_change_at,
        alert_at=row.alert_at,
    )
