"""Reports: a group at the last refresh of a day, and its statistics now (R36-R38)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tortoise import Model, fields

from app.domain.statistics import Likes, window_starts
from app.models.fields import encrypted_json
from app.models.groups import Group
from app.models.statements import dialect, fetch_as


class DayReport(Model):
    """A group as it was at the last refresh of one day: the counts, and a row a member."""

    id = fields.UUIDField(primary_key=True)
    group_id: UUID
    group: fields.ForeignKeyRelation[Group] = fields.ForeignKeyField(
        "app.Group", related_name="reports"
    )
    day = fields.DateField(db_index=True)
    refreshed_at = fields.DatetimeField()
    statistics: fields.Field[dict[str, Any]] = encrypted_json()
    members: fields.Field[list[list[Any]]] = encrypted_json()

    class Meta:
        table = "day_report"
        unique_together = (("group", "day"),)


async def put_day_report(
    report_id: UUID, group_id: UUID, day: date, at: datetime, contents: Mapping[str, Any]
) -> None:
    """Write the report of a day, replacing the one of an earlier refresh."""
    report = DayReport(id=report_id, group_id=group_id, day=day, refreshed_at=at, **contents)
    await DayReport.bulk_create(
        [report],
        on_conflict=("group_id", "day"),
        update_fields=("refreshed_at", "statistics", "members"),
    )


async def count_likes(group_id: UUID, now: datetime) -> list[Likes]:
    """Count a group's members by code, newest result and its age, and doses: one statement."""
    cast = "" if dialect() == "sqlite" else "::timestamptz"
    windows = " ".join(
        f"WHEN newest_result_at > ${number}{cast} THEN '{window}'"
        for number, (window, _) in enumerate(window_starts(now), start=2)
    )
    return await fetch_as(
        Likes,
        f"""
        SELECT COALESCE(health_code, 'UNKNOWN') AS health_code,
               CASE WHEN newest_result_at IS NULL THEN 'NONE' {windows} ELSE 'OLDER' END
                   AS "window",
               newest_result AS result, COALESCE(doses, 0) AS doses, COUNT(*) AS count
        FROM membership LEFT JOIN health_record ON health_record.person_id = membership.person_id
        WHERE membership.group_id = $1
        GROUP BY 1, 2, 3, 4
        """,
        group_id,
        *(start for _, start in window_starts(now)),
    )
