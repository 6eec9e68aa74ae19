"""What a section admin sees: just the members in their charge (R51).

Rows of groups come without what counts everyone, and are completed here; conditions on members are
narrowed here. Whoever is in charge of everyone passes through as they are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from tortoise.expressions import Q

from app.domain.events import Subject, subject_of
from app.domain.judging import judge_group
from app.domain.roles import Role
from app.domain.sections import Charge, is_in_charge
from app.models.events import GroupEvent
from app.models.groups import Group
from app.models.guardians import Guardianship
from app.models.judging import read_member_states
from app.models.leaves import FormerMember, LeaveRequest
from app.models.members import Membership
from app.ports.clock import Clock
from app.resolvers.filters import MemberFilter
from app.resolvers.group_row import GroupRow
from app.resolvers.rows import condition
from app.services.kernel.env import Viewer


async def count_anew(rows: Iterable[GroupRow], clock: Clock) -> None:
    """Complete rows of groups in which the viewer is bound to sections: by counts over these."""
    for row in rows:
        if row.uncounted:
            await _count(row, clock.now())


async def _count(row: GroupRow, now: datetime) -> None:
    charge = row.rights.charge
    group = await Group.get(id=row.id)
    states = await read_member_states(row.id)
    members = [state.facts for state in states if is_in_charge(charge, state.section_id)]
    verdict = judge_group(group.requirement, members, now)
    waiting = LeaveRequest.filter(in_charge(charge, "member__"), group_id=row.id)
    row.member_count = len(members)
    row.reason_counts = {reason.value: count for reason, count in verdict.reason_counts.items()}
    row.pending_leave_count = await waiting.count()
    row.uncounted = False


def in_charge(charge: Charge, prefix: str = "") -> Q:
    """Return the condition that a member is in a charge; ``prefix`` leads to the member."""
    if charge is None:
        return Q()
    return condition(f"{prefix}section_id__in", sorted(charge))


def narrowed(where: MemberFilter, root: GroupRow) -> MemberFilter:
    """Return a filter that finds nobody but members in the viewer's charge."""
    charge = root.rights.charge
    return where if charge is None else replace(where, within=tuple(sorted(charge)))


async def told_of(
    viewer: Viewer, group_id: UUID, charge: Charge, events: Sequence[GroupEvent]
) -> Sequence[GroupEvent]:
    """Return the events that somebody with this charge is told of (R51).

    Of those about members, just those about members in it, or who left it; without the actors
    whom they don't see: others than themselves, the creator, those members and their guardians.
    """
    if charge is None:
        return events
    subjects = {
        event.subject_id for event in events if subject_of(event.type) is Subject.MEMBER
    } - {None}
    ours = {"group_id": group_id, "id__in": list(subjects)}
    theirs = in_charge(charge)
    own = Q(theirs, Q(person_id=viewer.person_id), join_type=Q.OR)
    members = set(await Membership.filter(own, **ours).values_list("id", flat=True))
    members |= set(await FormerMember.filter(theirs, **ours).values_list("id", flat=True))
    told = [event for event in events if event.subject_id not in subjects - members]
    people = await _seen(group_id, charge, {one.actor_id for one in told if one.actor_id})
    for event in told:
        if event.actor_id not in people | {viewer.person_id}:
            event.actor_id = None
    return told


async def _seen(group_id: UUID, charge: Charge, people: set[UUID]) -> set[UUID]:
    """Return which of some people may be seen by who has this charge."""
    among = list(people)
    seen = Q(in_charge(charge), Q(role=Role.CREATOR), join_type=Q.OR)
    members = Membership.filter(seen, group_id=group_id, person_id__in=among)
    formers = FormerMember.filter(in_charge(charge), group_id=group_id, person_id__in=among)
    guardians = Guardianship.filter(
        in_charge(charge, "member__"), member__group_id=group_id, guardian_id__in=among
    )
    columns = (members, "person_id"), (formers, "person_id"), (guardians, "guardian_id")
    return {key for query, column in columns for (key,) in await query.values_list(column)}
