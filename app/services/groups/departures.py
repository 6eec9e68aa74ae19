"""Being out: what becomes of a membership that ended, however it did (R16, R33, R34)."""

from dataclasses import dataclass
from uuid import UUID

from app.domain.events import Event, EventType
from app.domain.health import HealthCode, latest_test
from app.domain.identity import mask_name
from app.domain.limits import FORMER_KEPT
from app.domain.members import DepartureCause
from app.domain.roles import Role
from app.domain.sms import SmsTemplate
from app.models.anomalies import Anomaly
from app.models.details import dump_test, read_tests
from app.models.due import WorkKind
from app.models.groups import Group, adjust_counts
from app.models.guardians import Guardianship
from app.models.health import HealthRecord, erase_unneeded_records
from app.models.invitations import Invitation
from app.models.leaves import FormerMember, LeaveRequest
from app.models.members import Membership
from app.models.rosters import RosterEntry
from app.services.health.judging import judge_in
from app.services.kernel.env import Env
from app.services.kernel.members import find_member
from app.services.kernel.unit import Unit
from app.services.sms.notices import Notice, tell_phones
from app.services.sms.recipients import own_phones, phones_of


@dataclass(frozen=True, slots=True)
class Departure:
    """Who is out of which group, and the leave request that ended with it."""

    member_id: UUID
    group_id: UUID
    leave_request_id: UUID | None


async def depart(
    env: Env, unit: Unit, member_id: UUID, cause: DepartureCause, actor_id: UUID | None
) -> Departure:
    """End a membership under its group's row, which the caller holds.

    The person becomes a former member as they are now, is told by SMS, and the group is
    judged without them; what nobody needs any more of them goes at once.
    """
    member = await find_member(member_id)
    group_id = member.group_id
    # Read before the row goes that they hang on.
    phones = await _phones_of_leaver(member)
    request = await LeaveRequest.get_or_none(member_id=member_id)
    await _strike_off(unit, member)
    anomalous = await Anomaly.filter(member_id=member_id).exists()
    await _keep_as_former(unit, member, request, cause)
    await Membership.filter(id=member_id).delete()
    await unit.forget(WorkKind.END_LEAVE, member_id)
    await end_role(unit, member)
    await adjust_counts(group_id, member_count=-1, pending_leaves=-1 if request else 0)
    await erase_unneeded_records([member.person_id])
    removed = cause is DepartureCause.REMOVED
    template = SmsTemplate.MEMBER_REMOVED if removed else SmsTemplate.LEAVE_COMPLETED
    told = {"member": mask_name(member.person.name)}
    await tell_phones(env, unit, Notice(group_id, template, actor_id, told), phones)
    ended = EventType.MEMBER_REMOVED if removed else EventType.MEMBER_LEFT
    event = Event(ended, actor_id=actor_id, subject_id=member_id, details={"cause": cause.value})
    closed = [Event(EventType.ANOMALY_CLOSED, subject_id=member_id)] if anomalous else []
    await judge_in(unit, group_id, event, *closed)
    return Departure(member_id, group_id, request.id if request else None)


async def _strike_off(unit: Unit, member: Membership) -> None:
    """Have a leaver's name on the roster stand for nobody; another member may be who was meant."""
    listed = await RosterEntry.filter(member_id=member.id).update(member_id=None)
    if listed:
        await adjust_counts(member.group_id, not_joined_count=listed)
        unit.schedule(WorkKind.MATCH_ROSTER, member.group_id)


async def _phones_of_leaver(member: Membership) -> list[str]:
    """Return where a member, their guardians, and an enrolled one's own account are reached."""
    phones = (await phones_of([member.id]))[member.id]
    if member.enrolled_by_id is not None:
        phones = phones + await own_phones(member.person_id)
    return phones


async def _keep_as_former(
    unit: Unit, member: Membership, request: LeaveRequest | None, cause: DepartureCause
) -> None:
    withheld = member.withheld_at is not None  # R42
    record = None if withheld else await HealthRecord.get_or_none(person_id=member.person_id)
    no_code = HealthCode.WITHHELD if withheld else HealthCode.UNKNOWN
    guardians = Guardianship.filter(member_id=member.id)
    guardian_ids = await guardians.values_list("guardian_id", flat=True)
    newest = latest_test(read_tests(record.tests)) if record else None
    await FormerMember.create(
        id=member.id,
        group_id=member.group_id,
        person_id=member.person_id,
        section_id=member.section_id,
        section_at=member.section_at,
        remark=member.remark,
        cause=cause,
        reason=request.reason if request else None,
        health_code=record.health_code if record else no_code,
        latest_test=dump_test(newest) if newest else None,
        doses=record.doses if record else 0,
        as_of=record.as_of if record else None,
        joined_at=member.joined_at,
        reminded_at=member.reminded_at,
        left_at=unit.now,
        guardian_ids=sorted(map(str, guardian_ids)),
    )
    unit.schedule(WorkKind.ERASE_FORMER, member.id, at=unit.now + FORMER_KEPT)


async def end_role(unit: Unit, member: Membership) -> list[UUID]:
    """Take from a member who was an admin what only admins have, under the group's row.

    That is one of the five admins of the group, their invitations (R9), and an offer (R16).
    Return the invitations that stop.
    """
    if member.role is not Role.ADMIN:
        return []
    await adjust_counts(member.group_id, admin_count=-1)
    stopped = await withdraw_invitations_of(unit, member.group_id, member.person_id)
    await Group.filter(id=member.group_id, offered_to=member.id).update(
        offered_to=None, offered_until=None
    )
    return stopped


async def withdraw_invitations_of(unit: Unit, group_id: UUID, *people: UUID) -> list[UUID]:
    """Withdraw every invitation that these people made (R9); return those that let people in."""
    made = Invitation.filter(group_id=group_id, created_by_id__in=people, withdrawn_at=None)
    stopped = [key for (key,) in await made.filter(expires_at__gt=unit.now).values_list("id")]
    await made.update(withdrawn_at=unit.now)
    return stopped
