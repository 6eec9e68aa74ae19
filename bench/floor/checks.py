"""Who asks, and whether they may: token, session, standing."""

import base64
import hmac
import time
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import orjson
from starlette.requests import Request

from app.ports.cipher import derive_key
from bench.floor.tables import Row, Tables
from bench.people import SECRET

_KEY: Final = derive_key(SECRET, "access tokens")
_MANAGERS: Final = ("CREATOR", "ADMIN")
# A group's columns through the viewer's own membership, if their session goes on.
SEEN: Final = """SELECT m.role, {columns} FROM session s
  JOIN account a ON a.id = s.account_id JOIN membership m ON m.person_id = a.person_id
  JOIN groups g ON g.id = m.group_id {joins}
  WHERE s.id = $1 AND s.account_id = $2 AND s.ended_at IS NULL AND a.person_shown
    AND m.group_id = $3 AND g.dissolved_at IS NULL"""


class Refused(Exception):
    """Nobody is signed in, or it isn't theirs to see."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about a group by one of its managers: the group's key, its row, the variables."""

    group_id: UUID
    row: Row
    variables: dict[str, Any]


def read_token(bearer: str) -> tuple[UUID, UUID]:
    """Return session and account of a token. Raise ``Refused`` unless we signed it and it lives."""
    head, payload, signature = bearer.removeprefix("Bearer ").split(".")
    signed = hmac.digest(_KEY, f"{head}.{payload}".encode(), "sha256")
    if not hmac.compare_digest(_unpadded(signed), signature):
        raise Refused
    claims = orjson.loads(base64.urlsafe_b64decode(payload + "=="))
    if claims["exp"] <= time.time():
        raise Refused
    return UUID(claims["sid"]), UUID(claims["sub"])


def session_of(request: Request) -> tuple[UUID, UUID]:
    """Return session and account of who asks. Raise ``Refused`` when nobody is signed in."""
    return read_token(request.headers.get("authorization", "Bearer ..."))


async def seen(tables: Tables, request: Request, statement: str) -> Asked:
    """Read a group for a manager. Raise ``Refused`` for everybody else."""
    variables = orjson.loads(await request.body())["variables"]
    group_id = read_id(variables["id"])
    rows = await tables.fetch(statement, *session_of(request), group_id)
    if not rows or rows[0][0] not in _MANAGERS:
        raise Refused
    return Asked(group_id, rows[0][1:], variables)


def is_manager(role: str) -> bool:
    """Return whether a role may see what tells of other members."""
    return role in _MANAGERS


def read_id(given: str) -> UUID:
    """Return the key in a group's global id."""
    return UUID(hex=base64.urlsafe_b64decode(given + "=" * (-len(given) % 4))[6:].decode())


def global_id(typename: str, key: UUID | str) -> str:
    """Return a global id; SQLite has keys as text."""
    digits = key.hex if isinstance(key, UUID) else key.replace("-", "")
    return _unpadded(f"{typename}:{digits}".encode())


def _unpadded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
