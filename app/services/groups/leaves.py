"""Leaving: asked for, taken back, completed by hand or by time; and being out (R32-R35)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.domain.events import Event, EventType
from app.domain.identity import mask_name
from app.domain.limits import LEAVE_WAIT, REASON_LENGTH
from app.domain.members import DepartureCause
from app.domain.refusals import NotFound, Refusal, RefusalCode
from app.domain.roles import Right, Role
from app.domain.sms import SmsTemplate
from app.domain.verifications import VerificationPurpose
from app.models.due import Claim, WorkKind, finish, forget, repeat
from app.models.groups import count_on, lock_group
from app.models.guardians import Guardianship
from app.models.leaves import FormerMember, LeaveRequest
from app.models.members import Membership
from app.services.accounts.verifications import consume_verification, own_verification
from app.services.groups.departures import depart
from app.services.kernel.env import Env, Viewer
from app.services.kernel.parsing import read_text
from app.services.kernel.rights import denial, group_of_member, require
from app.services.kernel.unit import Unit, unit_of_work
from app.services.sms.notices import Notice, tell_managers, tell_phones
from app.services.sms.recipients import own_phones, phones_of


@dataclass(frozen=True, slots=True)
class _Leaver:
    """A member on whose behalf the viewer may act, read under the group's row."""

    id: UUID
    group_id: UUID
    person_id: UUID
    role: Role
    name: str
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
    leaver = await _leaver(viewer, member_id, group_id)
    if leaver.pending:
        return
    if leaver.role is Role.CREATOR:
        raise Refusal(RefusalCode.CREATOR_CANNOT_LEAVE, "memberId")
    check = await own_verification(
        env, viewer, verification_id, VerificationPurpose.LEAVE, "verificationId"
    )
    async with unit_of_work(env, group_id) as unit:
        if await lock_group(group_id) is None:
            raise NotFound
        leaver = await _leaver(viewer, member_id, group_id)
        if leaver.pending:
            return
        if leaver.role is Role.CREATOR:  # by an offer accepted meanwhile
            raise Refusal(RefusalCode.CREATOR_CANNOT_LEAVE, "memberId")
        await consume_verification(unit, check, "verificationId")
        await _open_request(unit, viewer, leaver, reason)
        await tell_managers(
            env,
            unit,
            Notice(group_id, SmsTemplate.LEAVE_REQUESTED, viewer.person_id),
            but=member_id,
        )
        await _tell_others(env, unit, viewer, leaver, SmsTemplate.RELATIVE_LEAVING)


async def _open_request(unit: Unit, viewer: Viewer, leaver: _Leaver, reason: str) -> None:
    due_at = unit.now + LEAVE_WAIT
    await LeaveRequest.create(
        id=unit.new_id(),
        group_id=leaver.group_id,
        member_id=leaver.id,
        requested_by=viewer.person_id,
        reason=reason,
        requested_at=unit.now,
        due_at=due_at,
    )
    await count_on(leaver.group_id, pending_leaves=1)
    await unit.schedule(WorkKind.END_LEAVE, leaver.id, at=due_at)
    await unit.log(
        leaver.group_id,
        Event(EventType.LEAVE_REQUESTED, actor_id=viewer.person_id, subject_id=leaver.id),
    )


async def cancel_leave(env: Env, viewer: Viewer, member_id: UUID) -> None:
    """Take a leave request back while it waits (R32). Refused when none does."""
    group_id = await group_of_member(member_id)
    async with unit_of_work(env, group_id) as unit:
        if await lock_group(group_id) is None:
            raise NotFound
        leaver = await _leaver(viewer, member_id, group_id)
        if not leaver.pending:
            raise Refusal(RefusalCode.LEAVE_NOT_REQUESTED, "memberId")
        await take_back(unit, viewer, group_id, member_id)
        await _tell_others(env, unit, viewer, leaver, SmsTemplate.RELATIVE_STAYING)


async def take_back(unit: Unit, viewer: Viewer, group_id: UUID, member_id: UUID) -> None:
    """Take back a request that waits, under the group's row."""
    await LeaveRequest.filter(member_id=member_id).delete()
    await count_on(group_id, pending_leaves=-1)
    await forget(WorkKind.END_LEAVE, member_id)
    await unit.log(
        group_id,
        Event(EventType.LEAVE_CANCELLED, actor_id=viewer.person_id, subject_id=member_id),
    )


async def complete_leave(env: Env, viewer: Viewer, member_id: UUID) -> UUID:
    """Let a member out at once, as a manager; nobody completes their own (R32, R33).

    Answers the group's id. Refused when no request waits, or when it was complete before.
    """
    group_id = await group_of_member(member_id)
    async with unit_of_work(env, group_id) as unit:
        await require(viewer, group_id, Right.MANAGE_MEMBERS)
        request = await LeaveRequest.get_or_none(member_id=member_id).values(
            "requested_by", person_id="member__person_id"
        )
        if request is None:
            out = await FormerMember.filter(id=member_id).exists()
            raise Refusal(
                RefusalCode.LEAVE_ALREADY_COMPLETE if out else RefusalCode.LEAVE_NOT_REQUESTED,
                "memberId",
            )
        if viewer.person_id in (request["requested_by"], request["person_id"]):
            raise Refusal(RefusalCode.LEAVE_YOUR_OWN, "memberId")
        await depart(env, unit, member_id, DepartureCause.LEAVE_COMPLETED, viewer.person_id)
    return group_id


async def end_leave(env: Env, claim: Claim) -> None:
    """Let a member out whose request waited 24 hours (R33); harmless twice."""
    found = await LeaveRequest.filter(member_id=claim.subject_id).values_list("group_id", "due_at")
    if not found:
        await finish(claim)
        return
    group_id, due_at = found[0]
    if env.clock.now() < due_at:  # taken back, and asked for again
        await repeat(claim, due_at)
        return
    async with unit_of_work(env, group_id) as unit:
        standing = await lock_group(group_id) is not None
        waits = LeaveRequest.filter(member_id=claim.subject_id, due_at__lte=unit.now)
        if standing and await waits.exists():
            await depart(env, unit, claim.subject_id, DepartureCause.LEAVE_EXPIRED, None)
        await finish(claim)


async def _leaver(viewer: Viewer, member_id: UUID, group_id: UUID) -> _Leaver:
    """Read a member whose own the viewer is, or who the viewer is a guardian of (R35)."""
    row: dict[str, Any] | None = await Membership.get_or_none(
        id=member_id, group__dissolved_at=None
    ).values("person_id", "role", name="person__name", pending="leave_request__id")
    if row is None or viewer.person_id is None:
        raise NotFound
    guards = Guardianship.filter(member_id=member_id, guardian_id=viewer.person_id)
    if row["person_id"] != viewer.person_id and not await guards.exists():
        raise await denial(viewer, group_id)
    pending = row["pending"] is not None
    return _Leaver(member_id, group_id, row["person_id"], row["role"], row["name"], pending)


async def _tell_others(
    env: Env, unit: Unit, viewer: Viewer, leaver: _Leaver, template: SmsTemplate
) -> None:
    """Tell guardians of an enrolled member, and the member, what another of them did (R12)."""
    if await Membership.filter(id=leaver.id, enrolled_by_id=None).exists():
        return
    phones = set((await phones_of([leaver.id]))[leaver.id])
    own = Guardianship.filter(member_id=leaver.id, guardian_id=viewer.person_id)
    phones -= set(await own.values_list("phone", flat=True))
    if leaver.person_id != viewer.person_id:
        phones.update(await own_phones(leaver.person_id))
    notice = Notice(leaver.group_id, template, viewer.person_id, {"member": mask_name(leaver.name)})
    await tell_phones(env, unit, notice, phones)
