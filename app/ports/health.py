"""The health records provider, the only source of health data (R18)."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Protocol

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from app.domain.health import (
    HealthCode,
    HealthReport,
    NucleicAcidTest,
    TestResult,
    Vaccination,
)
from app.domain.identity import Document, IdType
from app.ports.http import Gateway, Timestamp

BATCH_SIZE = 100  # people the provider takes in one question

logger = logging.getLogger(__name__)


class HealthRecords(Protocol):
    """Answers what the provider knows about people."""

    async def query(self, people: Sequence[Document]) -> Mapping[Document, HealthReport]:
        """Ask about at most ``BATCH_SIZE`` people; those it doesn't know are left out.

        Raises ``GatewayError`` when the provider doesn't answer, retries included.
        """


class HttpHealthRecords:
    """The provider over HTTP."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    async def query(self, people: Sequence[Document]) -> Mapping[Document, HealthReport]:
        """Ask about at most ``BATCH_SIZE`` people; see ``HealthRecords.query``.

        A record that can't be read counts as left out, and spoils none of the others.
        """
        question = {"people": [asdict(person) for person in people]}
        answer = await self._gateway.request("POST", "/records:query", question)
        records = self._gateway.parse(_Answer, answer).records
        reports = dict(_readable(records))
        return {person: reports[person] for person in people if person in reports}


def _day(value: object) -> date:
    if not isinstance(value, str):
        raise ValueError("not a text")
    return date.fromisoformat(value)


class _Test(BaseModel):
    sampled_at: Timestamp
    tested_at: Timestamp | None = None
    result: TestResult
    institution: str


class _Vaccination(BaseModel):
    dose: int = Field(strict=True, ge=1, le=99)
    date: Annotated[date, BeforeValidator(_day)]
    manufacturer: str


class _Record(BaseModel):
    id_type: IdType
    id_number: str
    health_code: HealthCode
    health_code_at: Timestamp | None
    tests: list[_Test]
    vaccinations: list[_Vaccination]

    def report(self) -> HealthReport:
        return HealthReport(
            health_code=self.health_code,
            health_code_at=self.health_code_at,
            tests=tuple(NucleicAcidTest(**dict(test)) for test in self.tests),
            vaccinations=tuple(Vaccination(**dict(dose)) for dose in self.vaccinations),
        )


class _Answer(BaseModel):
    records: list[Any]


def _readable(records: Sequence[object]) -> Iterator[tuple[Document, HealthReport]]:
    malformed = 0
    for item in records:
        try:
            record = _Record.model_validate(item)
        except ValidationError:
            malformed += 1
        else:
            yield Document(record.id_type, record.id_number), record.report()
    if malformed:
        logger.warning("malformed health records in one answer: %d", malformed)
