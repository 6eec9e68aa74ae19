"""Requests that carry an idempotency key: what of each was done, and what was answered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from tortoise import Model, fields
from tortoise.fields import Field

from app.domain.roles import Role
from app.models.accounts import Session
from app.models.fields import encrypted_json, encrypted_text
from app.models.inserting import insert_rows
from app.models.members import Membership
from app.models.reading import Statement
from app.models.statements import fetch


class KeyedRequest(Model):
    """One request of a session, found by its key; there is a row once something of it was done.

    ``steps``: what each of its mutations returned, by the name it is answered under. ``answer``:
    the data of the whole answer, None until it was sent, or when it was too large to be kept.
    ``fingerprint``: the hash of all that it asks, encrypted, or what it says could be guessed.
    """

    id = fields.UUIDField(primary_key=True)
    session_id: UUID
    session: fields.ForeignKeyRelation[Session] = fields.ForeignKeyField(
        "app.Session", related_name="keyed_requests", db_index=True
    )
    fingerprint = encrypted_text()
    steps: Field[dict[str, object]] = encrypted_json()
    answer: Field[dict[str, object] | None] = encrypted_json(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "keyed_request"
        indexes = (("created_at",),)


@dataclass(frozen=True, slots=True)
class KnownRequest:
    """What is on record of a request."""

    fingerprint: str
    steps: dict[str, object]
    answer: dict[str, object] | None
    created_at: datetime


_BY_ID: Final = Statement(lambda request_id: KeyedRequest.filter(id=request_id))
_KNOWN: Final = {name: name for name in ("fingerprint", "steps", "answer", "created_at")}


async def find_request(request_id: UUID) -> KnownRequest | None:
    """Return what is on record of a request; None where nothing is."""
    for values in await _BY_ID.read(_KNOWN, request_id):
        return KnownRequest(**values)
    return None


async def write_request(
    request_id: UUID, session_id: UUID, fingerprint: str, steps: dict[str, object], now: datetime
) -> bool:
    """Write what was first done of a request; False where something of it is on record.

    Whoever writes the same row at once waits until the other's transaction has ended.
    """
    row = {
        "id": request_id,
        "session_id": session_id,
        "fingerprint": fingerprint,
        "steps": steps,
        "created_at": now,
    }
    return bool(await insert_rows(KeyedRequest, [row], "ON CONFLICT (id) DO NOTHING RETURNING id"))


async def lock_request(request_id: UUID) -> KeyedRequest:
    """Lock a request's row for the transaction, and return it."""
    return await KeyedRequest.select_for_update().get(id=request_id)


async def write_answer(request_id: UUID, answer: dict[str, object]) -> None:
    """Keep what a request was answered."""
    field = KeyedRequest._meta.fields_map["answer"]
    stored = field.to_db_value(answer, KeyedRequest)
    await fetch("UPDATE keyed_request SET answer = $1 WHERE id = $2", stored, request_id)


async def forget_answers(group_id: UUID) -> None:
    """Forget what the managers of a group were answered: it may tell of somebody's health (R42).

    What they did stays known; sent again, it is answered anew.
    """
    managers = Membership.filter(group_id=group_id, role__in=(Role.CREATOR, Role.ADMIN))
    people = await managers.values_list("person_id", flat=True)
    answered = KeyedRequest.filter(session__account__person_id__in=people, answer__not_isnull=True)
    ids = sorted(await answered.values_list("id", flat=True))
    # Locked in one order: two groups may have a manager in common.
    rows = KeyedRequest.filter(id__in=ids)
    await rows.order_by("id").select_for_update().only("id")
    await rows.update(answer=None)
