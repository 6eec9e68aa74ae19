"""The identity verification provider: a face check of a real person."""

from dataclasses import asdict
from typing import Protocol
from urllib.parse import quote

from pydantic import BaseModel

from app.domain.identity import Document, IdType
from app.domain.verifications import (
    StartedVerification,
    VerificationOutcome,
    VerificationPurpose,
    VerificationStatus,
)
from app.ports.http import Gateway, Timestamp


class IdentityVerification(Protocol):
    """Opens face checks and says how they ended."""

    async def start(
        self, document: Document, name: str, purpose: VerificationPurpose
    ) -> StartedVerification:
        """Open a check. Raises ``GatewayError``."""

    async def outcome(self, check_id: str) -> VerificationOutcome:
        """Ask how a check stands. Raises ``GatewayError``."""


class HttpIdentityVerification:
    """The provider over HTTP."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    async def start(
        self, document: Document, name: str, purpose: VerificationPurpose
    ) -> StartedVerification:
        """Open a check. Raises ``GatewayError``."""
        question = {**asdict(document), "name": name, "purpose": purpose}
        answer = await self._gateway.request("POST", "/verifications", question)
        check = self._gateway.parse(_Started, answer)
        return StartedVerification(check.id, check.url, check.expires_at)

    async def outcome(self, check_id: str) -> VerificationOutcome:
        """Ask how a check stands. Raises ``GatewayError``."""
        path = f"/verifications/{quote(check_id, safe='')}"
        check = self._gateway.parse(_Check, await self._gateway.request("GET", path))
        return VerificationOutcome(
            status=check.status,
            document=Document(check.id_type, check.id_number),
            name=check.name,
            purpose=check.purpose,
            passed_at=check.passed_at,
        )


class _Started(BaseModel):
    id: str
    url: str
    expires_at: Timestamp


class _Check(BaseModel):
    status: VerificationStatus
    id_type: IdType
    id_number: str
    name: str
    purpose: VerificationPurpose
    passed_at: Timestamp | None = None
