"""The identity verification provider: a face check of a real person."""

from dataclasses import asdict
from typing import Annotated, Protocol
from urllib.parse import quote

from pydantic import BaseModel, Field

from app.domain.identity import Document, IdType
from app.domain.verifications import (
    StartedVerification,
    VerificationOutcome,
    VerificationPurpose,
    VerificationStatus,
)
from app.ports.answers import AnyCase, TimeIfReadable, Timestamp, Word, read_link
from app.ports.http import Gateway


class IdentityVerification(Protocol):
    """Opens verifications, which are face checks, and knows how they ended."""

    async def start(
        self, document: Document, name: str, purpose: VerificationPurpose
    ) -> StartedVerification:
        """Open a verification. Raise ``GatewayError``."""

    async def outcome(self, provider_id: str) -> VerificationOutcome:
        """Ask for a verification's outcome so far. Raise ``GatewayError``."""


class HttpIdentityVerification:
    """The provider over HTTP."""

    def __init__(self, gateway: Gateway, *, plain_links: bool = False) -> None:
        """``plain_links``: people may be led to it by http, as in the sandbox."""
        self._gateway = gateway
        self._plain_links = plain_links

    async def start(
        self, document: Document, name: str, purpose: VerificationPurpose
    ) -> StartedVerification:
        """Open a verification. Raise ``GatewayError``."""
        question = {**asdict(document), "name": name, "purpose": purpose}
        answer = await self._gateway.request("POST", "/verifications", question)
        started = self._gateway.parse(_Started, answer)
        try:
            url = read_link(started.url, plain=self._plain_links)
        except ValueError:
            raise self._gateway.malformed() from None
        return StartedVerification(started.id, url, started.expires_at)

    async def outcome(self, provider_id: str) -> VerificationOutcome:
        """Ask for a verification's outcome so far. Raise ``GatewayError``."""
        path = f"/verifications/{quote(provider_id, safe='')}"
        found = self._gateway.parse(_Outcome, await self._gateway.request("GET", path))
        return VerificationOutcome(
            status=found.status,
            document=Document(found.id_type, found.id_number),
            name=found.name,
            purpose=found.purpose,
            passed_at=found.passed_at,
        )


class _Started(BaseModel):
    id: Annotated[Word, Field(min_length=1)]
    url: str
    expires_at: Timestamp


class _Outcome(BaseModel):
    status: Annotated[VerificationStatus, AnyCase]
    id_type: Annotated[IdType, AnyCase]
    id_number: Word
    name: Word
    purpose: Annotated[VerificationPurpose, AnyCase]
    passed_at: TimeIfReadable = None
