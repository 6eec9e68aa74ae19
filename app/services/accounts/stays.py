"""When someone and their wards were in which groups: what they may be told of (R43)."""

from collections.abc import Collection
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from app.domain.accesses import Stay
from app.domain.members import why_not_leaving
from app.domain.times import read_time
from app.models.consents import Consent
from app.models.leaves import FormerMember
from app.models.members import Membership
from app.models.reports import DayReport
from app.models.rosters import RosterEntry


async def stays_of(person_id: UUID | None) -> list[Stay]:
    """Return the times that someone or their wards were in groups, for 30 days after leaving too.

    None for who isn't real-named.
    """
    if person_id is None:
        return []
    # Two statements: one for either would read everybody's memberships.
    own = Membership.filter(person_id=person_id)
    held = Membership.filter(guardianships__guardian_id=person_id)
    columns = ("group_id", "joined_at", "person__name", "section_id", "section_at")
    now = {*await own.values_list(*columns), *await held.values_list(*columns)}
    formers = [*await former_members_of(person_id), *await former_wards_of(person_id)]
    return [
        Stay(group_id, at, None, name, section_id, section_at)
        for group_id, at, name, section_id, section_at in sorted(now, key=lambda stay: stay[:3])
    ] + [
        Stay(
            former.group_id,
            former.joined_at,
            former.left_at,
            former.person.name,
            former.section_id,
            former.section_at,
        )
        for former in formers
    ]


async def former_members_of(person_id: UUID) -> list[FormerMember]:
    """Return the entries of someone themself among former members."""
    return await FormerMember.filter(person_id=person_id).select_related("person")


async def former_wards_of(guardian_id: UUID) -> list[FormerMember]:
    """Return the entries of those whose guardian someone was when they left."""
    given = Consent.filter(given_by_id=guardian_id).exclude(person_id=guardian_id)
    wards = await given.distinct().values_list("person_id", flat=True)
    left = FormerMember.filter(person_id__in=list(wards)).select_related("person")
    return [former for former in await left if str(guardian_id) in (former.guardian_ids or ())]


async def withdrawable_by(
    viewer_id: UUID | None, people: Collection[UUID]
) -> dict[tuple[UUID, UUID], UUID]:
    """Return the memberships of these people for whom the viewer can withdraw consent (R42).

    Their own and their wards', by person and group. The creator can't leave, so can't withdraw.
    """
    if viewer_id is None:
        return {}
    own = Q(person_id=viewer_id) | Q(guardianships__guardian_id=viewer_id)
    sharing = Membership.filter(own, person_id__in=list(set(people)), withheld_at=None)
    rows = await sharing.filter(group__dissolved_at=None).values_list(
        "id", "person_id", "group_id", "role"
    )
    return {
        (person_id, group_id): member_id
        for member_id, person_id, group_id, role in rows
        if why_not_leaving(role) is None
    }


async def consents_about(person_id: UUID | None) -> QuerySet[Consent]:
    """Return the consents for someone and their wards, and those that they gave (R43)."""
    if person_id is None:
        return Consent.filter(id__in=[])
    held = Membership.filter(guardianships__guardian_id=person_id)
    wards = await held.values_list("person_id", "group_id")
    about = [Q(person_id=ward_id, group_id=group_id) for ward_id, group_id in wards]
    return Consent.filter(
        Q(Q(person_id=person_id), Q(given_by_id=person_id), *about, join_type=Q.OR)
    )


async def listed_as(person_id: UUID) -> list[dict[str, object]]:
    """Return as whom someone stands on the rosters of their groups (R15)."""
    entries = RosterEntry.filter(member__person_id=person_id)
    return await entries.values(
        "name", "remark", "section", group="group__name", since="imported_at"
    )


async def reports_of(person_id: UUID) -> list[dict[str, object]]:
    """Return how someone stands in the reports of the last days (R37)."""
    members = await Membership.filter(person_id=person_id).values_list("id", "group_id")
    groups = {group_id: str(member_id) for member_id, group_id in members}
    reports = DayReport.filter(group_id__in=list(groups)).select_related("group")
    return [
        {
            "group": report.group.name,
            "day": report.day,
            "healthCode": code,
            "result": result,
            "testedAt": tested_at and read_time(tested_at),
            "doses": doses,
        }
        for report in await reports.order_by("day")
        for member_id, code, result, tested_at, doses in report.members
        if member_id == groups[report.group_id]
    ]
