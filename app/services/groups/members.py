"""Members: remarks, removal, and the roles of admins (R3, R7, R16)."""

from collections.abc import Collection
from uuid import UUID

from app.domain.events import Event, EventType
from app.domain.identity import mask_name
from app.domain.limits import REMARK_LENGTH
from app.domain.members import (
    DepartureCause,
    why_not_admin,
    why_not_appointed,
    why_not_released,
    why_not_removed,
)
from app.domain.refusals import Refusal, RefusalCode
from app.domain.roles import Right, Role
from app.domain.sms import SmsTemplate
from app.models.accounts import Account, has_account
from app.models.due import Claim, finish
from app.models.groups import lock_group, reserve_admin
from app.models.guardians import Guardianship
from app.models.members import Membership
from app.models.sections import Section
from app.services.groups.departures import (
    Departure,
    depart,
    end_role,
    withdraw_invitations_of,
)
from app.services.groups.oversight import end_oversights
from app.services.groups.rosters import expect_matching
from app.services.kernel.env import Env, Viewer
from app.services.kernel.members import find_member, group_of_member
from app.services.kernel.parsing import read_text
from app.services.kernel.rights import denial, require, require_charge
from app.services.kernel.unit import Unit, unit_of_work
from app.services.sms.notices import Notice, tell_phones


async def update_remark(env: Env, viewer: Viewer, member_id: UUID, remark: str) -> None:
    """Edit a member's remark, as a manager (R16). Refused when too long or illegible."""
    remark = read_text(remark, RefusalCode.REMARK_INVALID, REMARK_LENGTH, "remark", required=False)
    group_id = await group_of_member(member_id)
    async with unit_of_work(env, group_id) as unit:
        group, rights = await require_charge(viewer, group_id, Right.MANAGE_CHARGE)
        member = await find_member(member_id)
        rights.demand_charge(member.section_id)
        if member.remark == remark:
            return
        await Membership.filter(id=member_id).update(remark=remark)
        expect_matching(unit, group)
        await unit.log(group_id, _event(EventType.REMARK_CHANGED, viewer, member_id))


async def remove_member(env: Env, viewer: Viewer, member_id: UUID) -> Departure:
    """Remove a member, as a manager (R16).

    Refused: the creator, an admin who isn't dismissed yet, oneself.
    """
    group_id = await group_of_member(member_id)
    async with unit_of_work(env, group_id) as unit:
        _, rights = await require_charge(viewer, group_id, Right.MANAGE_CHARGE)
        member = await find_member(member_id)
        rights.demand_charge(member.section_id)
        refusal = why_not_removed(member.role, member.person_id == viewer.person_id)
        if refusal is not None:
            raise Refusal(refusal, "memberId")
        cause = DepartureCause.REMOVED
        return unit.returns(await depart(env, unit, member_id, cause, viewer.person_id))


async def appoint_admin(
    env: Env, viewer: Viewer, member_id: UUID, sections: Collection[UUID] | None = None
) -> None:
    """Make a member an admin, as the creator (R3, R7), bound to these sections if any (R51).

    Harmless when they are one: it binds them then, if it is told sections. Refused: the creator
    themself, someone without an account of their own, a sixth admin, no or unknown sections.
    """
    group_id = await group_of_member(member_id)
    async with unit_of_work(env, group_id) as unit:
        await require(viewer, group_id, Right.EDIT_GROUP)
        member = await find_member(member_id)
        bound_to = await _binding(group_id, sections)
        if member.role is Role.ADMIN:
            if bound_to is not None:
                await _bind(unit, viewer, member, bound_to)
            return
        refusal = why_not_appointed(member.role, await has_account(member.person_id))
        if refusal is not None:
            raise Refusal(refusal, "memberId")
        if not await reserve_admin(group_id):
            raise Refusal(RefusalCode.ADMIN_LIMIT_REACHED, "memberId")
        await Membership.filter(id=member_id).update(role=Role.ADMIN, bound_to=bound_to)
        await unit.log(group_id, _event(EventType.ADMIN_APPOINTED, viewer, member_id))


async def update_admin_sections(
    env: Env, viewer: Viewer, member_id: UUID, sections: Collection[UUID] | None
) -> list[UUID]:
    """Bind an admin to sections, as the creator; to none: None (R51).

    Return their invitations, which stop where that is a change. Refused: who is no admin, no or
    unknown sections.
    """
    group_id = await group_of_member(member_id)
    async with unit_of_work(env, group_id) as unit:
        member = await _find_admin(viewer, group_id, member_id)
        bound_to = await _binding(group_id, sections)
        return unit.returns(await _bind(unit, viewer, member, bound_to))


async def _find_admin(viewer: Viewer, group_id: UUID, member_id: UUID) -> Membership:
    """Return an admin, for the creator to change, under the group's row. Refused: who is none."""
    await require(viewer, group_id, Right.EDIT_GROUP)
    member = await find_member(member_id)
    refusal = why_not_admin(member.role)
    if refusal is not None:
        raise Refusal(refusal, "memberId")
    return member


async def _binding(group_id: UUID, sections: Collection[UUID] | None) -> list[str] | None:
    """Return sections as an admin's row holds them; refuse none at all, and those of others."""
    if sections is None:
        return None
    if not sections:
        raise Refusal(RefusalCode.SECTIONS_MISSING, "sections")
    there = Section.filter(group_id=group_id, id__in=list(sections))
    if await there.count() < len(set(sections)):
        raise Refusal(RefusalCode.SECTION_NOT_FOUND, "sections")
    return sorted(map(str, set(sections)))


async def _bind(
    unit: Unit, viewer: Viewer, member: Membership, bound_to: list[str] | None
) -> list[UUID]:
    """Bind an admin to sections, and return their invitations: those lead elsewhere, and stop."""
    if member.bound_to == bound_to:
        return []
    stopped = await withdraw_invitations_of(unit, member.group_id, member.person_id)
    await Membership.filter(id=member.id).update(bound_to=bound_to)
    await unit.log(member.group_id, _event(EventType.ADMIN_BOUND, viewer, member.id))
    return stopped


async def dismiss_admin(env: Env, viewer: Viewer, member_id: UUID) -> list[UUID]:
    """Make an admin a plain member again, as the creator (R7, R16).

    Their invitations stop (R9), which are returned, and an offer of the group to them. Refused
    for who is none.
    """
    group_id = await group_of_member(member_id)
    async with unit_of_work(env, group_id) as unit:
        member = await _find_admin(viewer, group_id, member_id)
        return unit.returns(await _dismiss(unit, member, viewer.person_id))


async def _dismiss(unit: Unit, member: Membership, actor_id: UUID | None) -> list[UUID]:
    await Membership.filter(id=member.id).update(role=Role.MEMBER, bound_to=None)
    stopped = await end_role(unit, member)
    event = Event(EventType.ADMIN_DISMISSED, actor_id=actor_id, subject_id=member.id)
    await unit.log(member.group_id, event)
    return stopped


async def end_roles(env: Env, claim: Claim) -> None:
    """Make someone a plain member wherever they are an admin, once no account shows them (R7).

    They oversee no organisation any more either (R44).
    """
    admins = Membership.filter(person_id=claim.subject_id, role=Role.ADMIN)
    for admin in await admins.order_by("group_id"):
        async with unit_of_work(env, admin.group_id) as unit:
            group = await lock_group(admin.group_id)
            member = await Membership.get_or_none(id=admin.id, role=Role.ADMIN)
            if group and member and not await has_account(claim.subject_id):
                await _dismiss(unit, member, None)
    await end_oversights(env, claim.subject_id)
    await finish(claim)


async def end_guardianship(env: Env, viewer: Viewer, member_id: UUID) -> None:
    """End every guardian's hold on one's own membership (R12); they are told.

    From now on the member is reached by the phone of their own account. Refused when nobody
    enrolled them.
    """
    group_id = await group_of_member(member_id)
    async with unit_of_work(env, group_id) as unit:
        await require(viewer, group_id, Right.VIEW_PAGE)
        member = await find_member(member_id)
        if member.person_id != viewer.person_id:
            raise await denial(viewer, group_id)
        refusal = why_not_released(member.enrolled_by_id)
        if refusal is not None:
            raise Refusal(refusal, "memberId")
        guardians = Guardianship.filter(member_id=member_id)
        phones = [guardian.phone for guardian in await guardians]
        await guardians.delete()
        account = await Account.get(id=viewer.account_id).only("phone")
        await Membership.filter(id=member_id).update(enrolled_by_id=None, phone=account.phone)
        await unit.log(group_id, _event(EventType.GUARDIANS_ENDED, viewer, member_id))
        told = {"member": mask_name(member.person.name)}
        notice = Notice(group_id, SmsTemplate.GUARDIANS_ENDED, viewer.person_id, told)
        await tell_phones(env, unit, notice, phones)


def _event(event: EventType, viewer: Viewer, member_id: UUID) -> Event:
    return Event(event, actor_id=viewer.person_id, subject_id=member_id)
