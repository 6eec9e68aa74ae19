"""What of a provider's answer is believed: times that lie ahead, and records that differ (R20).

A record is read once, when it is fetched, as it counts from then on: nothing that counts lies
ahead of its fetch. What doesn't count yet waits apart, and nobody sees it before its time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import compress
from operator import not_
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.health import (
    UNDATED,
    HealthCode,
    NucleicAcidTest,
    ProviderRecord,
    TestResult,
    TestSummary,
    Vaccination,
    doses_of,
    summarise_tests,
)
from app.domain.ordering import severity_of

CLOCKS_DIFFER_BY: Final = timedelta(minutes=10)  # a time further ahead isn't a clock's fault
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


def believed_at(at: datetime, first_fetched_at: datetime) -> datetime:
    """Return since when something counts that an answer dates ``at``.

    ``first_fetched_at`` is when the first answer that said so was asked for. A clock may run
    ahead: what lies up to ten minutes after that moment counts as of it. What lies further
    ahead doesn't count until its time has come.
    """
    ahead = at - first_fetched_at
    return first_fetched_at if timedelta() < ahead <= CLOCKS_DIFFER_BY else at


def one_record(records: Sequence[ProviderRecord], fetched_at: datetime) -> ProviderRecord:
    """Return what one answer says of a person of whom it holds these records.

    The later code counts, at the same time the worse; a code without a time, or with one that
    isn't believed, comes before all others. Tests and doses are those of all the records.
    """
    if len(records) == 1:
        return records[0]

    def rank(record: ProviderRecord) -> tuple[datetime, int]:
        at = believed_at(record.health_code_at or UNDATED, fetched_at)
        return (at if at <= fetched_at else _LONG_AGO, severity_of(record.health_code))

    return replace(
        max(records, key=rank),
        tests=tuple(dict.fromkeys(test for one in records for test in one.tests)),
        vaccinations=tuple(dict.fromkeys(dose for one in records for dose in one.vaccinations)),
        partly_read=any(one.partly_read for one in records),
    )


@dataclass(frozen=True, slots=True)
class BelievedRecord:
    """A person's record as it counts, and what of it waits for its time to come.

    ``first_fetches`` holds, of all that lay ahead when an answer first said so, when that answer
    was asked for: no later answer dates it anew.
    """

    health_code: HealthCode
    health_code_at: datetime | None
    tests: tuple[NucleicAcidTest, ...]
    vaccinations: tuple[Vaccination, ...]
    waiting_tests: tuple[NucleicAcidTest, ...]
    waiting_vaccinations: tuple[Vaccination, ...]
    first_fetches: Mapping[str, datetime]

    @property
    def summary(self) -> TestSummary:
        """What of the tests is judged."""
        return summarise_tests(self.tests, self.waiting_tests)

    @property
    def lies_ahead(self) -> bool:
        """Whether anything of it does, or did when it was first fetched."""
        return bool(self.waiting_tests or self.waiting_vaccinations or self.first_fetches)

    @property
    def doses(self) -> int:
        """How many doses count."""
        return doses_of(self.vaccinations)

    def next_change_at(self, zone: ZoneInfo) -> datetime | None:
        """Return when the next of what waits counts; None where nothing waits."""
        tests = [_dated(test) for test in self.waiting_tests]
        doses = [_begins(dose.date, zone) for dose in self.waiting_vaccinations]
        return min((at.astimezone(UTC) for at in tests + doses), default=None)

    def at(self, now: datetime, zone: ZoneInfo) -> "BelievedRecord":
        """Return the record as it counts at ``now``: what waited for a time that has come does."""
        tests, doses = self.waiting_tests, self.waiting_vaccinations
        come = [_dated(test) <= now for test in tests]
        given = [_begins(dose.date, zone) <= now for dose in doses]
        return replace(
            self,
            tests=self.tests + tuple(compress(tests, come)),
            vaccinations=self.vaccinations + tuple(compress(doses, given)),
            waiting_tests=tuple(compress(tests, map(not_, come))),
            waiting_vaccinations=tuple(compress(doses, map(not_, given))),
        )


def believed(
    record: ProviderRecord,
    fetched_at: datetime,
    first_fetches: Mapping[str, datetime],
    zone: ZoneInfo,
) -> BelievedRecord:
    """Return a record as it counts from the fetch that was asked for at ``fetched_at``.

    ``first_fetches`` are those of the record before it. A code and a positive result stand at
    once, as of the first fetch; a negative result and a dose as ``believed_at`` says. Days
    begin in ``zone``.
    """
    if not first_fetches and _is_past(record, fetched_at, zone):  # as almost all are
        return BelievedRecord(
            health_code=record.health_code,
            health_code_at=record.health_code_at,
            tests=record.tests,
            vaccinations=record.vaccinations,
            waiting_tests=(),
            waiting_vaccinations=(),
            first_fetches={},
        )
    reading = _Reading(fetched_at, first_fetches, zone)
    tests = [reading.test(test) for test in record.tests]
    doses = [reading.dose(dose) for dose in record.vaccinations]
    return BelievedRecord(
        health_code=record.health_code,
        health_code_at=reading.code_at(record),
        tests=(),
        vaccinations=(),
        waiting_tests=tuple(tests),
        waiting_vaccinations=tuple(doses),
        first_fetches=reading.first_fetches,
    ).at(fetched_at, zone)


def _is_past(record: ProviderRecord, fetched_at: datetime, zone: ZoneInfo) -> bool:
    """Return whether nothing of a record lies ahead of its fetch."""
    times = [record.health_code_at] if record.health_code_at else []
    for test in record.tests:
        times += (test.sampled_at, _dated(test))
    if times and max(times) > fetched_at:
        return False
    today = fetched_at.astimezone(zone).date()
    return all(dose.date <= today for dose in record.vaccinations)


class _Reading:
    """Dates one record's parts, and keeps the first fetches of those that lie ahead."""

    def __init__(
        self, fetched_at: datetime, before: Mapping[str, datetime], zone: ZoneInfo
    ) -> None:
        self.first_fetches: dict[str, datetime] = {}
        self._fetched_at = fetched_at
        self._before = before
        self._zone = zone

    def test(self, test: NucleicAcidTest) -> NucleicAcidTest:
        at = _dated(test)
        if not self._before and max(at, test.sampled_at) <= self._fetched_at:
            return test  # nothing of it is or was ahead
        first = self._first_fetch(f"{test.result} {at.isoformat()}", at)
        counts = believed_at(at, first) if test.result is TestResult.NEGATIVE else min(at, first)
        return replace(
            test,
            sampled_at=test.sampled_at if test.sampled_at <= self._fetched_at else counts,
            tested_at=None if test.tested_at is None else counts,
        )

    def dose(self, dose: Vaccination) -> Vaccination:
        today = self._fetched_at.astimezone(self._zone).date()
        key = f"dose {dose.dose} {dose.date.isoformat()}"
        if dose.date <= today and key not in self._before:
            return dose
        begins = _begins(dose.date, self._zone)
        counts = believed_at(begins, self._first_fetch(key, begins))
        return replace(dose, date=counts.astimezone(self._zone).date())

    def code_at(self, record: ProviderRecord) -> datetime | None:
        at = record.health_code_at
        if at is None:
            return None
        return min(at, self._first_fetch(f"code {record.health_code} {at.isoformat()}", at))

    def _first_fetch(self, key: str, at: datetime) -> datetime:
        first = self._before.get(key, self._fetched_at)
        if at > first:
            self.first_fetches[key] = first
        return first


def _dated(test: NucleicAcidTest) -> datetime:
    """Return the time of a test: of its result, or of its sample while it is pending."""
    return test.tested_at or test.sampled_at


def _begins(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)  # not in UTC, which has no room for the first days
