"""Made-up people and what a provider says of them, the same in every run."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

from app.domain.belief import BelievedRecord
from app.domain.health import HealthCode, NucleicAcidTest, TestResult, Vaccination
from app.ports.tokens import TokenClaims, Tokens

SECRET: Final = "a secret of the benchmark that is long enough"

_SURNAMES: Final = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾单解"
_GIVEN: Final = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国志文子轩浩宇欣怡梓涵"
_INSTITUTIONS: Final = ("市第一人民医院", "区疾病预防控制中心", "社区采样点")
_MAKERS: Final = ("北京生物", "北京科兴中维", "武汉生物")
_CODES: Final = (HealthCode.GREEN, HealthCode.YELLOW, HealthCode.RED)
_RESULTS: Final = (TestResult.NEGATIVE, TestResult.POSITIVE)


@dataclass(frozen=True, slots=True)
class Someone:
    """A person with an account and a session of their own."""

    person_id: UUID
    account_id: UUID
    session_id: UUID
    phone: str
    id_number: str
    name: str

    @property
    def token(self) -> str:
        """An access token of their session, signed as the server signs it, valid from now on."""
        return Tokens(SECRET).issue(
            TokenClaims(self.account_id, self.session_id), datetime.now(UTC)
        )


def resident_id(serial: int) -> str:
    """Return a made-up resident ID number with a right check digit, another for each serial."""
    born = date(1960, 1, 1) + timedelta(days=serial // 1000)
    first = f"440106{born:%Y%m%d}{serial % 1000:03}"
    checksum = (1 - 2 * int(first, 13)) % 11
    return first + ("X" if checksum == 10 else str(checksum))


def resident_name(chance: random.Random) -> str:
    """Return a made-up name of two or three characters."""
    given = chance.choices(_GIVEN, k=chance.choice((1, 2)))
    return chance.choice(_SURNAMES) + "".join(given)


def made_up_record(chance: random.Random, now: datetime) -> BelievedRecord:
    """Make what a provider plausibly says: mostly green, three tests, two or three doses."""
    tests = []
    for days in (0, 2, 4):
        tested = now - timedelta(days=days, minutes=chance.randrange(30, 20 * 60))
        result = chance.choices(_RESULTS, (99, 1))[0]
        pending = days == 0 and chance.random() < 0.1
        tests.append(
            NucleicAcidTest(
                sampled_at=tested - timedelta(hours=5),
                tested_at=None if pending else tested,
                result=TestResult.PENDING if pending else result,
                institution=chance.choice(_INSTITUTIONS),
            )
        )
    doses = chance.choice((2, 3, 3))
    return BelievedRecord(
        health_code=chance.choices(_CODES, (90, 6, 4))[0],
        health_code_at=now - timedelta(minutes=chance.randrange(720)),
        tests=tuple(tests),
        vaccinations=tuple(
            Vaccination(number, date(2021, 2 + 2 * number, 11), chance.choice(_MAKERS))
            for number in range(1, doses + 1)
        ),
        waiting_tests=(),
        waiting_vaccinations=(),
        first_fetches={},
    )


def is_healthy(record: BelievedRecord) -> bool:
    """Return whether a record is green and without a positive test."""
    positive = any(test.result is TestResult.POSITIVE for test in record.tests)
    return record.health_code is HealthCode.GREEN and not positive
