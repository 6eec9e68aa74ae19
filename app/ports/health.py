"""The health records provider, the only source of health data (R18)."""

import logging
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

import orjson
from pydantic import BaseModel, Field

from app.domain.health import ProviderRecord
from app.domain.identity import Document
from app.ports.http import Gateway, GatewayError
from app.ports.records import read_person, read_record, words_of_person

K = TypeVar("K")

BATCH_SIZE: Final = 100  # people the provider takes in one question
_MOST_RECORDS: Final = 10 * BATCH_SIZE  # of one answer: of a person there may be several

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Told:
    """What one answer says of one person: mostly one entry, which isn't read yet.

    Of several ``one_record`` makes one.
    """

    entries: Sequence[object]

    @property
    def content(self) -> bytes | None:
        """What is said, to be compared with what was said before; None if it can't be.

        Which of several entries counts may depend on when they are read (R20).
        """
        if len(self.entries) != 1:
            return None
        try:
            return orjson.dumps(self.entries[0])
        except orjson.JSONEncodeError:  # as of a number too large
            return None


@dataclass(frozen=True, slots=True)
class ProviderAnswer:
    """What the provider says of the people it was asked about.

    ``told`` is of those it knows. ``answered`` are all about whom it answered at all, be it that
    it knows nothing. ``refused`` is why it didn't answer about the others.
    """

    told: Mapping[Document, Told]
    answered: Set[Document]
    refused: GatewayError | None = None

    @property
    def records(self) -> dict[Document, Sequence[ProviderRecord]]:
        """The records of all that it knows."""
        return read_told(self.told)


def read_told(told: Mapping[K, Told]) -> dict[K, Sequence[ProviderRecord]]:
    """Return what can be read of what was told of each person; the log says how much can't."""
    found = {key: [read_record(entry) for entry in one.entries] for key, one in told.items()}
    partly = sum(record.partly_read for records in found.values() for record in records)
    if partly:
        logger.warning("partly read health records in one answer: %d", partly)
    return dict(found)


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
        told: dict[Document, Told] = {}
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
                told |= found
        if refused is not None and not answered:
            raise refused
        return ProviderAnswer(told, answered, refused)

    async def _ask(self, people: Sequence[Document]) -> dict[Document, Told]:
        question = {
            "people": [{"id_type": one.id_type, "id_number": one.id_number} for one in people]
        }
        answer = await self._gateway.request("POST", "/records:query", question)
        found: list[list[object]] = [[] for _ in people]
        # Almost all are named letter for letter as they were asked about.
        named = ((one.id_type.value, one.id_number) for one in people)
        as_asked = dict(zip(named, found, strict=True))
        otherwise: dict[Document, list[object]] = {}
        nobodys = 0
        for entry in self._gateway.parse(_Answer, answer).records:
            try:
                entries = as_asked.get(words_of_person(entry))
                if entries is None:
                    otherwise = otherwise or dict(zip(people, found, strict=True))
                    entries = otherwise.get(read_person(entry))
            except ValueError:
                nobodys += 1
                continue
            if entries is not None:
                entries.append(entry)
        if nobodys:
            logger.warning("malformed health records in one answer: %d", nobodys)
        of_people = zip(people, found, strict=True)
        return {person: Told(entries) for person, entries in of_people if entries}


def _halves(people: Sequence[Document]) -> Iterator[Sequence[Document]]:
    if len(people) > 1:
        middle = len(people) // 2
        yield people[:middle]
        yield people[middle:]


class _Answer(BaseModel):
    records: list[object] = Field(max_length=_MOST_RECORDS)
