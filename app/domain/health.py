"""What the health records provider says about a person, and what of it is judged.

Nothing here sets a health code: it comes from the provider only (R18).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, TypeVar

from app.domain.words import Word

T = TypeVar("T", datetime, str)

UNDATED: Final = datetime.max.replace(tzinfo=UTC)
"""The time of what has none that can be read: further ahead than any time is."""

MOST_DOSES: Final = 99  # of a person's, as the contract with the provider has it


class HealthCode(Word):
    """A person's colour; UNKNOWN while there is no data.

    WITHHELD is never the provider's: it stands in a group for which consent was withdrawn (R42).
    """

    GREEN = "GREEN"
    YELLOW = "YELLOW"
    RED = "RED"
    UNKNOWN = "UNKNOWN"
    WITHHELD = "WITHHELD"


class TestResult(Word):
    """The result of a nucleic acid test; PENDING is not a result yet (R20)."""

    NEGATIVE = "NEGATIVE"
    POSITIVE = "POSITIVE"
    PENDING = "PENDING"


@dataclass(frozen=True, slots=True)
class NucleicAcidTest:
    """One test. ``tested_at`` is None while the result is pending."""

    sampled_at: datetime
    tested_at: datetime | None
    result: TestResult
    institution: str


@dataclass(frozen=True, slots=True)
class Vaccination:
    """One dose received."""

    dose: int
    date: date
    manufacturer: str


@dataclass(frozen=True, slots=True)
class ProviderRecord:
    """All that the provider says of one person: it replaces what is stored.

    ``partly_read`` says that there was more, which couldn't be read.
    """

    health_code: HealthCode
    health_code_at: datetime | None
    tests: tuple[NucleicAcidTest, ...]
    vaccinations: tuple[Vaccination, ...]
    partly_read: bool = False


@dataclass(frozen=True, slots=True)
class TestSummary:
    """The part of a person's tests that is judged (R20): newest result, newest negative.

    ``next_negative_at`` is the time of a negative result that isn't believed before it has come.
    """

    newest_result: TestResult | None
    newest_result_at: datetime | None
    newest_negative_at: datetime | None
    next_negative_at: datetime | None = None

    def at(self, now: datetime) -> "TestSummary":
        """Return the summary as it counts at ``now``, once the next negative's time has come."""
        coming = self.next_negative_at
        if coming is None or now < coming:
            return self
        return TestSummary(TestResult.NEGATIVE, coming, coming)


def newest_first(tests: Iterable[NucleicAcidTest]) -> list[NucleicAcidTest]:
    """Return tests by the time of their result, or of their sample while it is pending (R15).

    Of two at the same time a positive one is the newest, as it is when they are judged (R20).
    """
    return sorted(
        tests,
        key=lambda test: (test.tested_at or test.sampled_at, test.result is TestResult.POSITIVE),
        reverse=True,
    )


def latest_test(tests: Iterable[NucleicAcidTest]) -> NucleicAcidTest | None:
    """Return the newest test with a result; a pending one only if there is no other (R20)."""
    return max(
        tests,
        key=lambda test: latest_rank(test.sampled_at, test.tested_at, test.result),
        default=None,
    )


def latest_rank(
    sampled_at: T, tested_at: T | None, result: TestResult | str
) -> tuple[bool, T, bool]:
    """Return what is highest of the latest test: one with a result, the newest, positive (R20).

    Times and results may be as they are written, if their texts are in the order of the times.
    """
    return (result != TestResult.PENDING, tested_at or sampled_at, result == TestResult.POSITIVE)


def by_dose(vaccinations: Iterable[Vaccination]) -> list[Vaccination]:
    """Return vaccinations in the order of their doses, then of their days (R15)."""
    return sorted(vaccinations, key=lambda received: (received.dose, received.date))


def doses_of(vaccinations: Iterable[Vaccination]) -> int:
    """Return how many doses someone has had: the highest dose number on record (R36)."""
    return max((received.dose for received in vaccinations), default=0)


def summarise_tests(
    tests: Sequence[NucleicAcidTest], waiting: Sequence[NucleicAcidTest] = ()
) -> TestSummary:
    """Reduce tests in any order, as they are believed, to what is judged (R20).

    A pending test is left out. Of two results at the same time the positive one is the newest.
    ``waiting`` are those whose time has not come.
    """
    results = [
        (test.tested_at, test.result is TestResult.POSITIVE)
        for test in tests
        if test.tested_at is not None and test.result is not TestResult.PENDING
    ]
    negatives = [at for at, positive in results if not positive]
    coming = min((test.tested_at for test in waiting if test.tested_at), default=None)
    if not results:
        return TestSummary(None, None, None, coming)
    newest_at, positive = max(results)
    return TestSummary(
        newest_result=TestResult.POSITIVE if positive else TestResult.NEGATIVE,
        newest_result_at=newest_at,
        newest_negative_at=max(negatives, default=None),
        next_negative_at=coming,
    )
