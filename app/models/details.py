"""Tests and doses as encrypted columns hold them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Final, TypedDict

from app.domain.health import NucleicAcidTest, TestResult, Vaccination, latest_rank

_RESULTS: Final[Mapping[str, TestResult]] = {result.value: result for result in TestResult}


class StoredTest(TypedDict):
    """A test as an encrypted column holds it: its times by ISO 8601, in UTC."""

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
        "sampled_at": test.sampled_at.astimezone(UTC).isoformat(),
        "tested_at": test.tested_at.astimezone(UTC).isoformat() if test.tested_at else None,
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


def read_latest_test(stored: Sequence[StoredTest] | None) -> NucleicAcidTest | None:
    """Return the latest of stored tests (R20), and make no other: lists show hundreds."""
    latest = latest_of(stored)
    return _read_test(latest) if latest else None


def latest_of(stored: Sequence[StoredTest] | None) -> StoredTest | None:
    """Return the latest of stored tests as it is stored (R20)."""
    if not stored:
        return None
    return stored[0] if len(stored) == 1 else max(stored, key=_rank)


def _rank(test: StoredTest) -> tuple[bool, str, bool]:
    # All times are in UTC, so that their texts are in the order of the times: where one has
    # a fraction and the other none, "." comes behind "+".
    return latest_rank(test["sampled_at"], test["tested_at"], test["result"])


def _read_test(test: StoredTest) -> NucleicAcidTest:
    tested_at = test["tested_at"]
    return NucleicAcidTest(
        datetime.fromisoformat(test["sampled_at"]),
        datetime.fromisoformat(tested_at) if tested_at else None,
        _RESULTS[test["result"]],
        test["institution"],
    )


def read_vaccinations(stored: Iterable[StoredVaccination] | None) -> list[Vaccination]:
    """Return stored vaccinations as they were; none for None."""
    return [
        Vaccination(dose["dose"], date.fromisoformat(dose["date"]), dose["manufacturer"])
        for dose in stored or ()
    ]
