"""Reading one health record, each part by itself: what can't be read is left out, not the rest."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Final, TypeVar

from app.domain.health import (
    MOST_DOSES,
    UNDATED,
    HealthCode,
    NucleicAcidTest,
    ProviderRecord,
    TestResult,
    Vaccination,
)
from app.domain.identity import Document, IdType
from app.domain.text import mended
from app.domain.times import read_time

Part = TypeVar("Part")

_LONGEST_TEXT: Final = 200  # characters of an institution or manufacturer
_LONGEST_STRING: Final = 1000  # what is longer is no word, number or text of a contract
_MOST_PARTS: Final = 1000  # tests or doses of one record: more is no record of a person's
_DAY: Final = re.compile(r"(\d{4}-\d\d-\d\d)(?:[Tt ]|$)", re.ASCII)


def words_of_person(entry: object) -> tuple[str, str]:
    """Return the type and number that an entry of an answer names, letter for letter.

    Two empty words where it names them otherwise. Raise ``ValueError`` when it is no entry, or has
    more tests or doses than anybody has.
    """
    fields = _object(entry)
    for listed in (fields.get("tests"), fields.get("vaccinations")):
        if isinstance(listed, list) and len(listed) > _MOST_PARTS:
            raise ValueError("no record of a person's")
    id_type, number = fields.get("id_type"), fields.get("id_number")
    return (id_type, number) if isinstance(id_type, str) and isinstance(number, str) else ("", "")


def read_person(entry: object) -> Document:
    """Return whom an entry of an answer is about, however it is written.

    Raise ``ValueError`` when it doesn't say.
    """
    fields = _object(entry)
    number = fields.get("id_number")
    if isinstance(number, int) and not isinstance(number, bool):
        number = str(number)
    return Document(IdType(_word(fields.get("id_type"))), _string(number))


def read_record(entry: object) -> ProviderRecord:
    """Return what can be read of an entry, and whether anything of it couldn't be."""
    fields = _object(entry)
    parts = _Parts()
    code = parts.read(_health_code, fields.get("health_code"))
    code_at = parts.read(_time_or_null, fields.get("health_code_at"))
    tests = [parts.read(parts.test, test) for test in parts.list_of(fields.get("tests"))]
    doses = [parts.read(parts.dose, dose) for dose in parts.list_of(fields.get("vaccinations"))]
    return ProviderRecord(
        health_code=code or HealthCode.UNKNOWN,  # no data is not green (R20)
        health_code_at=code_at if code else None,
        tests=tuple(test for test in tests if test is not None),
        vaccinations=tuple(dose for dose in doses if dose is not None),
        partly_read=parts.left_out,
    )


class _Parts:
    """The parts of one record, and whether any of them was left out."""

    def __init__(self) -> None:
        self.left_out = False

    def read(self, reader: Callable[[object], Part], value: object) -> Part | None:
        """Return one part as ``reader`` reads it; None where it raises ``ValueError``."""
        try:
            return reader(value)
        except ValueError:
            self.left_out = True
            return None

    def list_of(self, value: object) -> Iterable[object]:
        return self.read(_list, value) or ()

    def text(self, value: object) -> str:
        return _text(self.read(_string, value) or "")

    def test(self, value: object) -> NucleicAcidTest:
        """Return a test whose result can be read, and its time, unless it is positive.

        A positive one without a time is no less positive: it is further ahead than any time is,
        which means that it stands at once (R20).
        """
        fields = _object(value)
        result = TestResult(_word(fields.get("result")))
        tested_at = sampled_at = None
        if result is not TestResult.PENDING or fields.get("tested_at") is not None:
            tested_at = self.read(read_time, fields.get("tested_at"))
        if tested_at is None and result is TestResult.NEGATIVE:
            raise ValueError("a negative test without its time")
        if tested_at is None and result is TestResult.POSITIVE:
            tested_at = UNDATED
        sampled_at = self.read(read_time, fields.get("sampled_at"))
        institution = self.text(fields.get("institution"))
        return NucleicAcidTest(sampled_at or tested_at or UNDATED, tested_at, result, institution)

    def dose(self, value: object) -> Vaccination:
        fields = _object(value)
        dose, day = _dose(fields.get("dose")), _day(fields.get("date"))
        return Vaccination(dose, day, self.text(fields.get("manufacturer")))


@lru_cache(maxsize=1024)  # institutions and manufacturers: the same ones for most people
def _text(text: str) -> str:
    return mended(text)[:_LONGEST_TEXT]


def _object(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise ValueError("not a list")
    return value


def _string(value: object) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST_STRING:
        raise ValueError("not a text")
    return value


def _word(value: object) -> str:
    return _string(value).strip().upper()


def _health_code(value: object) -> HealthCode:
    code = HealthCode(_word(value))
    if code is HealthCode.WITHHELD:
        raise ValueError("no code of a provider's")
    return code


def _time_or_null(value: object) -> datetime | None:
    return None if value is None else read_time(value)


def _dose(value: object) -> int:
    dose = int(value) if isinstance(value, float) and value.is_integer() else value
    if not isinstance(dose, int) or isinstance(dose, bool) or not 1 <= dose <= MOST_DOSES:
        raise ValueError("no dose that there can be")
    return dose


def _day(value: object) -> date:
    """Return a day, written alone or with a time."""
    found = _DAY.match(_string(value).strip())
    if found is None:
        raise ValueError("not a day")
    return date.fromisoformat(found[1])
