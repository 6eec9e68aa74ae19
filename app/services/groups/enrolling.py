"""Entering a group: memberships, consents and guardians' holds, under the group's row (R11-R14)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.domain.events import Event, EventType
from app.domain.joining import people_path, why_not_guarded
from app.domain.limits import FIRST_FETCH_GRACE, GROUP_PEOPLE
from app.domain.refusals import Refusal, RefusalCode
from app.models.consents import Consent
from app.models.groups import Group
from app.models.guardians import Guardianship
from app.models.inserting import insert_rows
from app.models.joiners import JoinerOnRecord
from app.models.leaves import LeaveRequest
from app.models.members import Membership
from app.ports.bus import person_channel
from app.services.groups.leaves import cancel_in
from app.services.groups.memberships import NewMember, consents_of, expect_data, new_members
from app.services.groups.rosters import expect_matching
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
    section_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class JoinedMember:
    """A membership that a join answers with, and whether it stood before (R13).

    ``person_id``: whose it is, where the join found that out.
    """

    id: UUID
    already: bool
    person_id: UUID | None = None


async def admit(
    unit: Unit,
    viewer: Viewer,
    group: Group,
    joiners: Sequence[AdmittedJoiner],
    known: Mapping[UUID, JoinerOnRecord],
    phone: str,
) -> list[JoinedMember]:
    """Let joiners in, and return their memberships in order, new or existing (R2, R12, R13).

    ``group`` is its row, which the caller locked; ``known`` are the joiners as it knows them.
    Refused: too little room, or a relative who joined themselves: nobody becomes a guardian of
    someone who acts for themselves.
    """
    _refuse_unguarded(joiners, known)
    new = {one.person_id: one for one in joiners if known[one.person_id].member_id is None}
    members = await _enrol(unit, group, list(new.values()), known, phone)
    joined: dict[UUID, JoinedMember] = {}
    # In one order everywhere, as each has work written that other groups' joins ask for too.
    for joiner in sorted(joiners, key=lambda one: one.person_id):
        before = known[joiner.person_id]
        member_id = before.member_id or members[joiner.person_id]
        again = before.withheld_at is not None
        if again:
            await _consent_again(unit, viewer, group.id, before, joiner)
        if joiner.guardian_id is not None:
            await _hold(unit, group.id, member_id, joiner, phone, consented=again)
        already = before.member_id is not None and not again
        joined[joiner.person_id] = JoinedMember(member_id, already, joiner.person_id)
    return [joined[joiner.person_id] for joiner in joiners]


def _refuse_unguarded(
    joiners: Sequence[AdmittedJoiner], known: Mapping[UUID, JoinerOnRecord]
) -> None:
    """Refuse a guardian of who is in already and needs none."""
    for joiner in joiners:
        before = known[joiner.person_id]
        if before.member_id is not None and joiner.guardian_id is not None:
            refusal = why_not_guarded(before.enrolled_by_id)
            if refusal is not None:
                raise Refusal(refusal, *people_path(joiner.index, "relativeId"))


async def _enrol(
    unit: Unit,
    group: Group,
    joiners: Sequence[AdmittedJoiner],
    known: Mapping[UUID, JoinerOnRecord],
    phone: str,
) -> dict[UUID, UUID]:
    """Write the memberships of who isn't in yet; return them by their persons."""
    if not joiners:
        return {}
    member_count = group.member_count + len(joiners)
    if member_count > GROUP_PEOPLE:
        raise Refusal(RefusalCode.GROUP_FULL, "token")
    new = [
        NewMember(
            person_id=joiner.person_id,
            phone=phone,
            remark=joiner.remark,
            student=joiner.student,
            guardian_id=joiner.guardian_id,
            section_id=joiner.section_id,
            reminded_at=known[joiner.person_id].reminded_at,
        )
        for joiner in sorted(joiners, key=lambda one: one.person_id)
    ]
    members, rows = new_members(unit, group.id, new)
    events = [_joined(one, members[one.person_id]) for one in new]
    await unit.log_with(group.id, events, {"member_count": member_count}, rows)
    expect_matching(unit, group)
    return members


def _joined(one: NewMember, member_id: UUID) -> Event:
    actor_id = one.guardian_id or one.person_id
    return Event(EventType.MEMBER_JOINED, actor_id=actor_id, subject_id=member_id)


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
    unit: Unit, viewer: Viewer, group_id: UUID, before: JoinerOnRecord, joiner: AdmittedJoiner
) -> None:
    """End a withdrawal by a new consent, and the leave that it asked for (R42)."""
    member_id = before.member_id
    assert member_id is not None, "they are in"
    await _give_consent(unit, group_id, joiner.person_id, joiner.guardian_id)
    by_it = LeaveRequest.filter(member_id=member_id, requested_at=before.withheld_at)
    if await by_it.exists():
        await cancel_in(unit, viewer, group_id, member_id)
    awaited_until = unit.now + FIRST_FETCH_GRACE
    unit.changes(group_id)
    await Membership.filter(id=member_id).update(withheld_at=None, awaited_until=awaited_until)
    expect_data(unit, group_id, joiner.person_id, awaited_until)


async def _give_consent(
    unit: Unit, group_id: UUID, person_id: UUID, guardian_id: UUID | None
) -> None:
    await insert_rows(Consent, consents_of(unit, group_id, {person_id: guardian_id}))
