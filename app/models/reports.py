"""Reports: a group at the last refresh of a day (R36-R38)."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import Final, TypedDict
from uuid import UUID

from tortoise import Model, fields

from app.domain.health import HealthCode, TestResult
from app.domain.reports import ReportedMember
from app.domain.statistics import Statistics, TestWindow
from app.models.fields import encrypted_json
from app.models.groups import Group
from app.models.inserting import insert_rows


class StoredStatistics(TypedDict):
    """Statistics as an encrypted column holds them."""

    total: int
    codes: dict[str, int]
    tests: list[tuple[str, str | None, int]]  # window, result, how many
    doses: list[tuple[int, int]]  # doses, how many


# A member as an encrypted column holds them: id, code, result, its time, doses; and as it is given
# them, which writes times with all the rest.
StoredMember = tuple[str, str, str | None, str | None, int]
DumpedMember = tuple[str, HealthCode, TestResult | None, datetime | None, int]


class DayReport(Model):
    """A group as it was at the last refresh of one day: the counts, and a row a member."""

    id = fields.UUIDField(primary_key=True)
    group_id: UUID
    group: fields.ForeignKeyRelation[Group] = fields.ForeignKeyField(
        "app.Group", related_name="reports"
    )
    day = fields.DateField(db_index=True)
    refreshed_at = fields.DatetimeField()
    statistics: fields.Field[StoredStatistics] = encrypted_json()
    members: fields.Field[list[StoredMember]] = encrypted_json()

    class Meta:
        table = "day_report"
        unique_together = (("group", "day"),)


def dump_statistics(statistics: Statistics) -> StoredStatistics:
    """Return statistics as a column holds them."""
    return StoredStatistics(
        total=statistics.total,
        codes={code.value: count for code, count in statistics.codes.items()},
        tests=[(window, result, count) for (window, result), count in statistics.tests.items()],
        doses=list(statistics.doses.items()),
    )


def read_statistics(stored: StoredStatistics) -> Statistics:
    """Return stored statistics as they were."""
    tests = stored["tests"]
    return Statistics(
        total=stored["total"],
        codes=Counter({HealthCode(code): count for code, count in stored["codes"].items()}),
        tests=Counter(
            {
                (TestWindow(window), TestResult(result) if result else None): count
                for window, result, count in tests
            }
        ),
        doses=Counter(dict(stored["doses"])),
    )


def dump_member(member: ReportedMember) -> DumpedMember:
    """Return a member of a report as a column is given them."""
    key = str(member.member_id)
    return key, member.health_code, member.result, member.tested_at, member.doses


def read_member(stored: StoredMember) -> ReportedMember:
    """Return a stored member of a report as they were."""
    member_id, code, result, tested_at, doses = stored
    return ReportedMember(
        member_id=UUID(member_id),
        health_code=HealthCode(code),
        result=TestResult(result) if result else None,
        tested_at=datetime.fromisoformat(tested_at) if tested_at else None,
        doses=doses,
    )


_REPLACED: Final = """
    ON CONFLICT (group_id, day) DO UPDATE SET refreshed_at = excluded.refreshed_at,
        statistics = excluded.statistics, members = excluded.members
"""


async def put_day_report(
    report_id: UUID,
    group_id: UUID,
    day: date,
    at: datetime,
    statistics: Statistics,
    members: Iterable[ReportedMember],
) -> None:
    """Write the report of a day, replacing the one of an earlier refresh."""
    row = {
        "id": report_id,
        "group_id": group_id,
        "day": day,
        "refreshed_at": at,
        "statistics": dump_statistics(statistics),
        "members": list(map(dump_member, members)),
    }
    await insert_rows(DayReport, [row], _REPLACED)
