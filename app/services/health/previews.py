"""What if: who would turn anomalous under another requirement, before it is set (R19)."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from app.domain.groups import NatValidity, Requirement, chosen_codes
from app.domain.health import HealthCode
from app.domain.judging import judge_group
from app.models.groups import Group
from app.models.judging import read_member_states
from app.services.kernel.env import Env


@dataclass(frozen=True, slots=True)
class Preview:
    """Whom a requirement would turn anomalous who isn't now, and how many would be in all."""

    turning: list[UUID]
    anomalous_after: int


async def preview_requirement(
    env: Env, group_id: UUID, validity: NatValidity, codes: Iterable[HealthCode] | None
) -> Preview:
    """Judge a group as if it required ``validity`` and listed ``codes``; change nothing.

    ``codes`` of None are as they are; refused: those that can't be chosen. ``turning`` is in the
    order of joining.
    """
    current = (await Group.get(id=group_id)).requirement.anomalous_codes
    listed = current if codes is None else chosen_codes(codes)
    members = await read_member_states(group_id)
    facts = [member.facts for member in members]
    after = judge_group(Requirement(validity, listed), facts, env.clock.now()).anomalies
    turning = [
        member.facts.member_id
        for member in members
        if member.facts.member_id in after and member.anomaly is None
    ]
    return Preview(turning, len(after))
