"""Secrets handed out: access tokens (signed), and random tokens and codes (R40)."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final, TypeVar
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from pydantic import BaseModel

from app.domain.limits import ACCESS_TOKEN_LIFE
from app.domain.reports import ReportChoice
from app.ports.cipher import derive_key


@dataclass(frozen=True, slots=True)
class TokenClaims:
    """Whom an access token speaks for."""

    account_id: UUID
    session_id: UUID


class _Payload(BaseModel):
    sub: UUID
    sid: UUID
    iat: int = 0
    exp: int = 0

    @cached_property
    def claims(self) -> TokenClaims:
        return TokenClaims(self.sub, self.sid)


class _DownloadPayload(_Payload):
    report: ReportChoice | None


P = TypeVar("P", bound=_Payload)
_MOST_KNOWN: Final = 10_000  # access tokens


class Tokens:
    """Issues and reads access tokens; makes random secrets."""

    def __init__(self, *secrets: str) -> None:
        """``secrets``: newest first; that one signs, and what any of them signed is read."""
        self._keys = _keys(secrets, "access tokens")
        self._download_keys = _keys(secrets, "download links")
        self._known: dict[bytes, _Payload] = {}

    def issue(self, claims: TokenClaims, now: datetime) -> str:
        """Sign an access token that lives 15 minutes (R40)."""
        payload = {
            "sub": claims.account_id.hex,
            "sid": claims.session_id.hex,
            "iat": int(now.timestamp()),
            "exp": int((now + ACCESS_TOKEN_LIFE).timestamp()),
        }
        return jwt.encode({"alg": "HS256"}, payload, self._keys[0])

    def issue_download(
        self, claims: TokenClaims, report: ReportChoice | None, expires_at: datetime
    ) -> str:
        """Sign a link's token: whose session asked for it, and for which report.

        None stands for everything that is kept of the person themselves.
        """
        expires = int(expires_at.timestamp())
        link = _DownloadPayload(
            sub=claims.account_id, sid=claims.session_id, report=report, exp=expires
        )
        payload = link.model_dump(mode="json", exclude={"iat"})
        return jwt.encode({"alg": "HS256"}, payload, self._download_keys[0])

    def read(self, token: str, now: datetime) -> TokenClaims | None:
        """Read an access token; None when it is none of ours or its time is over.

        One whose signature was found right is known by its hash: each is sent again and again.
        """
        digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
        known = self._known.get(digest)
        if known is None:
            known = self._read(_Payload, token, self._keys, now)
            if known is None:
                return None
            if len(self._known) >= _MOST_KNOWN:
                del self._known[next(iter(self._known))]
            self._known[digest] = known
        moment = int(now.timestamp())
        return known.claims if known.iat <= moment <= known.exp else None

    def read_download(
        self, token: str, now: datetime
    ) -> tuple[TokenClaims, ReportChoice | None] | None:
        """Read a link's token: whose it is, and for which report.

        None when it is none of ours or its time is over.
        """
        payload = self._read(_DownloadPayload, token, self._download_keys, now)
        return (payload.claims, payload.report) if payload else None

    def _read(self, model: type[P], token: str, keys: Sequence[OctKey], now: datetime) -> P | None:
        for key in keys:
            if (payload := self._read_with(key, model, token, now)) is not None:
                return payload
        return None

    def _read_with(self, key: OctKey, model: type[P], token: str, now: datetime) -> P | None:
        # The library would compare with the system's clock.
        registry = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()), exp={"essential": True}, sub={"essential": True}
        )
        try:
            claims = jwt.decode(token, key, algorithms=["HS256"]).claims
            registry.validate(claims)
            return model.model_validate(claims)
        # A token is anybody's text: of some, the library raises what Python does.
        except (JoseError, ValueError, KeyError, TypeError):
            return None


def _keys(of: Sequence[str], purpose: str) -> list[OctKey]:
    return [OctKey.import_key(derive_key(secret, purpose)) for secret in of]


def random_token() -> str:
    """Return a secret of 256 bits that fits in a URL."""
    return secrets.token_urlsafe(32)


def random_code() -> str:
    """Return six digits for an SMS (R40)."""
    return f"{secrets.randbelow(1_000_000):06d}"
