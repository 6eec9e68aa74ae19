"""What is counted over a group's members, now and on days before, and by its sections."""

from datetime import date
from typing import Annotated

import strawberry

from app.domain.costs import STATEMENT
from app.domain.limits import COUNT_DAYS, GROUP_SECTIONS, REPORT_DAYS
from app.resolvers import sections as resolve_sections
from app.resolvers import statistics as resolve_statistics
from app.resolvers.context import Info
from app.resolvers.group_row import GroupRow
from app.resolvers.statistics import DayReportRow
from app.schema.fields import computed
from app.schema.permissions import SeesCharge, SeesMembers
from app.schema.sections import Section, SectionStatistics
from app.schema.statistics import DayReport, Statistics


async def _reports(
    root: GroupRow,
    info: Info,
    days: Annotated[
        int | None,
        strawberry.argument(description=f"How many days: {REPORT_DAYS} unless told, and at most."),
    ] = None,
) -> list[DayReportRow]:
    return await resolve_statistics.reports(root, info, REPORT_DAYS if days is None else days)


async def _statistics_trend(
    root: GroupRow,
    info: Info,
    first_day: Annotated[
        date | None,
        strawberry.argument(name="from", description="The first day; null: the oldest kept."),
    ] = None,
    last_day: Annotated[
        date | None, strawberry.argument(name="to", description="The last day; null: today.")
    ] = None,
) -> list[DayReportRow]:
    return await resolve_statistics.statistics_trend(root, info, first_day, last_day)


@strawberry.type(description="What is counted over a group.")
class GroupNumbers:  # R36, R50
    statistics: Statistics | None = computed(
        resolve_statistics.statistics,
        "Counts over the members, now. Managers.",
        SeesCharge,
        weight=100,
    )
    statistics_by_section: list[SectionStatistics] | None = computed(
        resolve_sections.statistics_by_section,
        "Counts over the members of each section, last of who is in none. Managers.",
        SeesCharge,
        weight=70,
        size=10,
    )
    sections: list[Section] | None = computed(
        resolve_sections.sections,
        f"Its classes or departments, {GROUP_SECTIONS} at most, as they were made. Managers.",
        SeesCharge,
        weight=STATEMENT,
        size=10,
    )
    reports: list[DayReport] | None = computed(
        _reports,
        "Today and the days before, newest first. Managers.",
        SeesCharge,
        weight=STATEMENT,
        size=REPORT_DAYS,
        by="days",
    )
    statistics_trend: list[DayReport] | None = computed(
        _statistics_trend,
        f"The counts of each of some days, {COUNT_DAYS} at most, oldest first. Managers.",
        SeesMembers,
        weight=STATEMENT,
        size=COUNT_DAYS,
    )
