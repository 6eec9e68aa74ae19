"""Being out: what becomes of a membership that ended, however it did (R16, R33, R34)."""

from typing import Any, Final
from uuid import UUID

from app.domain.events import Event, EventType
from app.domain.health import HealthCode, latest_test
from app.domain.identity import mask_name
from app.domain.limits import FORMER_KEPT
from app.domain.members import DepartureCause
from app.domain.roles import Role
from app.domain.sms import SmsTemplate
from app.models.due import WorkKind, forget
from app.models.groups import Group, count_on
from app.models.health import dump_test, erase_unneeded_records, read_tests
from app.models.invitations import Invitation
from app.models.leaves import FormerMember
from app.models.members import Membership
from app.services.health.judging import judge_in
from app.services.kernel.env import Env
from app.services.kernel.unit import Unit
from app.services.sms.notices import Notice, tell_phones
from app.services.sms.recipients import own_phones, phones_of

_LEAVING: Final = {
    "group_id": "group_id",
    "person_id": "person_id",
    "enrolled_by_id": "enrolled_by_id",
    "role": "role",
    "remark": "remark",
    "joined_at": "joined_at",
    "reminded_at": "reminded_at",
    "name": "person__name",
    "health_code": "person__record__health_code",
    "tests": "person__record__tests",
    "doses": "person__record__doses",
    "as_of": "person__record__as_of",
    "reason": "leave_request__reason",
    "anomaly_id": "anomaly__id",
    "pending": "leave_request__id",
}


async def depart(
    env: Env, unit: Unit, member_id: UUID, cause: DepartureCause, actor_id: UUID | None
) -> None:
    """End a membership under its group's row, which the caller holds.

    The person becomes a former member as they are now, is told by SMS, and the group is
    judged without them; what nobody needs any more of them goes at once.
    """
    row: dict[str, Any] = await Membership.get(id=member_id).values(**_LEAVING)
    group_id: UUID = row["group_id"]
    phones = (await phones_of([member_id]))[member_id]
    if row["enrolled_by_id"] is not None:
        phones = phones + await own_phones(row["person_id"])
    await _keep_as_former(unit, member_id, row, cause)
    await Membership.filter(id=member_id).delete()
    await forget(WorkKind.END_LEAVE, member_id)
    await end_role(unit, group_id, member_id, row["person_id"], row["role"])
    await count_on(group_id, member_count=-1, pending_leaves=-1 if row["pending"] else 0)
    await erase_unneeded_records([row["person_id"]])
    removed = cause is DepartureCause.REMOVED
    notice = Notice(
        group_id,
        SmsTemplate.MEMBER_REMOVED if removed else SmsTemplate.LEAVE_COMPLETED,
        actor_id,
        {"member": mask_name(row["name"])},
    )
    await tell_phones(env, unit, notice, phones)
    ended = EventType.MEMBER_REMOVED if removed else EventType.MEMBER_LEFT
    events = [Event(ended, actor_id=actor_id, subject_id=member_id, details={"cause": cause.value})]
    if row["anomaly_id"] is not None:
        events.append(Event(EventType.ANOMALY_CLOSED, subject_id=member_id))
    await judge_in(unit, group_id, *events)


async def _keep_as_former(
    unit: Unit, member_id: UUID, row: dict[str, Any], cause: DepartureCause
) -> None:
    newest = latest_test(read_tests(row["tests"]))
    await FormerMember.create(
        id=member_id,
        group_id=row["group_id"],
        person_id=row["person_id"],
        name=row["name"],
        remark=row["remark"],
        cause=cause,
        reason=row["reason"],
        health_code=row["health_code"] or HealthCode.UNKNOWN,
        latest_test=dump_test(newest) if newest else None,
        doses=row["doses"] or 0,
        as_of=row["as_of"],
        joined_at=row["joined_at"],
        reminded_at=row["reminded_at"],
        left_at=unit.now,
    )
    await unit.schedule(WorkKind.ERASE_FORMER, member_id, at=unit.now + FORMER_KEPT)


async def end_role(
    unit: Unit, group_id: UUID, member_id: UUID, person_id: UUID, role: Role
) -> None:
    """Take from an admin what only admins have: their place, invitations, and an offer (R9)."""
    if role is not Role.ADMIN:
        return
    await count_on(group_id, admin_count=-1)
    await withdraw_invitations_of(unit, group_id, person_id)
    await Group.filter(id=group_id, offered_to=member_id).update(
        offered_to=None, offered_until=None
    )


async def withdraw_invitations_of(unit: Unit, group_id: UUID, *people: UUID) -> None:
    """Withdraw every invitation that these people made (R9)."""
    await Invitation.filter(group_id=group_id, created_by_id__in=people, withdrawn_at=None).update(
        withdrawn_at=unit.now
    )
