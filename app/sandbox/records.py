"""A person's health record: completed from what a tester typed, or made up plausibly."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Annotated, Final, Literal, TypedDict

from pydantic import AfterValidator, Field

from app.sandbox.clock import rfc3339
from app.sandbox.reading import Body, Person, Text, Timestamp, says, says_one_of

_INSTITUTIONS: Final = ("市第一人民医院", "区疾病预防控制中心", "社区采样点")
_MANUFACTURERS: Final = ("北京生物", "北京科兴中维", "武汉生物")
_FIRST_DOSES: Final = date(2021, 3, 1)


def _check_day(day: str) -> str:
    try:
        date.fromisoformat(day)
    except ValueError:
        raise ValueError("must be a day like 2021-06-01") from None
    return day


_HealthCode = Literal["GREEN", "YELLOW", "RED", "UNKNOWN"]
_Result = Literal["NEGATIVE", "POSITIVE", "PENDING"]
HealthCode = Annotated[_HealthCode, says_one_of(_HealthCode)]
Result = Annotated[_Result, says_one_of(_Result)]
Day = Annotated[Text, AfterValidator(_check_day)]
Dose = Annotated[int, Field(strict=True, ge=1, le=99), says("must be a whole number from 1 to 99")]


class TestBody(Body):
    """A nucleic acid test of which anything may be left out."""

    result: Result = "NEGATIVE"
    tested_at: Timestamp | None = None
    sampled_at: Timestamp | None = None
    institution: Text = _INSTITUTIONS[0]


class VaccinationBody(Body):
    """A dose of which anything may be left out."""

    date: Day = ""  # defaults aren't checked
    dose: Dose = 0
    manufacturer: Text = _MANUFACTURERS[0]


class RecordBody(Person):
    """A person's record of which all but the person may be left out."""

    health_code: HealthCode = "GREEN"
    health_code_at: Timestamp | None = None
    tests: tuple[TestBody, ...] = ()
    vaccinations: tuple[VaccinationBody, ...] = ()


class Test(TypedDict):
    """A nucleic acid test as the contract writes it."""

    sampled_at: str
    tested_at: str | None
    result: str
    institution: str


class Vaccination(TypedDict):
    """A dose as the contract writes it."""

    dose: int
    date: str
    manufacturer: str


class Record(TypedDict):
    """A person's record as the contract writes it."""

    id_type: str
    id_number: str
    health_code: str
    health_code_at: str
    tests: list[Test]
    vaccinations: list[Vaccination]


def completed_record(body: RecordBody, now: datetime) -> Record:
    """Complete a record of which anything may be left out: green, as of now, nothing done."""
    return {
        "id_type": body.id_type,
        "id_number": body.id_number,
        "health_code": body.health_code,
        "health_code_at": rfc3339(body.health_code_at or now),
        "tests": [_completed_test(test, now) for test in body.tests],
        "vaccinations": [
            {
                "dose": vaccination.dose or index,
                "date": vaccination.date or now.date().isoformat(),
                "manufacturer": vaccination.manufacturer,
            }
            for index, vaccination in enumerate(body.vaccinations, start=1)
        ],
    }


def _completed_test(body: TestBody, now: datetime) -> Test:
    is_done = body.result != "PENDING" and "tested_at" not in body.model_fields_set
    tested_at = now if is_done else body.tested_at
    return {
        "sampled_at": rfc3339(body.sampled_at or tested_at or now),
        "tested_at": rfc3339(tested_at) if tested_at else None,
        "result": body.result,
        "institution": body.institution,
    }


def plausible_record(person: Person, now: datetime) -> Record:
    """Make up a record that needs nobody's attention: green, tested negative within 20 hours.

    All but the moment it counts from follows from the person alone.
    """
    random = Random(person.document.key)
    return {
        "id_type": person.id_type,
        "id_number": person.id_number,
        "health_code": "GREEN",
        "health_code_at": rfc3339(now - timedelta(minutes=random.randrange(12 * 60))),
        "tests": _plausible_tests(random, now),
        "vaccinations": _plausible_doses(random),
    }


def _plausible_tests(random: Random, now: datetime) -> list[Test]:
    tested_at = now - timedelta(minutes=random.randrange(20 * 60))
    tests: list[Test] = []
    for _ in range(random.randint(1, 3)):
        sampled_at = tested_at - timedelta(hours=random.randint(4, 10))
        tests.append(
            {
                "sampled_at": rfc3339(sampled_at),
                "tested_at": rfc3339(tested_at),
                "result": "NEGATIVE",
                "institution": random.choice(_INSTITUTIONS),
            }
        )
        tested_at -= timedelta(hours=random.randint(24, 96))
    return tests


def _plausible_doses(random: Random) -> list[Vaccination]:
    manufacturer = random.choice(_MANUFACTURERS)
    day = _FIRST_DOSES + timedelta(days=random.randrange(150))
    doses: list[Vaccination] = []
    for dose in range(1, random.randint(1, 3) + 1):
        doses.append({"dose": dose, "date": day.isoformat(), "manufacturer": manufacturer})
        day += timedelta(days=random.randint(21, 180))
    return doses
