"""The viewer's groups, a group's page, and the thirty numbers of a dashboard."""

from datetime import UTC, datetime
from typing import Any, Final

import orjson

from app.domain.groups import requirement_codes
from app.domain.statistics import WINDOWS
from bench.floor.checks import SEEN, Refused, global_id, is_manager, seen, session_of
from bench.floor.columns import NAME
from bench.floor.serving import Answer, Question
from bench.queries import COUNTED

_ME: Final = """SELECT p.name, g.id, g.name, g.colour, g.member_count, m.role FROM session s
  JOIN account a ON a.id = s.account_id LEFT JOIN person p ON p.id = a.person_id AND a.person_shown
  LEFT JOIN membership m ON m.person_id = p.id
  LEFT JOIN groups g ON g.id = m.group_id AND g.dissolved_at IS NULL
  WHERE s.id = $1 AND s.account_id = $2 AND s.ended_at IS NULL
  ORDER BY m.joined_at, m.id LIMIT 51"""
_PAGE: Final = SEEN.format(
    columns="m.role, g.id, g.name, g.type, g.address, g.colour, g.member_count, g.pending_leaves,"
    " g.nat_validity, g.lists_yellow, g.lists_unknown, g.reason_counts, c.name",
    joins="JOIN person c ON c.id = g.creator_id",
)
_GROUP: Final = SEEN.format(columns="g.id", joins="")
_RECORDS: Final = """FROM membership m LEFT JOIN health_record h ON h.person_id = m.person_id
  WHERE m.group_id = $1 AND m.withheld_at IS NULL"""
_WINDOW: Final = " ".join(
    f"WHEN newest_result_at > ${number} THEN '{window}'"
    for number, (window, _) in enumerate(WINDOWS, start=2)
)
_STATISTICS: Final = f"""SELECT COALESCE(health_code, 'UNKNOWN'),
    CASE WHEN newest_result_at IS NULL THEN 'NONE' {_WINDOW} ELSE 'OLDER' END,
    newest_result, COALESCE(doses, 0), COUNT(*)
  {_RECORDS} GROUP BY 1, 2, 3, 4"""
_INSIDE: Final = {
    "H24": "t > $2",
    "H48": "t > $3 AND t <= $2",
    "H72": "t > $4 AND t <= $3",
    "D7": "t > $5 AND t <= $4",
    "OLDER": "t <= $5",
    "NONE": "t IS NULL",
}


def _sum(code: str | None, window: str | None) -> str:
    conditions = [f"code = '{code}'"] if code else []
    conditions += [_INSIDE[window]] if window else []
    return f"COUNT(*) FILTER (WHERE {' AND '.join(conditions)})"


_SUMS: Final = ", ".join(_sum(*one) for one in COUNTED)
_OF_RECORDS: Final = (
    f"SELECT COALESCE(health_code, 'UNKNOWN') AS code, newest_result_at AS t {_RECORDS}"
)
_COUNTS: Final = f"SELECT {_SUMS} FROM ({_OF_RECORDS}) counted"


async def small(question: Question) -> Answer:
    """Return who asks and their groups, in one statement."""
    rows = await question.tables.fetch(_ME, *session_of(question.request))
    if not rows:
        raise Refused
    nodes = [
        {
            "id": global_id("Group", key),
            "name": name,
            "colour": colour,
            "memberCount": count if is_manager(role) else None,
        }
        for _, key, name, colour, count, role in rows[:50]
        if key is not None
    ]
    own_name = rows[0][0]
    return {"me": {"name": own_name and NAME(own_name), "groups": {"nodes": nodes}}}


async def page(question: Question) -> Answer:
    """Return a group with its reasons and statistics, in two statements."""
    asked = await seen(question.tables, question.request, _PAGE)
    role, key, name, kind, address, colour, count, leaving, validity, *rest = asked.row
    lists_yellow, lists_unknown, reasons, creator = rest
    codes = requirement_codes(bool(lists_yellow), bool(lists_unknown))
    tallies = await question.tables.fetch(_STATISTICS, asked.group_id, *_starts(question))
    counted = orjson.loads(reasons).items()
    return {
        "group": {
            "id": global_id("Group", key),
            "name": name,
            "type": kind,
            "address": address,
            "colour": colour,
            "viewerRole": role,
            "memberCount": count,
            "pendingLeaveCount": leaving,
            "creator": {"name": NAME(creator)},
            "requirement": {"natValidity": validity, "anomalousCodes": sorted(codes)},
            "colourReasons": [{"reason": reason, "count": people} for reason, people in counted],
            "statistics": _statistics([tuple(tally) for tally in tallies]),
        }
    }


def _statistics(tallies: list[tuple[Any, ...]]) -> dict[str, Any]:
    codes = dict.fromkeys(("GREEN", "YELLOW", "RED", "UNKNOWN"), 0)
    tests: dict[tuple[str, str | None], int] = {
        (window, result): 0
        for window in ("H24", "H48", "H72", "D7", "OLDER")
        for result in ("NEGATIVE", "POSITIVE")
    }
    tests["NONE", None] = 0
    doses: dict[int, int] = {}
    for code, window, result, number, people in tallies:
        codes[code] += people
        tests[window, result] += people
        doses[number] = doses.get(number, 0) + people
    return {
        "total": sum(codes.values()),
        "byHealthCode": [{"healthCode": code, "count": people} for code, people in codes.items()],
        "byTest": [
            {"window": window, "result": result, "count": people}
            for (window, result), people in tests.items()
        ],
        "byDoses": [{"doses": number, "count": doses[number]} for number in sorted(doses)],
    }


async def counts(question: Question) -> Answer:
    """Return thirty numbers, counted by one statement."""
    asked = await seen(question.tables, question.request, _GROUP)
    row = (await question.tables.fetch(_COUNTS, asked.group_id, *_starts(question)))[0]
    return {"group": {f"c{number}": count for number, count in enumerate(row)}}


def _starts(question: Question) -> list[datetime | str]:
    """Return since when a result is in each window or a shorter one, as the database has times."""
    starts = [datetime.now(UTC) - age for _, age in WINDOWS]
    return [start if question.tables.is_postgres else start.isoformat(" ") for start in starts]
