"""Counts of a group by day: what remains of a day for ninety, and names nobody (R49)."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from tortoise import Model, fields

from app.models.groups import Group
from app.models.inserting import insert_rows
from app.models.reports import DayReport, StoredStatistics


class DayCount(Model):
    """The counts of a group at the last refresh of one day, once its report is erased."""

    id = fields.UUIDField(primary_key=True)
    group_id: UUID
    group: fields.ForeignKeyRelation[Group] = fields.ForeignKeyField(
        "app.Group", related_name="day_counts"
    )
    day = fields.DateField(db_index=True)
    refreshed_at = fields.DatetimeField()
    statistics = fields.JSONField[StoredStatistics]()

    class Meta:
        table = "day_count"
        unique_together = (("group", "day"),)


_ALREADY: Final = "ON CONFLICT (group_id, day) DO NOTHING"
_BATCH: Final = 500  # reports a transaction


async def put_reports_away(until: date) -> tuple[set[UUID], bool]:
    """Erase up to 500 reports of a day or earlier, and keep their counts; False: there were fewer.

    Return the groups whose reports they were.
    """
    old = DayReport.filter(day__lte=until).limit(_BATCH)
    reports = await old.only("id", "group_id", "day", "refreshed_at", "statistics")
    rows = [
        {
            "id": report.id,
            "group_id": report.group_id,
            "day": report.day,
            "refreshed_at": report.refreshed_at,
            "statistics": report.statistics,
        }
        for report in reports
    ]
    await insert_rows(DayCount, rows, _ALREADY)
    await DayReport.filter(id__in=[report.id for report in reports]).delete()
    return {report.group_id for report in reports}, len(reports) == _BATCH


async def counts_by_day(
    group_id: UUID, first: date, last: date
) -> dict[date, tuple[datetime, StoredStatistics]]:
    """Return the counts of a group on the days that have some, and when they were counted.

    Of the last days they stand in the reports still.
    """
    found: dict[date, tuple[datetime, StoredStatistics]] = {}
    # The reports first: what is put away between the two statements is then found in both.
    for table in (DayReport, DayCount):
        rows = await table.filter(group_id=group_id, day__gte=first, day__lte=last).only(
            "id", "day", "refreshed_at", "statistics"
        )
        found |= {row.day: (row.refreshed_at, row.statistics) for row in rows}
    return found
