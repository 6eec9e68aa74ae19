"""Excusing members from tests for a time (R20)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from app.domain.events import Event, EventType
from app.domain.excuses import Excuse, why_no_excuse
from app.domain.limits import REASON_LENGTH
from app.domain.refusals import Refusal, RefusalCode
from app.domain.roles import Right
from app.models.due import Claim, WorkKind, finish, repeat
from app.models.members import Membership
from app.services.health.judging import judge_in
from app.services.kernel.env import Env, Viewer
from app.services.kernel.member_work import member_work
from app.services.kernel.members import find_member, group_of_member
from app.services.kernel.parsing import read_text
from app.services.kernel.rights import require_charge
from app.services.kernel.unit import unit_of_work

NO_EXCUSE: Final = {"excused_from": None, "excused_until": None, "excuse_reason": None}


@dataclass(frozen=True, slots=True)
class EnteredExcuse:
    """An excuse as entered; ``since`` None is from now on."""

    since: datetime | None
    until: datetime
    reason: str


async def excuse_member(env: Env, viewer: Viewer, member_id: UUID, entered: EnteredExcuse) -> None:
    """Excuse a member from tests for a time, as a manager, in the place of an earlier excuse (R20).

    The group is judged at once. Refused: a time that is over or too long, no reason, and for who
    withdrew consent (R42).
    """
    reason = read_text(entered.reason, RefusalCode.REASON_INVALID, REASON_LENGTH, "reason")
    group_id = await group_of_member(member_id)
    async with unit_of_work(env, group_id) as unit:
        _, rights = await require_charge(viewer, group_id, Right.MANAGE_CHARGE)
        member = await find_member(member_id)
        rights.demand_charge(member.section_id)
        excuse = Excuse(entered.since or unit.now, entered.until)
        refusal = why_no_excuse(excuse, unit.now)
        if refusal is not None:
            raise Refusal(refusal, "until")
        if member.withheld_at is not None:
            raise Refusal(RefusalCode.CONSENT_WITHDRAWN, "memberId")
        await Membership.filter(id=member_id).update(
            excused_from=excuse.since, excused_until=excuse.until, excuse_reason=reason
        )
        unit.schedule(WorkKind.END_EXCUSE, member_id, at=excuse.until)
        await judge_in(unit, group_id, _event(EventType.MEMBER_EXCUSED, viewer, member_id))


async def end_excuse(env: Env, viewer: Viewer, member_id: UUID) -> None:
    """End a member's excuse before its time, as a manager; harmless where there is none (R20)."""
    group_id = await group_of_member(member_id)
    async with unit_of_work(env, group_id) as unit:
        _, rights = await require_charge(viewer, group_id, Right.MANAGE_CHARGE)
        member = await find_member(member_id)
        rights.demand_charge(member.section_id)
        if member.excused_until is None:
            return
        await Membership.filter(id=member_id).update(**NO_EXCUSE)
        await unit.forget(WorkKind.END_EXCUSE, member_id)
        await judge_in(unit, group_id, _event(EventType.EXCUSE_ENDED, viewer, member_id))


async def lapse_excuse(env: Env, claim: Claim) -> None:
    """End an excuse at its time and forget its reason; harmless twice (R20)."""
    async with member_work(env, claim) as work:
        if work is None:
            return
        unit, group, member = work
        if member.excused_until is None:
            await finish(claim)
        elif member.excused_until > unit.now:  # it was prolonged
            await repeat(claim, member.excused_until)
        else:
            event = Event(EventType.EXCUSE_ENDED, subject_id=member.id)
            # Judged while it is still known, by which alerts tell that time alone ended it (R28).
            await judge_in(unit, group.id, event, locked=group, claim=claim)
            await Membership.filter(id=member.id).update(**NO_EXCUSE)


def _event(event: EventType, viewer: Viewer, member_id: UUID) -> Event:
    return Event(event, actor_id=viewer.person_id, subject_id=member_id)
