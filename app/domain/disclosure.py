"""What those above a group are shown of its counts: rounded, so that none of 1 to 4 is told (R47).

Every count of a group is a cell. A cell is shown as a multiple of five: itself where it is one,
else the next below or above. Which of the two is drawn by chance, so that sums are right on
average, but only once: by a hash of the cell and its count under a seed that the group alone has.
The same count is shown the same way on every day and by every answer, and asking again tells
nothing. Whatever is summed is summed of shown cells, so what levels, days and answers differ by are
shown cells again.

What remains is that a group's three tables count the same members. ``_is_told`` looks whether that
confines a cell; if it does, nothing of the group is shown until its counts change.
"""

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias
from uuid import UUID

from app.domain.health import HealthCode, TestResult
from app.domain.limits import COUNTED_FROM, GROUP_PEOPLE, ROUNDED_TO
from app.domain.statistics import TEST_COUNTS, Statistics, TestWindow

MOST_DOSES_SHOWN: Final = 4  # and more, together
_OFF: Final = ROUNDED_TO - 1  # how far what is shown may be from what is
_SMALL: Final = range(1, ROUNDED_TO)  # the counts that nobody may find
_DRAWS: Final = 2**64

Test: TypeAlias = tuple[TestWindow, TestResult | None]
Counts: TypeAlias = tuple[int, ...]
"""A count for each of ``CELLS``, in their order."""


class CountTable(StrEnum):
    """By what members are counted. Each of the three counts every member once."""

    CODE = "CODE"
    TEST = "TEST"
    DOSES = "DOSES"


@dataclass(frozen=True, slots=True)
class Cell:
    """One of the counts of a group, by its name, and which table it is of."""

    name: str
    table: CountTable


@dataclass(frozen=True, slots=True)
class Range:
    """What a count may be, from lowest to highest."""

    low: int
    high: int

    @property
    def told(self) -> bool:
        """Whether it is known to be one count of 1 to 4."""
        return self.low == self.high and self.low in _SMALL

    @property
    def small(self) -> bool:
        """Whether it is known to be some count of 1 to 4."""
        return self.low in _SMALL and self.high in _SMALL


def _name(test: Test) -> str:
    return "_".join(part.lower() for part in ("test", *test) if part)


# Who withdrew consent is counted nowhere (R42).
CODES_SHOWN: Final = tuple(code for code in HealthCode if code is not HealthCode.WITHHELD)
CELLS: Final = (
    *(Cell(f"code_{code.lower()}", CountTable.CODE) for code in CODES_SHOWN),
    *(Cell(_name(test), CountTable.TEST) for test in TEST_COUNTS),
    *(Cell(f"doses_{doses}", CountTable.DOSES) for doses in range(MOST_DOSES_SHOWN + 1)),
)
NO_COUNTS: Final[Counts] = (0,) * len(CELLS)
_TABLES: Final = tuple(
    tuple(place for place, cell in enumerate(CELLS) if cell.table is table) for table in CountTable
)
_CODES: Final = {code: place for place, code in enumerate(CODES_SHOWN)}
_POSITIVES: Final = tuple(
    place for place, cell in enumerate(CELLS) if cell.name.endswith("_positive")
)


@dataclass(frozen=True, slots=True)
class Sums:
    """Shown counts of groups, added up: how many groups there are, and how many are counted."""

    groups: int = 0
    counted: int = 0
    counts: Counts = NO_COUNTS

    @classmethod
    def of(cls, shown: Counts | None) -> "Sums":
        """Return the sums of one group, of which nothing may be shown."""
        return cls(groups=1) if shown is None else cls(1, 1, shown)

    def __add__(self, other: "Sums") -> "Sums":
        """Return the sums over both."""
        counts = tuple(map(sum, zip(self.counts, other.counts, strict=True)))
        return Sums(self.groups + other.groups, self.counted + other.counted, counts)

    def __neg__(self) -> "Sums":
        """Return what takes these away when it is added."""
        return Sums(-self.groups, -self.counted, tuple(-count for count in self.counts))


def counts_of(statistics: Statistics) -> Counts:
    """Return the counts of a group, cell by cell."""
    doses = [0] * (MOST_DOSES_SHOWN + 1)
    for number, count in statistics.doses.items():
        doses[min(number, MOST_DOSES_SHOWN)] += count
    codes = (statistics.codes[code] for code in CODES_SHOWN)
    return (*codes, *(statistics.tests[test] for test in TEST_COUNTS), *doses)


def members_in(counts: Counts) -> int:
    """Return how many members these counts are of: whatever else they are by, each has a code."""
    codes, _, _ = tables_of(counts)
    return sum(codes)


def tables_of(counts: Counts) -> tuple[Counts, Counts, Counts]:
    """Return the counts by code, by test, and by doses."""
    codes, tests = len(CODES_SHOWN), len(CODES_SHOWN) + len(TEST_COUNTS)
    return counts[:codes], counts[codes:tests], counts[tests:]


def shown_counts(seed: UUID, counts: Counts) -> Counts | None:
    """Return a group's counts as those above it are shown them; None where nothing is (R47).

    ``seed`` is the group's own, random, told to nobody, and never changed. Nothing is shown of
    fewer than ten, nor where the cells together would tell of one.
    """
    if members_in(counts) < COUNTED_FROM:
        return None
    shown = tuple(_rounded(seed, cell, count) for cell, count in zip(CELLS, counts, strict=True))
    return None if _is_told(counts, shown) else shown


def _rounded(seed: UUID, cell: Cell, count: int) -> int:
    """Return a multiple of five next to a count: the nearer one more often, as it is nearer."""
    over = count % ROUNDED_TO
    if not over:
        return count
    drawn = hmac.digest(seed.bytes, f"{cell.name}\0{count}".encode(), hashlib.sha256)
    up = int.from_bytes(drawn[:8], "big") * ROUNDED_TO < over * _DRAWS
    return count - over + (ROUNDED_TO if up else 0)


def _is_told(counts: Counts, shown: Counts) -> bool:
    """Return whether somebody could find a count of 1 to 4 by what they are shown of a group.

    They know how cells are rounded, that each table counts the same members, and what the group's
    colour tells. Somebody who knows from elsewhere how many members there are finds none; who
    doesn't isn't even told that a count is one of 1 to 4, unless the colour alone does.
    """
    alone = [_alone(place, counts, shown) for place in range(len(CELLS))]
    members = members_in(counts)
    if any(found.told for found in _together(alone, Range(members, members))):
        return True
    total = _total(alone)
    return any(
        found.told or (found.small and not before.small)
        for before, found in zip(alone, _together(alone, total), strict=True)
    )


def _alone(place: int, counts: Counts, shown: Counts) -> Range:
    """Return what a cell may be by what is shown of it and by the colour.

    A group is red by a red code alone, and green without any cause to be anything else (R21).
    """
    low, high = max(0, shown[place] - _OFF), shown[place] + _OFF
    red = _CODES[HealthCode.RED]
    if place == red:
        return Range(max(low, 1), high) if counts[red] else Range(0, 0)
    caused = place in _POSITIVES or place in (_CODES[HealthCode.YELLOW], _CODES[HealthCode.UNKNOWN])
    if caused and _may_be_green(counts):
        return Range(0, 0)
    return Range(low, high)


def _may_be_green(counts: Counts) -> bool:
    others = (place for code, place in _CODES.items() if code is not HealthCode.GREEN)
    return not any(counts[place] for place in (*others, *_POSITIVES))


def _total(cells: Sequence[Range]) -> Range:
    """Return how many members there may be: as many as each of the tables can have."""
    return Range(
        max(COUNTED_FROM, *(sum(cells[place].low for place in table) for table in _TABLES)),
        min(GROUP_PEOPLE, *(sum(cells[place].high for place in table) for table in _TABLES)),
    )


def _together(cells: Sequence[Range], total: Range) -> Iterator[Range]:
    """Return what cells may be where each table has so many members in all.

    A table's cells are bound by their sum alone, so these ranges are exact.
    """
    for table in _TABLES:
        low = sum(cells[place].low for place in table)
        high = sum(cells[place].high for place in table)
        for place in table:
            cell = cells[place]
            others = Range(low - cell.low, high - cell.high)
            yield Range(
                max(cell.low, total.low - others.high), min(cell.high, total.high - others.low)
            )
