"""Statistics over a group's members now, counted by the database (R36, R50)."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Final, TypeAlias, cast
from uuid import UUID

import orjson

from app.domain.health import HealthCode, TestResult
from app.domain.sections import EVERYONE, Charge
from app.domain.statistics import WINDOWS, Statistics, TestWindow, window_starts
from app.models.statements import dialect, records

_WINDOWS: Final = " ".join(
    f"WHEN newest_result_at > ${number}{{cast}} THEN '{window}'"
    for number, (window, _) in enumerate(WINDOWS, start=2)
)
_COUNTS: Final = f"""
    WITH counted AS (
        SELECT {{section}} AS section, COALESCE(health_code, 'UNKNOWN') AS code,
               CASE WHEN newest_result_at IS NULL THEN 'NONE' {_WINDOWS} ELSE 'OLDER' END AS age,
               newest_result AS result, COALESCE(doses, 0) AS doses, COUNT(*) AS people
        FROM membership LEFT JOIN health_record ON health_record.person_id = membership.person_id
        WHERE membership.group_id = $1 AND membership.withheld_at IS NULL {{within}}
        GROUP BY 1, 2, 3, 4, 5
    )
    SELECT section, 'code', code, NULL, CAST(SUM(people) AS INTEGER) FROM counted GROUP BY 1, code
    UNION ALL
    SELECT section, 'test', age, result, CAST(SUM(people) AS INTEGER)
    FROM counted GROUP BY 1, age, result
    UNION ALL
    SELECT section, 'doses', CAST(doses AS TEXT), NULL, CAST(SUM(people) AS INTEGER)
    FROM counted GROUP BY 1, doses
"""
_CAST: Final = {"postgres": "::timestamptz", "sqlite": ""}
_WITHIN: Final = {
    "postgres": "AND membership.section_id = ANY($6::uuid[])",
    "sqlite": "AND membership.section_id IN (SELECT value FROM json_each($6))",
}
# Section, what is counted by, its values, how many members.
_Counted: TypeAlias = tuple[UUID | str | None, str, str, str | None, int]


async def count_statistics(group_id: UUID, now: datetime, charge: Charge = EVERYONE) -> Statistics:
    """Count members by code, newest result and its age, and doses: one statement.

    Of a group, or of the sections that are in a ``charge`` (R51).
    """
    return _statistics(await _count("NULL", group_id, now, charge))


async def count_by_section(
    group_id: UUID, now: datetime, charge: Charge
) -> dict[UUID | None, Statistics]:
    """Count the members of each section that has some, and under None those of none (R50)."""
    rows: defaultdict[UUID | None, list[_Counted]] = defaultdict(list)
    for row in await _count("membership.section_id", group_id, now, charge):
        section = UUID(row[0]) if isinstance(row[0], str) else row[0]
        rows[section].append(row)
    return {section: _statistics(counted) for section, counted in rows.items()}


async def _count(section: str, group_id: UUID, now: datetime, charge: Charge) -> Sequence[_Counted]:
    found = dialect()
    within = "" if charge is None else _WITHIN[found]
    sql = _COUNTS.format(section=section, cast=_CAST[found], within=within)
    given: list[object] = [group_id, *(start for _, start in window_starts(now))]
    if charge is not None:
        keys = sorted(charge)
        given.append(keys if found == "postgres" else orjson.dumps(keys).decode())
    if found == "sqlite":
        sql = sql.replace("$", "?")
    return cast("Sequence[_Counted]", await records(sql, given))


def _statistics(rows: Sequence[_Counted]) -> Statistics:
    codes = Counter({HealthCode(code): count for _, by, code, _, count in rows if by == "code"})
    return Statistics(
        total=codes.total(),
        codes=codes,
        tests=Counter(
            {
                (TestWindow(window), TestResult(result) if result else None): count
                for _, by, window, result, count in rows
                if by == "test"
            }
        ),
        doses=Counter({int(doses): count for _, by, doses, _, count in rows if by == "doses"}),
    )
