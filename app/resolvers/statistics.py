"""Statistics over a group's members: now, and as each of the last days left them (R36, R49)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from app.domain.health import HealthCode, TestResult
from app.domain.limits import COUNT_DAYS, REPORT_DAYS
from app.domain.refusals import BadInput
from app.domain.reports import first_day_counted
from app.domain.sections import Charge
from app.domain.statistics import TEST_COUNTS, Statistics, TestWindow, add_up, tally_of_reported
from app.models.counting import count_statistics, read_tallies
from app.models.day_counts import counts_by_day
from app.models.members import Membership
from app.models.reports import DayReport, StoredStatistics, read_member, read_statistics
from app.resolvers.charges import in_charge
from app.resolvers.context import Info
from app.resolvers.group_row import GroupRow


@dataclass(slots=True)
class HealthCodeCountRow:
    """How many have a health code."""

    health_code: HealthCode
    count: int


@dataclass(slots=True)
class TestCountRow:
    """How many have a newest result of this age."""

    window: TestWindow
    result: TestResult | None
    count: int


@dataclass(slots=True)
class DosesCountRow:
    """How many have a number of doses."""

    doses: int
    count: int


@dataclass(frozen=True, slots=True)
class StatisticsRow:
    """Absolute counts over the members, with a count for everything that can be."""

    total: int
    by_health_code: list[HealthCodeCountRow]
    by_test: list[TestCountRow]
    by_doses: list[DosesCountRow]


@dataclass(frozen=True, slots=True)
class DayReportRow:
    """A group at the last refresh of one day; None, not zero, without one."""

    date: date
    refreshed_at: datetime | None = None
    statistics: StatisticsRow | None = None


# Who withdrew consent is counted nowhere (R42).
_CODES: Final = [code for code in HealthCode if code is not HealthCode.WITHHELD]


async def statistics(root: GroupRow, info: Info) -> StatisticsRow:
    """Resolve ``statistics`` now: counted by the database, with the group where it could (R36)."""
    if root.tallies is not None:
        return statistics_row(read_tallies(root.tallies))
    now = info.context.env.clock.now()
    return statistics_row(await count_statistics(root.id, now, root.rights.charge))


def statistics_row(found: Statistics) -> StatisticsRow:
    """Return statistics as they are shown, with a count for everything that can be."""
    return StatisticsRow(
        total=found.total,
        by_health_code=[HealthCodeCountRow(code, found.codes[code]) for code in _CODES],
        by_test=[
            TestCountRow(window, result, found.tests[window, result])
            for window, result in TEST_COUNTS
        ],
        by_doses=[DosesCountRow(doses, found.doses[doses]) for doses in sorted(found.doses)],
    )


async def reports(root: GroupRow, info: Info, days: int) -> list[DayReportRow]:
    """Resolve ``reports``: today and the days before, newest first (R36)."""
    if not 1 <= days <= REPORT_DAYS:
        raise BadInput("DAYS_OUT_OF_RANGE", most=REPORT_DAYS)
    today = info.context.env.today()
    wanted = [today - timedelta(days=back) for back in range(days)]
    kept = DayReport.filter(group_id=root.id, day__in=wanted)
    charge = root.rights.charge
    if charge is None:
        reports = await kept.only("id", "day", "refreshed_at", "statistics")
        counts = [read_statistics(report.statistics) for report in reports]
    else:
        reports = await kept.only("id", "day", "refreshed_at", "members")
        counts = await _counted_in(root.id, charge, reports)
    found = {
        report.day: DayReportRow(report.day, report.refreshed_at, statistics_row(counted))
        for report, counted in zip(reports, counts, strict=True)
    }
    return [found.get(day, DayReportRow(day)) for day in wanted]


async def statistics_trend(
    root: GroupRow, info: Info, first: date | None, last: date | None
) -> list[DayReportRow]:
    """Resolve ``statisticsTrend``: these days, oldest first (R49).

    Unless told, they begin with the oldest that is kept, and end today.
    """
    today = info.context.env.today()
    first, last = first or first_day_counted(today), last or today
    days = (last - first).days + 1
    if not 1 <= days <= COUNT_DAYS:
        raise BadInput("DAYS_OUT_OF_RANGE", most=COUNT_DAYS)
    kept = await counts_by_day(root.id, first, last)
    found = {day: _day_row(day, at, stored) for day, (at, stored) in kept.items()}
    wanted = [first + timedelta(days=number) for number in range(days)]
    return [found.get(day, DayReportRow(day)) for day in wanted]


def _day_row(day: date, refreshed_at: datetime, stored: StoredStatistics) -> DayReportRow:
    return DayReportRow(day, refreshed_at, statistics_row(read_statistics(stored)))


async def _counted_in(
    group_id: UUID, charge: Charge, reports: Sequence[DayReport]
) -> list[Statistics]:
    """Count reports anew, over those of their members who are in a charge now (R51)."""
    members = Membership.filter(in_charge(charge), group_id=group_id)
    present = set(await members.values_list("id", flat=True))
    return [
        add_up(
            tally_of_reported(member, report.refreshed_at)
            for member in map(read_member, report.members)
            if member.member_id in present
        )
        for report in reports
    ]
