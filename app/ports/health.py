"""The health records provider, the only source of health data (R18)."""

import logging
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final, Protocol

from pydantic import BaseModel, Field

from app.domain.health import ProviderRecord
from app.domain.identity import Document
from app.ports.http import Gateway, GatewayError
from app.ports.records import read_person, read_record

BATCH_SIZE: Final = 100  # people the provider takes in one question
_MOST_RECORDS: Final = 10 * BATCH_SIZE  # of one answer: of a person there may be several

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ProviderAnswer:
    """What the provider says of the people it was asked about.

    ``records`` are those it knows; of one person there may be several, of which ``one_record``
    makes one. ``answered`` are all about whom it answered at all, be it that it knows nothing.
    """

    records: Mapping[Document, Sequence[ProviderRecord]]
    answered: Set[Document]


class HealthRecords(Protocol):
    """Returns what the provider knows about people."""

    async def query(self, people: Sequence[Document]) -> ProviderAnswer:
        """Ask about at most ``BATCH_SIZE`` people.

        Who can't even be asked about, alone or with others, is not answered about. Raise
        ``GatewayError`` when that is everybody, or the provider doesn't answer, retries included.
        """


class HttpHealthRecords:
    """The provider over HTTP."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    async def query(self, people: Sequence[Document]) -> ProviderAnswer:
        """Ask about at most ``BATCH_SIZE`` people; see ``HealthRecords.query``.

        A request that the provider refuses is halved until who it refuses is alone.
        """
        records: dict[Document, list[ProviderRecord]] = {}
        answered: set[Document] = set()
        refused: GatewayError | None = None
        left = [people]
        while left:
            some = left.pop()
            try:
                found = await self._ask(some)
            except GatewayError as error:
                refused = error
                if not error.is_of_content:
                    break  # no smaller request would fare better
                left += _halves(some)
            else:
                answered.update(some)
                records |= found
        if refused is not None and not answered:
            raise refused
        return ProviderAnswer(records, answered)

    async def _ask(self, people: Sequence[Document]) -> dict[Document, list[ProviderRecord]]:
        question = {
            "people": [{"id_type": one.id_type, "id_number": one.id_number} for one in people]
        }
        answer = await self._gateway.request("POST", "/records:query", question)
        found: dict[Document, list[ProviderRecord]] = {person: [] for person in people}
        nobodys = partly = 0
        for entry in self._gateway.parse(_Answer, answer).records:
            try:
                records = found.get(read_person(entry))
                if records is not None:
                    records.append(read_record(entry))
                    partly += records[-1].partly_read
            except ValueError:
                nobodys += 1
        if nobodys or partly:
            counts = "malformed health records in one answer: %d, partly read: %d"
            logger.warning(counts, nobodys, partly)
        return {person: records for person, records in found.items() if records}


def _halves(people: Sequence[Document]) -> Iterator[Sequence[Document]]:
    if len(people) > 1:
        middle = len(people) // 2
        yield people[:middle]
        yield people[middle:]


class _Answer(BaseModel):
    records: list[object] = Field(max_length=_MOST_RECORDS)
