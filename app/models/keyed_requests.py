"""Requests that carry an idempotency key: what of each was done, and what was answered."""

from datetime import datetime
from uuid import UUID

from tortoise import Model, fields
from tortoise.fields import Field

from app.domain.roles import Role
from app.models.accounts import Session
from app.models.fields import encrypted_json, encrypted_text
from app.models.members import Membership


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


async def lock_request(
    request_id: UUID, session_id: UUID, fingerprint: str, now: datetime
) -> KeyedRequest:
    """Lock a request's row for the transaction, and return it; it is made if it wasn't there.

    Whoever makes the same row at once waits until the other's transaction has ended.
    """
    new = KeyedRequest(
        id=request_id, session_id=session_id, fingerprint=fingerprint, steps={}, created_at=now
    )
    await KeyedRequest.bulk_create([new], ignore_conflicts=True)
    return await KeyedRequest.select_for_update().get(id=request_id)


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
