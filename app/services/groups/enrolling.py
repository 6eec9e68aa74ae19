"""Entering a group: memberships, consents and guardians' holds, under the group's row (R11-R14)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from app.domain.events import Event, EventType
from app.domain.limits import FIRST_FETCH_GRACE, GROUP_PEOPLE
from app.domain.members import DepartureCause
from app.domain.refusals import Refusal, RefusalCode
from app.domain.roles import Role
from app.models.consents import Consent
from app.models.due import WorkKind
from app.models.groups import reserve_members
from app.models.guardians import Guardianship
from app.models.leaves import FormerMember, last_reminder
from app.models.members import Membership
from app.services.kernel.unit import Unit

# The terms that people agree to; a new text gets a new version, old consents keep theirs.
TERMS_VERSION: Final = "2026-11-01"


@dataclass(frozen=True, slots=True)
class Entrant:
    """One who joins, by now known as a person."""

    person_id: UUID
    remark: str
    place: int  # in the input
    student: bool = False
    guardian_id: UUID | None = None


def place_path(place: int, field: str) -> tuple[str, int, str]:
    """Where in the input someone's field stands."""
    return ("people", place, field)


async def refuse_removed(group_id: UUID, entrants: Sequence[Entrant], invited_at: datetime) -> None:
    """Refuse whoever was removed since the invitation was made: they need a new one (R16)."""
    removed = FormerMember.filter(
        group_id=group_id,
        person_id__in=[entrant.person_id for entrant in entrants],
        cause=DepartureCause.REMOVED,
        left_at__gte=invited_at,
    )
    if await removed.exists():
        raise Refusal(RefusalCode.INVITATION_WITHDRAWN, "token")


async def enter(unit: Unit, group_id: UUID, entrants: Sequence[Entrant], phone: str) -> list[UUID]:
    """Take the places that are needed under the group's row, which the caller holds (R2, R12).

    Answers the memberships that stand, in order. Refused: too few places, or a relative who
    joined themselves: nobody becomes a guardian of someone who acts for themselves.
    """
    rows = await Membership.filter(
        group_id=group_id, person_id__in=[entrant.person_id for entrant in entrants]
    ).values("id", "person_id", "enrolled_by_id")
    standing = {row["person_id"]: row for row in rows}
    for entrant in entrants:
        row = standing.get(entrant.person_id)
        if row and entrant.guardian_id and row["enrolled_by_id"] is None:
            raise Refusal(
                RefusalCode.RELATIVE_JOINED_THEMSELVES, *place_path(entrant.place, "relativeId")
            )
    missing = len(entrants) - len(standing)
    if missing and not await reserve_members(group_id, missing):
        raise Refusal(RefusalCode.GROUP_FULL, "token", params={"limit": GROUP_PEOPLE})
    members: dict[UUID, UUID] = {}
    # In one order everywhere, as each has work written that other groups' joins ask for too.
    for entrant in sorted(entrants, key=lambda one: one.person_id):
        row = standing.get(entrant.person_id)
        member_id = row["id"] if row else await _enrol(unit, group_id, entrant, phone)
        if entrant.guardian_id is not None:
            await _hold(unit, group_id, member_id, entrant, phone)
        members[entrant.person_id] = member_id
    return [members[entrant.person_id] for entrant in entrants]


async def _enrol(unit: Unit, group_id: UUID, entrant: Entrant, phone: str) -> UUID:
    member_id = await add_member(
        unit,
        group_id,
        Membership(
            person_id=entrant.person_id,
            role=Role.MEMBER,
            remark=entrant.remark,
            phone=phone,
            student=entrant.student,
            enrolled_by_id=entrant.guardian_id,
        ),
    )
    actor_id = entrant.guardian_id or entrant.person_id
    await unit.log(
        group_id, Event(EventType.MEMBER_JOINED, actor_id=actor_id, subject_id=member_id)
    )
    return member_id


async def _hold(unit: Unit, group_id: UUID, member_id: UUID, entrant: Entrant, phone: str) -> None:
    """Give a guardian their hold on a member; a second guardian shares it (R12)."""
    holds = Guardianship.filter(member_id=member_id, guardian_id=entrant.guardian_id)
    if await holds.exists():
        return
    first = not await Guardianship.filter(member_id=member_id).exists()
    await Guardianship.create(
        id=unit.new_id(),
        member_id=member_id,
        guardian_id=entrant.guardian_id,
        phone=phone,
        created_at=unit.now,
    )
    if not first:
        await _give_consent(unit, group_id, entrant.person_id, entrant.guardian_id)
        await unit.log(
            group_id,
            Event(EventType.GUARDIAN_ADDED, actor_id=entrant.guardian_id, subject_id=member_id),
        )


async def add_member(unit: Unit, group_id: UUID, member: Membership) -> UUID:
    """Write a membership with its consent (R11); have the person's data fetched (R14)."""
    member.id = unit.new_id()
    member.group_id = group_id
    member.joined_at = unit.now
    member.awaited_until = unit.now + FIRST_FETCH_GRACE
    member.reminded_at = await last_reminder(group_id, member.person_id)
    await member.save()
    await _give_consent(unit, group_id, member.person_id, member.enrolled_by_id)
    await unit.schedule(WorkKind.FETCH_PERSON, member.person_id)
    await unit.schedule(WorkKind.JUDGE_GROUP, group_id, at=member.awaited_until)
    return member.id


async def _give_consent(
    unit: Unit, group_id: UUID, person_id: UUID, guardian_id: UUID | None
) -> None:
    await Consent.create(
        id=unit.new_id(),
        person_id=person_id,
        group_id=group_id,
        given_by_id=guardian_id or person_id,
        terms_version=TERMS_VERSION,
        given_at=unit.now,
    )
