"""What if: who would turn anomalous under another requirement, before it is set (R19)."""

from dataclasses import dataclass
from uuid import UUID

from app.domain.groups import NatValidity, Requirement
from app.domain.judging import judge_group
from app.models.groups import Group
from app.models.members import Membership
from app.services.health.judging import FACT_COLUMNS, facts_of
from app.services.kernel.env import Env


@dataclass(frozen=True, slots=True)
class Preview:
    """Whom a requirement would turn anomalous who isn't now, and how many would be in all."""

    turning: list[UUID]
    anomalous_after: int


async def preview_requirement(env: Env, group_id: UUID, validity: NatValidity) -> Preview:
    """Judge a group as if it asked for ``validity``; nothing is changed."""
    codes = (await Group.get(id=group_id)).requirement.anomalous_codes
    rows = (
        await Membership.filter(group_id=group_id)
        .order_by("joined_at", "id")
        .values(**FACT_COLUMNS, anomaly_id="anomaly__id")
    )
    verdict = judge_group(
        Requirement(validity, codes), [facts_of(row) for row in rows], env.clock.now()
    )
    turning = [
        row["member_id"]
        for row in rows
        if row["member_id"] in verdict.anomalies and row["anomaly_id"] is None
    ]
    return Preview(turning, len(verdict.anomalies))
