"""Leaving: requested, cancelled, completed by a manager or by time (R32-R35)."""

from dataclasses import dataclass
from uuid import UUID

from app.domain.consents import why_withheld
from app.domain.events import Event, EventType
from app.domain.identity import mask_name
from app.domain.limits import LEAVE_WAIT, REASON_LENGTH
from app.domain.members import DepartureCause, why_no_request, why_not_completed, why_not_leaving
from app.domain.refusals import NotFound, Refusal, RefusalCode
from app.domain.roles import Right
from app.domain.sms import SmsTemplate
from app.domain.verifications import VerificationPurpose
from app.models.due import Claim, WorkKind, finish, repeat
from app.models.groups import adjust_counts, lock_group
from app.models.guardians import Guardianship
from app.models.leaves import FormerMember, LeaveRequest
from app.models.members import Membership
from app.services.accounts.verifications import consume_verification, own_verification
from app.services.groups.departures import Departure, depart
from app.services.kernel.env import Env, Viewer
from app.services.kernel.members import group_of_member
from app.services.kernel.parsing import read_text
from app.services.kernel.rights import denial, require_charge
from app.services.kernel.unit import Unit, unit_of_work
from app.services.sms.notices import Notice, tell_managers_of, tell_phones
from app.services.sms.recipients import own_phones, phones_of


@dataclass(frozen=True, slots=True)
class Leaver:
    """A member on whose behalf the viewer may act, and whether they asked to leave already."""

    member: Membership
    pending: bool


async def request_leave(
    env: Env, viewer: Viewer, member_id: UUID, reason: str, verification_id: UUID | None
) -> None:
    """Ask to leave, for oneself or an enrolled relative, with one's own face (R32, R35).

    Asked again while it waits, nothing changes. Refused: the creator, no reason, no passed
    verification for LEAVE.
    """
    reason = read_text(reason, RefusalCode.REASON_INVALID, REASON_LENGTH, "reason")
    group_id = await group_of_member(member_id)
    leaver = await find_leaver(viewer, member_id, group_id)
    if leaver.pending:
        return
    refuse_creator(leaver)
    verification = await own_verification(
        env, viewer, verification_id, VerificationPurpose.LEAVE, "verificationId"
    )
    async with unit_of_work(env, group_id) as unit:
        if await lock_group(group_id) is None:
            raise NotFound
        leaver = await find_leaver(viewer, member_id, group_id)
        if leaver.pending:
            return
        refuse_creator(leaver)  # they may have accepted the group meanwhile
        await consume_verification(unit, verification, "verificationId")
        await ask_in(env, unit, viewer, leaver, reason)


def refuse_creator(leaver: Leaver) -> None:
    """Refuse what only who can leave may do (R16)."""
    refusal = why_not_leaving(leaver.member.role)
    if refusal is not None:
        raise Refusal(refusal, "memberId")


async def ask_in(env: Env, unit: Unit, viewer: Viewer, leaver: Leaver, reason: str) -> None:
    """Open a leave request in the transaction that causes it, and tell who is to know (R32)."""
    await _open_request(unit, viewer, leaver, reason)
    member = leaver.member
    notice = Notice(member.group_id, SmsTemplate.LEAVE_REQUESTED, viewer.person_id)
    await tell_managers_of(env, unit, notice, member)
    await _tell_others(env, unit, viewer, leaver, SmsTemplate.RELATIVE_LEAVING)


async def _open_request(unit: Unit, viewer: Viewer, leaver: Leaver, reason: str) -> None:
    due_at = unit.now + LEAVE_WAIT
    member_id, group_id = leaver.member.id, leaver.member.group_id
    await LeaveRequest.create(
        id=unit.new_id(),
        group_id=group_id,
        member_id=member_id,
        requested_by=viewer.person_id,
        reason=reason,
        requested_at=unit.now,
        due_at=due_at,
    )
    await adjust_counts(group_id, pending_leaves=1)
    unit.schedule(WorkKind.END_LEAVE, member_id, at=due_at)
    await unit.log(
        group_id,
        Event(EventType.LEAVE_REQUESTED, actor_id=viewer.person_id, subject_id=member_id),
    )


async def cancel_leave(env: Env, viewer: Viewer, member_id: UUID) -> UUID:
    """Cancel a leave request while it waits (R32), and return its id. Refused when none does."""
    group_id = await group_of_member(member_id)
    async with unit_of_work(env, group_id) as unit:
        if await lock_group(group_id) is None:
            raise NotFound
        leaver = await find_leaver(viewer, member_id, group_id)
        if not leaver.pending:
            raise Refusal(RefusalCode.LEAVE_NOT_REQUESTED, "memberId")
        refusal = why_withheld(leaver.member.withheld_at)
        if refusal is not None:
            raise Refusal(refusal, "memberId")
        request = await LeaveRequest.get(member_id=member_id).only("id")
        await cancel_in(unit, viewer, group_id, member_id)
        await _tell_others(env, unit, viewer, leaver, SmsTemplate.RELATIVE_STAYING)
        return unit.returns(request.id)


async def cancel_in(unit: Unit, viewer: Viewer, group_id: UUID, member_id: UUID) -> None:
    """Cancel a member's waiting request within the open transaction, under the group's row."""
    await LeaveRequest.filter(member_id=member_id).delete()
    await adjust_counts(group_id, pending_leaves=-1)
    await unit.forget(WorkKind.END_LEAVE, member_id)
    await unit.log(
        group_id,
        Event(EventType.LEAVE_CANCELLED, actor_id=viewer.person_id, subject_id=member_id),
    )


async def complete_leave(env: Env, viewer: Viewer, member_id: UUID) -> Departure:
    """Let a member out at once, as a manager (R33).

    Refused: one's own leave (R32), when no request waits, and when it was complete before.
    """
    group_id = await group_of_member(member_id)
    async with unit_of_work(env, group_id) as unit:
        _, rights = await require_charge(viewer, group_id, Right.MANAGE_CHARGE)
        request = await LeaveRequest.get_or_none(member_id=member_id).select_related("member")
        if request is None:
            left = await FormerMember.filter(id=member_id).exists()
            raise Refusal(why_no_request(left), "memberId")
        rights.demand_charge(request.member.section_id)
        concerned = (request.requested_by, request.member.person_id)
        refusal = why_not_completed(viewer.person_id, concerned)
        if refusal is not None:
            raise Refusal(refusal, "memberId")
        cause = DepartureCause.LEAVE_COMPLETED
        return unit.returns(await depart(env, unit, member_id, cause, viewer.person_id))


async def end_leave(env: Env, claim: Claim) -> None:
    """Let a member out whose request waited 24 hours (R33); harmless twice."""
    request = await LeaveRequest.get_or_none(member_id=claim.subject_id)
    if request is None:
        await finish(claim)
        return
    if env.clock.now() < request.due_at:  # cancelled, and asked for again
        await repeat(claim, request.due_at)
        return
    async with unit_of_work(env, request.group_id) as unit:
        existing = await lock_group(request.group_id) is not None
        # Whoever holds the group's row and finds the request ends it: exactly one does.
        waits = LeaveRequest.filter(member_id=claim.subject_id, due_at__lte=unit.now)
        if existing and await waits.exists():
            await depart(env, unit, claim.subject_id, DepartureCause.LEAVE_EXPIRED, None)
        await finish(claim)


async def find_leaver(viewer: Viewer, member_id: UUID, group_id: UUID) -> Leaver:
    """Read the viewer's own membership, or one that they are a guardian of (R35).

    Raise ``NotFound`` when there is none any more, ``denial`` when it is somebody else's.
    """
    existing = Membership.get_or_none(id=member_id, group__dissolved_at=None)
    member = await existing.select_related("person")
    if member is None or viewer.person_id is None:
        raise NotFound
    guards = Guardianship.filter(member_id=member_id, guardian_id=viewer.person_id)
    if member.person_id != viewer.person_id and not await guards.exists():
        raise await denial(viewer, group_id)
    return Leaver(member, await LeaveRequest.filter(member_id=member_id).exists())


async def _tell_others(
    env: Env, unit: Unit, viewer: Viewer, leaver: Leaver, template: SmsTemplate
) -> None:
    """Tell guardians of an enrolled member, and the member, what another of them did (R12)."""
    member = leaver.member
    if member.enrolled_by_id is None:
        return
    phones = set((await phones_of([member.id]))[member.id])
    own = Guardianship.filter(member_id=member.id, guardian_id=viewer.person_id)
    phones -= {hold.phone for hold in await own}
    if member.person_id != viewer.person_id:
        phones.update(await own_phones(member.person_id))
    told = {"member": mask_name(member.person.name)}
    notice = Notice(member.group_id, template, viewer.person_id, told)
    await tell_phones(env, unit, notice, phones)
