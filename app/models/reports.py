"""Reports: a group at the last refresh of a day, and its statistics now (R36-R38)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final, TypeAlias, TypedDict, cast
from uuid import UUID

from tortoise import Model, fields

from app.domain.health import HealthCode, TestResult
from app.domain.reports import ReportedMember
from app.domain.statistics import WINDOWS, Statistics, TestWindow, window_starts
from app.models.fields import encrypted_json
from app.models.groups import Group
from app.models.statements import dialect, records


class StoredStatistics(TypedDict):
    """Statistics as an encrypted column holds them."""

    total: int
    codes: dict[str, int]
    tests: list[tuple[str, str | None, int]]  # window, result, how many
    doses: list[tuple[int, int]]  # doses, how many


# A member as an encrypted column holds them: id, code, result, its time, doses.
StoredMember = tuple[str, str, str | None, str | None, int]


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


def dump_member(member: ReportedMember) -> StoredMember:
    """Return a member of a report as a column holds them."""
    tested_at = member.tested_at.isoformat() if member.tested_at else None
    return (str(member.member_id), member.health_code, member.result, tested_at, member.doses)


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


async def put_day_report(
    report_id: UUID,
    group_id: UUID,
    day: date,
    at: datetime,
    statistics: Statistics,
    members: Iterable[ReportedMember],
) -> None:
    """Write the report of a day, replacing the one of an earlier refresh."""
    report = DayReport(
        id=report_id,
        group_id=group_id,
        day=day,
        refreshed_at=at,
        statistics=dump_statistics(statistics),
        members=[dump_member(member) for member in members],
    )
    await DayReport.bulk_create(
        [report],
        on_conflict=("group_id", "day"),
        update_fields=("refreshed_at", "statistics", "members"),
    )


_WINDOWS: Final = " ".join(
    f"WHEN newest_result_at > ${number}{{cast}} THEN '{window}'"
    for number, (window, _) in enumerate(WINDOWS, start=2)
)
_COUNTS: Final = f"""
    WITH counted AS (
        SELECT COALESCE(health_code, 'UNKNOWN') AS code,
               CASE WHEN newest_result_at IS NULL THEN 'NONE' {_WINDOWS} ELSE 'OLDER' END AS age,
               newest_result AS result, COALESCE(doses, 0) AS doses, COUNT(*) AS people
        FROM membership LEFT JOIN health_record ON health_record.person_id = membership.person_id
        WHERE membership.group_id = $1 AND membership.withheld_at IS NULL
        GROUP BY 1, 2, 3, 4
    )
    SELECT 'code', code, NULL, CAST(SUM(people) AS INTEGER) FROM counted GROUP BY code
    UNION ALL
    SELECT 'test', age, result, CAST(SUM(people) AS INTEGER) FROM counted GROUP BY age, result
    UNION ALL
    SELECT 'doses', CAST(doses AS TEXT), NULL, CAST(SUM(people) AS INTEGER)
    FROM counted GROUP BY doses
"""
_STATEMENTS: Final = {
    "postgres": _COUNTS.format(cast="::timestamptz"),
    "sqlite": _COUNTS.format(cast="").replace("$", "?"),
}
_Counted: TypeAlias = tuple[str, str, str | None, int]  # what by, its values, how many members


async def count_statistics(group_id: UUID, now: datetime) -> Statistics:
    """Count a group's members by code, newest result and its age, and doses: one statement."""
    given = [group_id, *(start for _, start in window_starts(now))]
    rows = cast("Sequence[_Counted]", await records(_STATEMENTS[dialect()], given))
    codes = Counter({HealthCode(code): count for by, code, _, count in rows if by == "code"})
    return Statistics(
        total=codes.total(),
        codes=codes,
        tests=Counter(
            {
                (TestWindow(window), TestResult(result) if result else None): count
                for by, window, result, count in rows
                if by == "test"
            }
        ),
        doses=Counter({int(doses): count for by, doses, _, count in rows if by == "doses"}),
    )
