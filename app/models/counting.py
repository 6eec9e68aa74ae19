"""Statistics over a group's members now, counted by the database (R36, R50)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple, TypeAlias, cast
from uuid import UUID

import orjson

from app.domain.health import HealthCode, TestResult
from app.domain.sections import EVERYONE, Charge
from app.domain.statistics import WINDOWS, Statistics, TestWindow, window_starts
from app.models.columns import Dialect, Values
from app.models.reading import Chosen
from app.models.statements import dialect, records

# How many members are alike in all that is counted: code, age and result of the newest test, doses.
Tally: TypeAlias = tuple[str, str, str | None, int, int]
_COLUMNS: Final = "code, age, result, doses, people"


class _Words(NamedTuple):
    """What the databases say differently: a parameter's mark, a time, one of many, rows as JSON."""

    mark: str
    time: str
    within: str
    json: str


_WORDS: Final[dict[Dialect, _Words]] = {
    "postgres": _Words(
        "$",
        "::timestamptz",
        "AND membership.section_id = ANY($6::uuid[])",
        f"COALESCE(json_agg(json_build_array({_COLUMNS}))::text, '[]')",
    ),
    "sqlite": _Words(
        "?",
        "",
        "AND membership.section_id IN (SELECT value FROM json_each(?6))",
        f"json_group_array(json_array({_COLUMNS}))",
    ),
}


def _tallies(words: _Words, group: str, starts_at: int, section: str = "", within: str = "") -> str:
    """Return the statement of a group's tallies; the starts of windows are given from there on."""
    windows = " ".join(
        f"WHEN newest_result_at > {words.mark}{number}{words.time} THEN '{window}'"
        for number, (window, _) in enumerate(WINDOWS, starts_at)
    )
    by_section = f", {section}" if section else ""
    return f"""
        SELECT COALESCE(health_code, 'UNKNOWN') AS code,
               CASE WHEN newest_result_at IS NULL THEN 'NONE' {windows} ELSE 'OLDER' END AS age,
               newest_result AS result, COALESCE(doses, 0) AS doses,
               CAST(COUNT(*) AS INTEGER) AS people{by_section}
        FROM membership LEFT JOIN health_record ON health_record.person_id = membership.person_id
        WHERE membership.group_id = {group} AND membership.withheld_at IS NULL {within}
        GROUP BY 1, 2, 3, 4{by_section}
    """


async def count_statistics(group_id: UUID, now: datetime, charge: Charge = EVERYONE) -> Statistics:
    """Count members by code, newest result and its age, and doses: one statement.

    Of a group, or of the sections that are in a ``charge`` (R51).
    """
    return sum_up(cast("Sequence[Tally]", await _count("", group_id, now, charge)))


async def count_by_section(
    group_id: UUID, now: datetime, charge: Charge
) -> dict[UUID | None, Statistics]:
    """Count the members of each section that has some, and under None those of none (R50)."""
    found: defaultdict[UUID | None, list[Tally]] = defaultdict(list)
    for *tally, key in await _count("membership.section_id", group_id, now, charge):
        section = UUID(key) if isinstance(key, str) else cast("UUID | None", key)
        found[section].append(cast("Tally", tally))
    return {section: sum_up(tallies) for section, tallies in found.items()}


async def _count(
    section: str, group_id: UUID, now: datetime, charge: Charge
) -> Sequence[Sequence[object]]:
    found = dialect()
    words = _WORDS[found]
    within = "" if charge is None else words.within
    given: list[object] = [group_id, *_starts(now)]
    if charge is not None:
        keys = sorted(charge)
        given.append(keys if found == "postgres" else orjson.dumps(keys).decode())
    return await records(_tallies(words, f"{words.mark}1", 2, section, within), given)


def _starts(now: datetime) -> list[datetime]:
    return [start for _, start in window_starts(now)]


class CountedGroup:
    """A statement that reads a group through a membership, and its statistics along with it.

    They are counted where the member's right isn't narrowed (R51), as the row says: of others
    ``tallies`` is None. The columns ``id``, ``role`` and ``bound_to`` are the membership's.
    """

    def __init__(self, statement: Chosen) -> None:
        self._statement = statement

    async def read(self, now: datetime, *keys: object) -> list[Values]:
        """Return the rows for some keys, with ``tallies`` as JSON: one statement."""
        table, tallies = await self._statement.read_longer(_with_tallies, _starts(now), *keys)
        rows = table.values()
        for row, counted in zip(rows, tallies, strict=True):
            row["tallies"] = counted
        return rows


def _with_tallies(sql: str, parameters: int, dialect: Dialect) -> str:
    words = _WORDS[dialect]
    counted = _tallies(words, "seen.id", parameters + 1)
    return f"""
        WITH seen AS ({sql})
        SELECT seen.*,
               CASE WHEN seen.role IN ('CREATOR', 'ADMIN') AND seen.bound_to IS NULL
                    THEN (SELECT {words.json} FROM ({counted}) AS tally) END AS tallies
        FROM seen
    """


_CODES: Final = {code.value: code for code in HealthCode}
_AGES: Final = {window.value: window for window in TestWindow}
_RESULTS: Final[dict[str | None, TestResult | None]] = {
    None: None,
    **{result.value: result for result in TestResult},
}


def read_tallies(written: str) -> Statistics:
    """Return the statistics of tallies that are written as JSON."""
    return sum_up(orjson.loads(written))


def sum_up(tallies: Iterable[Tally]) -> Statistics:
    """Return the statistics of all these members."""
    codes: dict[str, int] = {}
    tests: dict[tuple[str, str | None], int] = {}
    doses: dict[int, int] = {}
    for code, age, result, number, people in tallies:
        codes[code] = codes.get(code, 0) + people
        tests[age, result] = tests.get((age, result), 0) + people
        doses[number] = doses.get(number, 0) + people
    return Statistics(
        total=sum(codes.values()),
        codes=Counter({_CODES[code]: people for code, people in codes.items()}),
        tests=Counter({(_AGES[age], _RESULTS[one]): n for (age, one), n in tests.items()}),
        doses=Counter(doses),
    )
