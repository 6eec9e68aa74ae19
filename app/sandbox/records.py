"""A person's health record: completed from what a tester typed, or made up plausibly."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, TypeAlias

from app.sandbox.clock import rfc3339
from app.sandbox.reading import (
    Person,
    as_objects,
    choice,
    number,
    refusal,
    text,
    timestamp,
)

Record: TypeAlias = dict[str, Any]

HEALTH_CODES = ("GREEN", "YELLOW", "RED", "UNKNOWN")
RESULTS = ("NEGATIVE", "POSITIVE", "PENDING")
INSTITUTIONS = ("市第一人民医院", "区疾病预防控制中心", "社区采样点")
MANUFACTURERS = ("北京生物", "北京科兴中维", "武汉生物")
FIRST_DOSES = date(2021, 3, 1)


def completed_record(person: Person, body: Mapping[str, Any], now: datetime) -> Record:
    """Complete a record of which anything may be left out: green, as of now, nothing done.

    Raises 400 for a value the provider could not have written.
    """
    return {
        **person._asdict(),
        "health_code": choice(body, "health_code", HEALTH_CODES, "GREEN"),
        "health_code_at": rfc3339(timestamp(body, "health_code_at", now)),
        "tests": [
            _completed_test(test, now) for test in as_objects(body.get("tests", []), "tests")
        ],
        "vaccinations": [
            _completed_dose(dose, index, now)
            for index, dose in enumerate(
                as_objects(body.get("vaccinations", []), "vaccinations"), start=1
            )
        ],
    }


def _completed_test(body: Mapping[str, Any], now: datetime) -> Record:
    result = choice(body, "result", RESULTS, "NEGATIVE")
    body = {"tested_at": None if result == "PENDING" else rfc3339(now), **body}
    tested_at = None if body["tested_at"] is None else timestamp(body, "tested_at", now)
    return {
        "sampled_at": rfc3339(timestamp(body, "sampled_at", tested_at or now)),
        "tested_at": tested_at and rfc3339(tested_at),
        "result": result,
        "institution": text(body, "institution", INSTITUTIONS[0]),
    }


def _completed_dose(body: Mapping[str, Any], index: int, now: datetime) -> Record:
    day = text(body, "date", now.date().isoformat())
    try:
        date.fromisoformat(day)
    except ValueError:
        raise refusal("date must be a day like 2021-06-01") from None
    return {
        "dose": number(body, "dose", index, least=1, most=99),
        "date": day,
        "manufacturer": text(body, "manufacturer", MANUFACTURERS[0]),
    }


def plausible_record(person: Person, now: datetime) -> Record:
    """Make up a record that needs nobody's attention: green, tested negative within 20 hours.

    All but the moment it counts from follows from the person alone.
    """
    random = Random("/".join(person))
    return {
        **person._asdict(),
        "health_code": "GREEN",
        "health_code_at": rfc3339(now - timedelta(minutes=random.randrange(12 * 60))),
        "tests": _plausible_tests(random, now),
        "vaccinations": _plausible_doses(random),
    }


def _plausible_tests(random: Random, now: datetime) -> list[Record]:
    tested_at = now - timedelta(minutes=random.randrange(20 * 60))
    tests = []
    for _ in range(random.randint(1, 3)):
        sampled_at = tested_at - timedelta(hours=random.randint(4, 10))
        tests.append(
            {
                "sampled_at": rfc3339(sampled_at),
                "tested_at": rfc3339(tested_at),
                "result": "NEGATIVE",
                "institution": random.choice(INSTITUTIONS),
            }
        )
        tested_at -= timedelta(hours=random.randint(24, 96))
    return tests


def _plausible_doses(random: Random) -> list[Record]:
    manufacturer = random.choice(MANUFACTURERS)
    day = FIRST_DOSES + timedelta(days=random.randrange(150))
    doses = []
    for dose in range(1, random.randint(1, 3) + 1):
        doses.append({"dose": dose, "date": day.isoformat(), "manufacturer": manufacturer})
        day += timedelta(days=random.randint(21, 180))
    return doses
