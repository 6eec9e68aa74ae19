"""Whose a group is: offered to an admin, accepted, or dissolved for good (R1, R8, R16)."""

from uuid import UUID

from app.domain.consents import why_withheld
from app.domain.events import Event, EventType
from app.domain.groups import current_offer
from app.domain.limits import DISSOLVED_KEPT, GROUP_OFFER_LIFE
from app.domain.members import why_not_offered
from app.domain.refresh import OPEN_STATES, RefreshStatus
from app.domain.refusals import Refusal, RefusalCode
from app.domain.roles import Right, Role
from app.domain.sms import SmsTemplate
from app.domain.verifications import VerificationPurpose
from app.models.accounts import has_account
from app.models.due import WorkKind
from app.models.groups import Group, release_ownership, reserve_ownership
from app.models.health import erase_unneeded_records
from app.models.leaves import LeaveRequest
from app.models.members import Membership
from app.models.refresh import RefreshRun
from app.ports.bus import progress_channel
from app.services.accounts.verifications import consume_verification, own_verification
from app.services.groups.departures import withdraw_invitations_of
from app.services.groups.leaves import cancel_in
from app.services.groups.rosters import erase_roster
from app.services.kernel.above import nudge_above
from app.services.kernel.env import Env, Viewer
from app.services.kernel.members import find_member, group_of_member
from app.services.kernel.rights import require
from app.services.kernel.unit import Unit, unit_of_work
from app.services.sms.notices import Notice, tell_members


async def offer_group(
    env: Env, viewer: Viewer, member_id: UUID, verification_id: UUID | None
) -> UUID:
    """Offer the group to an admin for 24 hours, as the creator, verified (R16).

    A new offer replaces the one before. Return the group's id.
    """
    group_id = await group_of_member(member_id)
    async with unit_of_work(env, group_id, on_the_way=True):
        await require(viewer, group_id, Right.EDIT_GROUP)
        await find_member(member_id)
    verification = await own_verification(
        env, viewer, verification_id, VerificationPurpose.TRANSFER, "verificationId"
    )
    async with unit_of_work(env, group_id) as unit:
        await require(viewer, group_id, Right.EDIT_GROUP)
        member = await Membership.get_or_none(id=member_id)
        can_act = member is not None and await has_account(member.person_id)
        refusal = why_not_offered(member.role if member else None, can_act) or why_withheld(
            member.withheld_at if member else None
        )
        if refusal is not None:
            raise Refusal(refusal, "memberId")
        await consume_verification(unit, verification, "verificationId")
        event = Event(EventType.GROUP_OFFERED, actor_id=viewer.person_id, subject_id=member_id)
        offer = {"offered_to": member_id, "offered_until": unit.now + GROUP_OFFER_LIFE}
        await unit.log(group_id, event, **offer)
        await tell_members(
            env, unit, Notice(group_id, SmsTemplate.GROUP_OFFERED, viewer.person_id), [member_id]
        )
        return unit.returns(group_id)


async def withdraw_offer(env: Env, viewer: Viewer, group_id: UUID) -> None:
    """Take an offer of the group back, as the creator; harmless when there is none."""
    async with unit_of_work(env, group_id) as unit:
        group = await require(viewer, group_id, Right.EDIT_GROUP)
        if group.offered_to is None:
            return
        event = Event(
            EventType.GROUP_OFFER_WITHDRAWN,
            actor_id=viewer.person_id,
            subject_id=group.offered_to,
        )
        await unit.log(group_id, event, offered_to=None, offered_until=None)


async def accept_group(
    env: Env, viewer: Viewer, group_id: UUID, verification_id: UUID | None
) -> None:
    """Take over a group that was offered, as its admin, verified (R16).

    The old creator becomes an admin. Refused: no offer, a sixth group of one's own (R1).
    """
    verification = await own_verification(
        env, viewer, verification_id, VerificationPurpose.TRANSFER, "verificationId"
    )
    async with unit_of_work(env, group_id) as unit:
        group = await require(viewer, group_id, Right.ACCEPT_GROUP)
        own = await Membership.get(group_id=group_id, person_id=viewer.person_id)
        offer = current_offer(group.offered_to, group.offered_until, unit.now)
        if offer is None or offer.member_id != own.id:
            raise Refusal(RefusalCode.OFFER_NOT_FOUND, "groupId")
        refusal = why_withheld(own.withheld_at)
        if refusal is not None:
            raise Refusal(refusal, "groupId")
        await consume_verification(unit, verification, "verificationId")
        await _hand_over(env, unit, viewer, group, own)


async def _hand_over(env: Env, unit: Unit, viewer: Viewer, group: Group, new: Membership) -> None:
    """Make the old creator an admin and ``new`` the creator, under the group's row."""
    old = await Membership.get(group_id=group.id, person_id=group.creator_id)
    # Rows of persons are taken in one order, whoever hands over to whom.
    for person_id in sorted((old.person_id, new.person_id)):
        if person_id == old.person_id:
            await release_ownership(person_id)
        elif not await reserve_ownership(person_id):
            raise Refusal(RefusalCode.GROUP_LIMIT_REACHED)
    await Membership.filter(id=old.id).update(role=Role.ADMIN)
    await Membership.filter(id=new.id).update(role=Role.CREATOR, bound_to=None)
    if await LeaveRequest.filter(member_id=new.id).exists():
        await cancel_in(unit, viewer, group.id, new.id)  # a creator can't leave
    if not group.admins_may_invite:
        await withdraw_invitations_of(unit, group.id, old.person_id)  # R9
    event = Event(EventType.GROUP_ACCEPTED, actor_id=new.person_id, subject_id=new.id)
    changes = {"creator_id": new.person_id, "offered_to": None, "offered_until": None}
    await unit.log(group.id, event, **changes)
    notice = Notice(group.id, SmsTemplate.GROUP_ACCEPTED, new.person_id)
    await tell_members(env, unit, notice, [old.id])


async def dissolve_group(
    env: Env,
    viewer: Viewer,
    group_id: UUID,
    verification_id: UUID | None,
    *,
    risk_acknowledged: bool,
) -> None:
    """Dissolve a group for good, as the creator, verified (R8).

    Everyone is told; running refreshes end; nobody reads it from now on; 30 days later it is
    erased. The creator may own another group from now on (R1).
    """
    if not risk_acknowledged:
        raise Refusal(RefusalCode.ACKNOWLEDGEMENT_REQUIRED, "riskAcknowledged")
    verification = await own_verification(
        env, viewer, verification_id, VerificationPurpose.DISSOLVE, "verificationId"
    )
    async with unit_of_work(env, group_id) as unit:
        group = await require(viewer, group_id, Right.EDIT_GROUP)
        await consume_verification(unit, verification, "verificationId")
        members = await Membership.filter(group_id=group_id).only("id", "person_id")
        notice = Notice(group_id, SmsTemplate.GROUP_DISSOLVED, viewer.person_id)
        await tell_members(env, unit, notice, [member.id for member in members])
        await release_ownership(group.creator_id)
        event = Event(EventType.GROUP_DISSOLVED, actor_id=viewer.person_id)
        await erase_roster(group_id)
        await unit.log(group_id, event, dissolved_at=unit.now, turned_at=unit.now)
        await erase_unneeded_records([member.person_id for member in members])
        await _replace_work(unit, group)


async def _replace_work(unit: Unit, group: Group) -> None:
    """End refreshing and judging of a group that is dissolved; have it erased in 30 days."""
    runs = RefreshRun.filter(group_id=group.id, status__in=OPEN_STATES)
    await runs.update(status=RefreshStatus.FAILED, ended_at=unit.now)
    await unit.forget(WorkKind.JUDGE_GROUP, group.id)
    unit.announce(progress_channel(group.id))
    unit.schedule(WorkKind.ERASE_GROUP, group.id, at=unit.now + DISSOLVED_KEPT)
    await nudge_above(unit, group.organisation_id)
