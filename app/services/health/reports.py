"""Reports: kept at the last refresh of each day, erased after seven days (R36-R38)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from app.domain.health import HealthCode
from app.domain.statistics import Likes, Statistics, add_up, window_of
from app.models.reports import put_day_report
from app.services.kernel.unit import Unit


async def keep_report(unit: Unit, group_id: UUID, rows: Iterable[Mapping[str, Any]]) -> None:
    """Keep the group, as this refresh judged it, as the report of the day (R36, R37)."""
    statistics = add_up(_likes(row, unit.now) for row in rows)
    contents = {"statistics": dump(statistics), "members": [_kept(row) for row in rows]}
    await put_day_report(unit.new_id(), group_id, unit.today, unit.now, contents)


def _likes(row: Mapping[str, Any], now: datetime) -> Likes:
    code = row["health_code"] or HealthCode.UNKNOWN
    window = window_of(row["newest_result_at"], now)
    return Likes(code, window, row["newest_result"], row["doses"] or 0, 1)


def _kept(row: Mapping[str, Any]) -> list[Any]:
    """A member of a report: id, code, result and its time, doses. Names are joined on export."""
    tested_at = row["newest_result_at"]
    return [
        str(row["member_id"]),
        row["health_code"],
        row["newest_result"],
        tested_at.isoformat() if tested_at else None,
        row["doses"] or 0,
    ]


def dump(statistics: Statistics) -> dict[str, Any]:
    """Statistics as they are kept."""
    return {
        "total": statistics.total,
        "codes": dict(statistics.codes),
        "tests": [[*key, count] for key, count in statistics.tests.items()],
        "doses": [[doses, count] for doses, count in statistics.doses.items()],
    }
