"""Counts of a group by day: what remains of a day for ninety, and names nobody (R49)."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from tortoise import Model, fields

from app.domain.statistics import Statistics
from app.models.groups import Group
from app.models.inserting import insert_rows
from app.models.reports import StoredStatistics, dump_statistics


class DayCount(Model):
    """The counts of a group at the last refresh of one day, for its managers; no persons."""

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


_REPLACE: Final = """
    ON CONFLICT (group_id, day) DO UPDATE
    SET refreshed_at = excluded.refreshed_at, statistics = excluded.statistics
"""


async def put_day_count(
    row_id: UUID, group_id: UUID, day: date, at: datetime, statistics: Statistics
) -> None:
    """Write the counts of a day, replacing those of an earlier refresh."""
    row = {
        "id": row_id,
        "group_id": group_id,
        "day": day,
        "refreshed_at": at,
        "statistics": dump_statistics(statistics),
    }
    await insert_rows(DayCount, [row], _REPLACE)
