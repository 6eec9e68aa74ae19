"""Statistics over a group's members: now, and as each of the last days left them (R36)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.domain.health import HealthCode, TestResult
from app.domain.limits import COUNT_DAYS, REPORT_DAYS
from app.domain.refusals import BadInput
from app.domain.reports import first_day_counted
from app.domain.statistics import TEST_COUNTS, Statistics, TestWindow
from app.models.day_counts import DayCount
from app.models.reports import DayReport, StoredStatistics, count_statistics, read_statistics
from app.resolvers.context import Info
from app.resolvers.group_row import GroupRow


@dataclass(frozen=True, slots=True)
class HealthCodeCountRow:
    """How many have a health code."""

    health_code: HealthCode
    count: int


@dataclass(frozen=True, slots=True)
class TestCountRow:
    """How many have a newest result of this age."""

    window: TestWindow
    result: TestResult | None
    count: int


@dataclass(frozen=True, slots=True)
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


async def statistics(root: GroupRow, info: Info) -> StatisticsRow:
    """Resolve ``statistics`` now: counted by the database in one statement (R36)."""
    now = info.context.env.clock.now()
    return _statistics_row(await count_statistics(root.id, now))


def _statistics_row(found: Statistics) -> StatisticsRow:
    return StatisticsRow(
        total=found.total,
        by_health_code=[
            HealthCodeCountRow(code, found.codes[code])
            for code in HealthCode
            if code is not HealthCode.WITHHELD  # who withdrew consent is counted nowhere (R42)
        ],
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
    kept = await DayReport.filter(group_id=root.id, day__in=wanted).only(
        "id", "day", "refreshed_at", "statistics"
    )
    found = {
        report.day: _day_row(report.day, report.refreshed_at, report.statistics) for report in kept
    }
    return [found.get(day, DayReportRow(day)) for day in wanted]


async def statistics_trend(
    root: GroupRow, info: Info, first: date | None, last: date | None
) -> list[DayReportRow]:
    """Resolve ``statisticsTrend``: these days, oldest first.

    Unless told, they begin with the oldest that is kept, and end today.
    """
    today = info.context.env.today()
    first, last = first or first_day_counted(today), last or today
    days = (last - first).days + 1
    if not 1 <= days <= COUNT_DAYS:
        raise BadInput("DAYS_OUT_OF_RANGE", most=COUNT_DAYS)
    kept = await DayCount.filter(group_id=root.id, day__gte=first, day__lte=last)
    found = {one.day: _day_row(one.day, one.refreshed_at, one.statistics) for one in kept}
    wanted = [first + timedelta(days=number) for number in range(days)]
    return [found.get(day, DayReportRow(day)) for day in wanted]


def _day_row(day: date, refreshed_at: datetime, stored: StoredStatistics) -> DayReportRow:
    return DayReportRow(day, refreshed_at, _statistics_row(read_statistics(stored)))
