"""Sections as managers see them: names, how many are in each, their statistics (R50)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from tortoise.functions import Count

from app.domain.refusals import Forbidden
from app.domain.sections import is_in_charge
from app.domain.statistics import Statistics
from app.models.counting import count_by_section
from app.models.members import Membership
from app.models.sections import Section
from app.resolvers.context import Info
from app.resolvers.group_row import GroupRow
from app.resolvers.member_row import MemberRow
from app.resolvers.section_row import SectionRow
from app.resolvers.statistics import StatisticsRow, statistics_row


@dataclass(frozen=True, slots=True)
class SectionStatisticsRow:
    """The statistics of a section; without one, of those who are in none."""

    section: SectionRow | None
    statistics: StatisticsRow


async def sections(root: GroupRow, info: Info) -> list[SectionRow]:
    """Resolve ``group.sections``: as they were made; to a section admin theirs (R51)."""
    of_group = Section.filter(group_id=root.id).order_by("created_at", "id")
    rows = [SectionRow(*row) for row in await of_group.values_list("id", "name")]
    return [row for row in rows if is_in_charge(root.rights.charge, row.id)]


async def statistics_by_section(root: GroupRow, info: Info) -> list[SectionStatisticsRow]:
    """Resolve ``group.statisticsBySection``: of each section, last of those in none."""
    now = info.context.env.clock.now()
    counts = await count_by_section(root.id, now, root.rights.charge)
    shown: list[SectionRow | None] = [*await sections(root, info)]
    if root.rights.charge is None:
        shown.append(None)
    return [
        SectionStatisticsRow(
            section, statistics_row(counts.get(section.id if section else None, Statistics()))
        )
        for section in shown
    ]


async def member_count(root: SectionRow, info: Info) -> int:
    """Resolve ``section.memberCount``; raise ``Forbidden`` to who isn't in charge of it.

    Those of a whole list are counted by one statement.
    """

    async def load(keys: list[UUID]) -> list[int | None]:
        seen = await _seen(info, keys)
        counted = Membership.filter(section_id__in=list(seen)).annotate(count=Count("id"))
        rows = await counted.group_by("section_id").values_list("section_id", "count")
        counts = dict(rows)
        return [counts.get(key, 0) if key in seen else None for key in keys]

    found = await info.context.scope.loader("section counts", load).load(root.id)
    if found is None:
        raise Forbidden
    return found


async def load_sections(info: Info, ids: Sequence[UUID]) -> dict[UUID, SectionRow]:
    """Read sections for the managers who are in charge of them."""
    return await _seen(info, ids)


async def find_section(info: Info, section_id: UUID) -> SectionRow | None:
    """Return a section, None when it is no more or not in the viewer's charge."""
    return (await _seen(info, [section_id])).get(section_id)


async def _seen(info: Info, ids: Collection[UUID]) -> dict[UUID, SectionRow]:
    found = Section.filter(id__in=list(ids), group__dissolved_at=None)
    rows = await found.values_list("id", "name", "group_id")
    charges = await info.context.charges({group_id for _, _, group_id in rows})
    return {
        key: SectionRow(key, name)
        for key, name, group_id in rows
        if group_id in charges and is_in_charge(charges[group_id], key)
    }


async def bound_to(root: MemberRow, info: Info) -> list[SectionRow] | None:
    """Resolve ``member.boundTo``: the sections to which an admin is bound (R51)."""
    if root.bound_to is None:
        return None

    async def load(keys: list[UUID]) -> list[SectionRow | None]:
        rows = await Section.filter(id__in=keys).values_list("id", "name")
        named = {key: SectionRow(key, name) for key, name in rows}
        return [named.get(key) for key in keys]

    loader = info.context.scope.loader("section names", load)
    found = await loader.load_many(list(map(UUID, root.bound_to)))
    return [section for section in found if section is not None]
