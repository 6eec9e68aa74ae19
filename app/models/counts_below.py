"""Counts below organisations: shown cells, summed by one statement for any number of them (R47).

A group whose counts aren't shown has no cells: it is numbered, and left out of the sums.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Final, cast
from uuid import UUID

from app.domain.disclosure import Counts, Sums
from app.domain.groups import GroupColour
from app.models.oversight import among
from app.models.shown_counts import NAMES
from app.models.statements import dialect, fetch

_SUMS: Final = ", ".join(f"SUM({name}) AS {name}" for name in NAMES)
_GROUPS_OF: Final = "groups.organisation_id = below.organisation_id AND dissolved_at IS NULL"
_DAYS_OF: Final = "organisation_day.organisation_id = below.organisation_id"
# PostgreSQL is made to look each organisation and group up by itself, by indexes: its plan for any
# tree would read the tables whole for a small one.
_NOW_FROM: Final = {
    "postgres": f"""
        CROSS JOIN LATERAL (SELECT id, colour FROM groups WHERE {_GROUPS_OF} OFFSET 0) AS found
        LEFT JOIN LATERAL (
            SELECT * FROM shown_count WHERE group_id = found.id OFFSET 0
        ) AS shown ON TRUE""",
    "sqlite": f"""
        JOIN groups ON {_GROUPS_OF}
        LEFT JOIN shown_count ON shown_count.group_id = groups.id""",
}
_DAYS_FROM: Final = {
    "postgres": f"""
        CROSS JOIN LATERAL (SELECT * FROM organisation_day WHERE {_DAYS_OF} OFFSET 0) AS found""",
    "sqlite": f"JOIN organisation_day ON {_DAYS_OF}",
}
_NOW: Final = f"""
    SELECT above_id, colour, COUNT(*) AS groups_, COUNT(code_green) AS counted, {_SUMS}
    FROM organisation_above AS below {{joined}}
    WHERE above_id {{those}} GROUP BY above_id, colour
"""
# Of an organisation's days those since it stands below.
_DAYS: Final = f"""
    SELECT above_id, day, SUM(refreshed) AS groups_, SUM(counted) AS counted, {_SUMS}
    FROM organisation_above AS below {{joined}}
    WHERE above_id {{those}} AND day >= $2 AND day <= $3 AND refreshed_at >= since
    GROUP BY above_id, day
"""
_GROUPS: Final = f"SELECT group_id, {', '.join(NAMES)} FROM shown_count WHERE group_id {{those}}"
_Row = Mapping[str, object]


async def sums_below(above_ids: Collection[UUID]) -> dict[UUID, dict[GroupColour, Sums]]:
    """Sum what is shown now of all groups below organisations, by the groups' colour."""
    those, given = among(above_ids, 1)
    found: defaultdict[UUID, dict[GroupColour, Sums]] = defaultdict(dict)
    for row in await fetch(_NOW.format(joined=_NOW_FROM[dialect()], those=those), given):
        found[_key(row["above_id"])][GroupColour(str(row["colour"]))] = _sums(row)
    return found


async def days_below(
    above_ids: Collection[UUID], first: date, last: date
) -> dict[UUID, dict[date, Sums]]:
    """Sum what is shown of each of some days of all groups that stood below then (R49).

    A day on which none of them was refreshed isn't there.
    """
    those, given = among(above_ids, 1)
    found: defaultdict[UUID, dict[date, Sums]] = defaultdict(dict)
    statement = _DAYS.format(joined=_DAYS_FROM[dialect()], those=those)
    for row in await fetch(statement, given, first, last):
        found[_key(row["above_id"])][date.fromisoformat(str(row["day"]))] = _sums(row)
    return found


async def shown_of_groups(group_ids: Collection[UUID]) -> dict[UUID, Counts]:
    """Return what is shown of groups now; those of which nothing is are left out."""
    those, given = among(group_ids, 1)
    return {
        _key(row["group_id"]): _counts(row)
        for row in await fetch(_GROUPS.format(those=those), given)
        if row["code_green"] is not None
    }


def _key(stored: object) -> UUID:
    return UUID(str(stored))


def _sums(row: _Row) -> Sums:
    return Sums(cast(int, row["groups_"]), cast(int, row["counted"]), _counts(row))


def _counts(row: _Row) -> Counts:
    return tuple(cast(int, row[name] or 0) for name in NAMES)
