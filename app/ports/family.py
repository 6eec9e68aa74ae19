"""The family registry: the relatives it knows of a person (R12)."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Final, Protocol

from pydantic import BaseModel, Field

from app.domain.family import RegisteredRelative, Relation
from app.domain.identity import Document, IdType
from app.ports.answers import AnyCase, Word, readable
from app.ports.http import Gateway

_MOST_RELATIVES: Final = 1000  # of one answer; nobody has more


class FamilyRegistry(Protocol):
    """Returns who the relatives of a person are."""

    async def relatives(self, person: Document) -> Sequence[RegisteredRelative]:
        """Ask for a person's relatives. Raise ``GatewayError``."""


class HttpFamilyRegistry:
    """The registry over HTTP."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    async def relatives(self, person: Document) -> Sequence[RegisteredRelative]:
        """Ask for a person's relatives. Raise ``GatewayError``.

        An entry that can't be read is left out, and spoils none of the others.
        """
        answer = await self._gateway.request("POST", "/relatives:query", asdict(person))
        entries = self._gateway.parse(_Answer, answer).relatives
        return [entry.read() for entry in readable(_Relative, entries, "relatives")]


class _Relative(BaseModel):
    name: Word
    id_type: Annotated[IdType, AnyCase]
    id_number: Word
    relation: Annotated[Relation, AnyCase]
    verified: bool
    student: bool

    def read(self) -> RegisteredRelative:
        document = Document(self.id_type, self.id_number)
        return RegisteredRelative(self.name, document, self.relation, self.verified, self.student)


class _Answer(BaseModel):
    relatives: list[object] = Field(max_length=_MOST_RELATIVES)
