"""The health records provider, the only source of health data (R18)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Annotated, Final, Protocol

from pydantic import BaseModel, BeforeValidator, Field

from app.domain.health import (
    HealthCode,
    NucleicAcidTest,
    ProviderRecord,
    TestResult,
    Vaccination,
)
from app.domain.identity import Document, IdType
from app.ports.http import Gateway, Timestamp, readable

BATCH_SIZE: Final = 100  # people the provider takes in one question


class HealthRecords(Protocol):
    """Returns what the provider knows about people."""

    async def query(self, people: Sequence[Document]) -> Mapping[Document, ProviderRecord]:
        """Ask about at most ``BATCH_SIZE`` people; those it doesn't know are left out.

        Raise ``GatewayError`` when the provider doesn't answer, retries included.
        """


class HttpHealthRecords:
    """The provider over HTTP."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    async def query(self, people: Sequence[Document]) -> Mapping[Document, ProviderRecord]:
        """Ask about at most ``BATCH_SIZE`` people; see ``HealthRecords.query``.

        A record that can't be read counts as left out, and spoils none of the others.
        """
        question = {"people": [asdict(person) for person in people]}
        answer = await self._gateway.request("POST", "/records:query", question)
        entries = self._gateway.parse(_Answer, answer).records
        records = {
            Document(record.id_type, record.id_number): record.read()
            for record in readable(_Record, entries, "health records")
        }
        return {person: records[person] for person in people if person in records}


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

    def read(self) -> ProviderRecord:
        return ProviderRecord(
            health_code=self.health_code,
            health_code_at=self.health_code_at,
            tests=tuple(
                NucleicAcidTest(test.sampled_at, test.tested_at, test.result, test.institution)
                for test in self.tests
            ),
            vaccinations=tuple(
                Vaccination(dose.dose, dose.date, dose.manufacturer) for dose in self.vaccinations
            ),
        )


class _Answer(BaseModel):
    records: list[object]
