"""Entering a group: memberships, consents and guardians' holds, under the group's row (R11-R14)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.domain.events import Event, EventType
from app.domain.joining import people_path, why_not_guarded
from app.domain.limits import FIRST_FETCH_GRACE
from app.domain.members import DepartureCause
from app.domain.refusals import Refusal, RefusalCode
from app.domain.roles import Role
from app.domain.terms import CURRENT
from app.models.consents import Consent
from app.models.due import WorkKind
from app.models.groups import reserve_members
from app.models.guardians import Guardianship
from app.models.leaves import FormerMember, LeaveRequest, last_reminder
from app.models.members import Membership
from app.ports.bus import person_channel
from app.services.groups.leaves import cancel_in
from app.services.kernel.env import Viewer
from app.services.kernel.unit import Unit


@dataclass(frozen=True, slots=True)
class AdmittedJoiner:
    """One joiner by now known as a person; ``index`` is theirs in the request."""

    person_id: UUID
    remark: str
    index: int
    student: bool = False
    guardian_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class JoinedMember:
    """A membership that a join answers with, and whether it stood before (R13)."""

    id: UUID
    already: bool


async def refuse_removed(
    group_id: UUID, joiners: Sequence[AdmittedJoiner], invited_at: datetime
) -> None:
    """Refuse whoever was removed since the invitation was made: they need a new one (R16)."""
    removed = FormerMember.filter(
        group_id=group_id,
        person_id__in=[joiner.person_id for joiner in joiners],
        cause=DepartureCause.REMOVED,
        left_at__gte=invited_at,
    )
    if await removed.exists():
        raise Refusal(RefusalCode.INVITATION_WITHDRAWN, "token")


async def admit(
    unit: Unit, viewer: Viewer, group_id: UUID, joiners: Sequence[AdmittedJoiner], phone: str
) -> list[JoinedMember]:
    """Let joiners in, and return their memberships in order, new or existing (R2, R12, R13).

    The caller holds the group's row. Refused: too little room, or a relative who joined
    themselves: nobody becomes a guardian of someone who acts for themselves.
    """
    existing = await _existing(group_id, joiners)
    missing = len(joiners) - len(existing)
    if missing and not await reserve_members(group_id, missing):
        raise Refusal(RefusalCode.GROUP_FULL, "token")
    members: dict[UUID, JoinedMember] = {}
    # In one order everywhere, as each has work written that other groups' joins ask for too.
    for joiner in sorted(joiners, key=lambda one: one.person_id):
        member = existing.get(joiner.person_id)
        member_id = member.id if member else await _enrol(unit, group_id, joiner, phone)
        again = member is not None and member.withheld_at is not None
        if member is not None and again:
            await _consent_again(unit, viewer, member, joiner)
        if joiner.guardian_id is not None:
            await _hold(unit, group_id, member_id, joiner, phone, consented=again)
        already = member is not None and not again
        members[joiner.person_id] = JoinedMember(member_id, already=already)
    return [members[joiner.person_id] for joiner in joiners]


async def _existing(group_id: UUID, joiners: Sequence[AdmittedJoiner]) -> dict[UUID, Membership]:
    """Return the members among the joiners by their persons; refuse who needs no guardian."""
    people = [joiner.person_id for joiner in joiners]
    rows = Membership.filter(group_id=group_id, person_id__in=people)
    existing = {
        row.person_id: row
        for row in await rows.only("id", "group_id", "person_id", "enrolled_by_id", "withheld_at")
    }
    for joiner in joiners:
        member = existing.get(joiner.person_id)
        if member is not None and joiner.guardian_id is not None:
            refusal = why_not_guarded(member.enrolled_by_id)
            if refusal is not None:
                raise Refusal(refusal, *people_path(joiner.index, "relativeId"))
    return existing


async def _enrol(unit: Unit, group_id: UUID, joiner: AdmittedJoiner, phone: str) -> UUID:
    member_id = await add_member(
        unit,
        group_id,
        Membership(
            person_id=joiner.person_id,
            role=Role.MEMBER,
            remark=joiner.remark,
            phone=phone,
            student=joiner.student,
            enrolled_by_id=joiner.guardian_id,
        ),
    )
    actor_id = joiner.guardian_id or joiner.person_id
    await unit.log(
        group_id, Event(EventType.MEMBER_JOINED, actor_id=actor_id, subject_id=member_id)
    )
    return member_id


async def _hold(
    unit: Unit,
    group_id: UUID,
    member_id: UUID,
    joiner: AdmittedJoiner,
    phone: str,
    *,
    consented: bool,
) -> None:
    """Give a guardian their hold on a member; a second guardian shares it (R12).

    They consent by it, unless they ``consented`` just now.
    """
    holds = Guardianship.filter(member_id=member_id, guardian_id=joiner.guardian_id)
    if await holds.exists():
        return
    unit.changes(group_id)
    first = not await Guardianship.filter(member_id=member_id).exists()
    await Guardianship.create(
        id=unit.new_id(),
        member_id=member_id,
        guardian_id=joiner.guardian_id,
        phone=phone,
        created_at=unit.now,
    )
    if joiner.guardian_id is not None:
        unit.announce(person_channel(joiner.guardian_id))
    if not first:
        if not consented:
            await _give_consent(unit, group_id, joiner.person_id, joiner.guardian_id)
        await unit.log(
            group_id,
            Event(EventType.GUARDIAN_ADDED, actor_id=joiner.guardian_id, subject_id=member_id),
        )


async def _consent_again(
    unit: Unit, viewer: Viewer, member: Membership, joiner: AdmittedJoiner
) -> None:
    """End a withdrawal by a new consent, and the leave that it asked for (R42)."""
    await _give_consent(unit, member.group_id, joiner.person_id, joiner.guardian_id)
    by_it = LeaveRequest.filter(member_id=member.id, requested_at=member.withheld_at)
    if await by_it.exists():
        await cancel_in(unit, viewer, member.group_id, member.id)
    awaited_until = unit.now + FIRST_FETCH_GRACE
    unit.changes(member.group_id)
    await Membership.filter(id=member.id).update(withheld_at=None, awaited_until=awaited_until)
    await _expect_data(unit, member.group_id, joiner.person_id, awaited_until)


async def add_member(unit: Unit, group_id: UUID, member: Membership) -> UUID:
    """Write a membership with its consent (R11), and return its id.

    The person's data is fetched at once, and the group judged when that is due at last (R14).
    """
    member.id = unit.new_id()
    member.group_id = group_id
    member.joined_at = unit.now
    member.awaited_until = unit.now + FIRST_FETCH_GRACE
    member.reminded_at = await last_reminder(group_id, member.person_id)
    await member.save()
    unit.changes(group_id)
    unit.announce(person_channel(member.person_id))
    await _give_consent(unit, group_id, member.person_id, member.enrolled_by_id)
    await _expect_data(unit, group_id, member.person_id, member.awaited_until)
    return member.id


async def _expect_data(
    unit: Unit, group_id: UUID, person_id: UUID, awaited_until: datetime
) -> None:
    """Have someone's data fetched, and the group judged without if it doesn't come (R14)."""
    unit.schedule(WorkKind.FETCH_PERSON, person_id)
    unit.schedule(WorkKind.JUDGE_GROUP, group_id, at=awaited_until)


async def _give_consent(
    unit: Unit, group_id: UUID, person_id: UUID, guardian_id: UUID | None
) -> None:
    await Consent.create(
        id=unit.new_id(),
        person_id=person_id,
        group_id=group_id,
        given_by_id=guardian_id or person_id,
        terms_version=CURRENT.version,
        given_at=unit.now,
    )
