"""Statistics over a group's members: codes, tests by window and result, doses (R36)."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from app.domain.health import HealthCode, TestResult, TestSummary
from app.domain.judging import MemberState
from app.domain.reports import ReportedMember
from app.domain.words import Word


class TestWindow(Word):
    """How old a newest result is; each window leaves out the shorter ones."""

    H24 = "H24"
    H48 = "H48"
    H72 = "H72"
    D7 = "D7"
    OLDER = "OLDER"
    NONE = "NONE"


# Longest age of each window; at exactly that age the result is in the next one (R19).
WINDOWS: Final = (
    (TestWindow.H24, timedelta(hours=24)),
    (TestWindow.H48, timedelta(hours=48)),
    (TestWindow.H72, timedelta(hours=72)),
    (TestWindow.D7, timedelta(days=7)),
)


# By what tests are counted: every result at every age, and no result at all.
TEST_COUNTS: Final[tuple[tuple[TestWindow, TestResult | None], ...]] = (
    *(
        (window, result)
        for window in TestWindow
        if window is not TestWindow.NONE
        for result in (TestResult.NEGATIVE, TestResult.POSITIVE)
    ),
    (TestWindow.NONE, None),
)


def window_starts(now: datetime) -> list[tuple[TestWindow, datetime]]:
    """Return, for each window, the moment after which a result lies in it or a shorter one."""
    return [(window, now - age) for window, age in WINDOWS]


def window_of(result_at: datetime | None, now: datetime) -> TestWindow:
    """Return the window in which a newest result lies; NONE where there is no result."""
    if result_at is None:
        return TestWindow.NONE
    age = now - result_at
    return next((window for window, oldest in WINDOWS if age < oldest), TestWindow.OLDER)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many members are alike in all that is counted."""

    health_code: HealthCode
    window: TestWindow
    result: TestResult | None
    doses: int
    count: int


@dataclass(slots=True)
class Statistics:
    """The counts of a group at one moment."""

    total: int = 0
    codes: Counter[HealthCode] = field(default_factory=Counter)
    tests: Counter[tuple[TestWindow, TestResult | None]] = field(default_factory=Counter)
    doses: Counter[int] = field(default_factory=Counter)


def tally_of_reported(member: ReportedMember, at: datetime) -> Tally:
    """Return the tally of one member in a report of ``at``."""
    window = window_of(member.tested_at, at)
    return Tally(member.health_code, window, member.result, member.doses, count=1)


def statistics_of(members: Iterable[MemberState], now: datetime) -> Statistics:
    """Return the statistics of those members whose health may be read (R42)."""
    sharing = [one for one in members if one.facts.health_code is not HealthCode.WITHHELD]
    return Statistics(
        total=len(sharing),
        codes=Counter([one.facts.health_code for one in sharing]),
        tests=_count_tests([one.facts.tests for one in sharing], now),
        doses=Counter([one.doses for one in sharing]),
    )


def _count_tests(
    tests: Sequence[TestSummary], now: datetime
) -> Counter[tuple[TestWindow, TestResult | None]]:
    """Count tests by ``window_of`` and result: for hundreds at once it would take long."""
    starts = [now - age for _, age in reversed(WINDOWS)]
    windows = [TestWindow.OLDER, *(window for window, _ in reversed(WINDOWS)), TestWindow.NONE]
    ages = (
        -1 if one.newest_result_at is None else bisect_left(starts, one.newest_result_at)
        for one in tests
    )
    counts = Counter(zip(ages, (one.newest_result for one in tests), strict=True))
    return Counter({(windows[age], result): count for (age, result), count in counts.items()})


def add_up(tallies: Iterable[Tally]) -> Statistics:
    """Return the statistics of all these members."""
    found = Statistics()
    for tally in tallies:
        found.total += tally.count
        found.codes[tally.health_code] += tally.count
        found.tests[tally.window, tally.result] += tally.count
        found.doses[tally.doses] += tally.count
    return found
