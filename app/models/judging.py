"""What a judgement reads: the members of a group, with their records and open anomalies."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from app.domain.anomalies import AnomalyReason
from app.domain.groups import Requirement
from app.domain.health import HealthCode, TestSummary
from app.domain.judging import GroupState, MemberFacts, MemberState, OpenAnomaly
from app.models.groups import Group
from app.models.members import Membership

_RECORD: Final = "person__record__"
_COLUMNS: Final = {
    "member_id": "id",
    "awaited_until": "awaited_until",
    "reminded_at": "reminded_at",
    "health_code": f"{_RECORD}health_code",
    "newest_result": f"{_RECORD}newest_result",
    "newest_result_at": f"{_RECORD}newest_result_at",
    "newest_negative_at": f"{_RECORD}newest_negative_at",
    "doses": f"{_RECORD}doses",
    "as_of": f"{_RECORD}as_of",
    "reasons": "anomaly__reasons",
    "reason_mask": "anomaly__reason_mask",
    "next_change_at": "anomaly__next_change_at",
    "alert_at": "anomaly__alert_at",
}


def group_state(group: Group, former_requirement: Requirement | None) -> GroupState:
    """Return a group as its row holds it before it is judged."""
    counts = group.reason_counts.items()
    return GroupState(
        requirement=group.requirement,
        colour=group.colour,
        reason_counts={AnomalyReason(reason): count for reason, count in counts},
        alerted_at=group.alerted_at,
        former_requirement=former_requirement,
    )


async def read_member_states(group_id: UUID) -> list[MemberState]:
    """Return the members of a group as they are on record, in the order of joining.

    One statement for a group of any size, and none of its columns is decrypted.
    """
    members = Membership.filter(group_id=group_id).order_by("joined_at", "id")
    return [_state(row) for row in await members.values(**_COLUMNS)]


def _state(row: Mapping[str, Any]) -> MemberState:
    tests = TestSummary(row["newest_result"], row["newest_result_at"], row["newest_negative_at"])
    return MemberState(
        facts=MemberFacts(
            member_id=row["member_id"],
            health_code=row["health_code"] or HealthCode.UNKNOWN,
            tests=tests,
            awaited_until=row["awaited_until"],
        ),
        as_of=row["as_of"],
        doses=row["doses"] or 0,
        anomaly=_anomaly(row) if row["reasons"] else None,
        reminded_at=row["reminded_at"],
    )


def _anomaly(row: Mapping[str, Any]) -> OpenAnomaly:
    return OpenAnomaly(
        reasons=tuple(AnomalyReason(reason) for reason in row["reasons"]),
        reason_mask=row["reason_mask"],
        next_change_at=row["next_change_at"],
        alert_at=row["alert_at"],
    )
