"""The family registry: the relatives it knows of a person (R12)."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any, Protocol

from pydantic import BaseModel, ValidationError

from app.domain.family import RegisteredRelative, Relation
from app.domain.identity import Document, IdType
from app.ports.http import Gateway

logger = logging.getLogger(__name__)


class FamilyRegistry(Protocol):
    """Answers who the relatives of a person are."""

    async def relatives(self, person: Document) -> Sequence[RegisteredRelative]:
        """Ask for a person's relatives. Raises ``GatewayError``."""


class HttpFamilyRegistry:
    """The registry over HTTP."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    async def relatives(self, person: Document) -> Sequence[RegisteredRelative]:
        """Ask for a person's relatives. Raises ``GatewayError``.

        An entry that can't be read is left out, and spoils none of the others.
        """
        answer = await self._gateway.request("POST", "/relatives:query", asdict(person))
        return list(_readable(self._gateway.parse(_Answer, answer).relatives))


class _Relative(BaseModel):
    name: str
    id_type: IdType
    id_number: str
    relation: Relation
    verified: bool
    student: bool


class _Answer(BaseModel):
    relatives: list[Any]


def _readable(entries: Sequence[object]) -> Iterator[RegisteredRelative]:
    malformed = 0
    for item in entries:
        try:
            entry = _Relative.model_validate(item)
        except ValidationError:
            malformed += 1
        else:
            document = Document(entry.id_type, entry.id_number)
            yield RegisteredRelative(
                entry.name, document, entry.relation, entry.verified, entry.student
            )
    if malformed:
        logger.warning("malformed entries in one answer of the family registry: %d", malformed)
