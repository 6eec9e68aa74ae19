"""Tests and doses as encrypted columns hold them."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Final, TypedDict

from app.domain.health import NucleicAcidTest, TestResult, Vaccination, latest_rank

_RESULTS: Final[Mapping[str, TestResult]] = {result.value: result for result in TestResult}


class StoredTest(TypedDict):
    """A test as an encrypted column holds it."""

    sampled_at: str
    tested_at: str | None
    result: str
    institution: str


class StoredVaccination(TypedDict):
    """A vaccination as an encrypted column holds it."""

    dose: int
    date: str
    manufacturer: str


def dump_test(test: NucleicAcidTest) -> StoredTest:
    """Return a test as an encrypted column holds it."""
    return {
        "sampled_at": test.sampled_at.isoformat(),
        "tested_at": test.tested_at.isoformat() if test.tested_at else None,
        "result": test.result,
        "institution": test.institution,
    }


def dump_vaccination(vaccination: Vaccination) -> StoredVaccination:
    """Return a vaccination as an encrypted column holds it."""
    return {
        "dose": vaccination.dose,
        "date": vaccination.date.isoformat(),
        "manufacturer": vaccination.manufacturer,
    }


def read_tests(stored: Iterable[StoredTest] | None) -> list[NucleicAcidTest]:
    """Return stored tests as they were; none for None."""
    return [_read_test(test) for test in stored or ()]


def read_latest_test(stored: Iterable[StoredTest] | None) -> NucleicAcidTest | None:
    """Return the latest of stored tests (R20), and make no other: lists show hundreds."""
    latest = max(stored or (), key=_rank, default=None)
    return _read_test(latest) if latest else None


def _rank(test: StoredTest) -> tuple[bool, datetime, bool]:
    return latest_rank(*_times(test), _RESULTS[test["result"]])


def _read_test(test: StoredTest) -> NucleicAcidTest:
    return NucleicAcidTest(*_times(test), _RESULTS[test["result"]], test["institution"])


def _times(test: StoredTest) -> tuple[datetime, datetime | None]:
    sampled_at, tested_at = test["sampled_at"], test["tested_at"]
    read = datetime.fromisoformat
    return read(sampled_at), read(tested_at) if tested_at else None


def read_vaccinations(stored: Iterable[StoredVaccination] | None) -> list[Vaccination]:
    """Return stored vaccinations as they were; none for None."""
    return [
        Vaccination(dose["dose"], date.fromisoformat(dose["date"]), dose["manufacturer"])
        for dose in stored or ()
    ]
