"""Withdrawing a consent: from that moment managers read nothing of the person's health (R42)."""

from datetime import datetime
from uuid import UUID

from app.domain.consents import BY_WITHDRAWAL, Kept, kept_after
from app.domain.events import Event, EventType
from app.domain.health import HealthCode
from app.domain.refusals import NotFound
from app.models.consents import Consent
from app.models.events import forget_anomalies_of
from app.models.groups import lock_group
from app.models.health import erase_unneeded_records
from app.models.keyed_requests import forget_answers
from app.models.leaves import FormerMember, LeaveRequest, withhold_former
from app.models.members import Membership
from app.services.groups.leaves import ask_in, find_leaver, refuse_creator
from app.services.health.excuses import NO_EXCUSE
from app.services.health.judging import judge_in
from app.services.health.reports import forget_in_reports
from app.services.kernel.env import Env, Viewer
from app.services.kernel.members import group_of_member
from app.services.kernel.rights import denial
from app.services.kernel.unit import Unit, unit_of_work


async def withdraw_consent(env: Env, viewer: Viewer, member_id: UUID) -> list[Kept]:
    """Withdraw the consent for oneself or a ward, and return what stays kept (R42).

    The member asks to leave by it. Who is out already withdraws what is kept of their health.
    Harmless twice. Refused: the creator, who offers or dissolves the group (R16).
    """
    group_id = await group_of_member(member_id)
    async with unit_of_work(env, group_id) as unit:
        if await lock_group(group_id) is None:
            raise NotFound
        former = await FormerMember.get_or_none(id=member_id)
        if former is not None:
            return unit.returns(await _withdraw_former(unit, viewer, former))
        return unit.returns(await withdraw_in(env, unit, viewer, member_id, group_id))


async def _withdraw_former(unit: Unit, viewer: Viewer, former: FormerMember) -> list[Kept]:
    """Withdraw the consent of an earlier stay; one that was given since goes on (R42)."""
    if viewer.person_id is None or not former.is_told(viewer.person_id):
        raise await denial(viewer, former.group_id)
    if former.health_code is not HealthCode.WITHHELD:
        given = Consent.filter(person_id=former.person_id, group_id=former.group_id)
        await given.filter(withdrawn_at=None, given_at__lte=former.left_at).update(
            withdrawn_at=unit.now
        )
        await _forget(unit, viewer, former.group_id, former.person_id, former.id)
    return await _kept(unit, former.person_id, former.left_at, member=False)


async def withdraw_in(
    env: Env, unit: Unit, viewer: Viewer, member_id: UUID, group_id: UUID
) -> list[Kept]:
    """Withdraw a member's consent in the open transaction, under the group's row (R42)."""
    leaver = await find_leaver(viewer, member_id, group_id)
    refuse_creator(leaver)
    person_id = leaver.member.person_id
    if leaver.member.withheld_at is None:
        await Membership.filter(id=member_id).update(
            withheld_at=unit.now, awaited_until=None, **NO_EXCUSE
        )
        await Consent.filter(person_id=person_id, group_id=group_id, withdrawn_at=None).update(
            withdrawn_at=unit.now
        )
        if not leaver.pending:
            await ask_in(env, unit, viewer, leaver, BY_WITHDRAWAL)
        await _forget(unit, viewer, group_id, person_id, member_id)
    request = await LeaveRequest.get(member_id=member_id)
    return await _kept(unit, person_id, request.due_at, member=True)


async def _forget(
    unit: Unit, viewer: Viewer, group_id: UUID, person_id: UUID, member_id: UUID
) -> None:
    """Forget in a group all that it keeps of someone's health, and judge it without."""
    members = [member_id, *await withhold_former(group_id, person_id)]
    await forget_in_reports(unit, group_id, members)
    await erase_unneeded_records([person_id])
    event = Event(EventType.CONSENT_WITHDRAWN, actor_id=viewer.person_id, subject_id=member_id)
    await judge_in(unit, group_id, event)
    await forget_anomalies_of(group_id, members)
    await forget_answers(group_id)


async def _kept(unit: Unit, person_id: UUID, out_at: datetime, *, member: bool) -> list[Kept]:
    sharing = Membership.filter(person_id=person_id, withheld_at=None, group__dissolved_at=None)
    return kept_after(unit.now, out_at, member=member, needed=await sharing.exists())
