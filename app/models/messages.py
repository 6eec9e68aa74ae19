"""The outbox of SMS: a row in the transaction that causes it, sent after (R39)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from tortoise import Model, fields

from app.domain.sms import SmsState, SmsTemplate
from app.models.fields import encrypted_json, encrypted_text, enum_field
from app.models.groups import Group
from app.models.reading import read_own
from app.models.statements import dialect, one_of


class Sms(Model):
    """One SMS; its id is the idempotency key.

    The content goes once it is sent or refused; that of dead work stays, to be tried again (R34).
    """

    id = fields.UUIDField(primary_key=True)
    template = enum_field(SmsTemplate, 32)
    group_id: UUID | None
    group: fields.ForeignKeyNullableRelation[Group] = fields.ForeignKeyField(
        "app.Group", related_name="messages", null=True
    )
    caused_by = fields.UUIDField(null=True)  # the person whose doing it was
    phone = encrypted_text()
    phone_hash = fields.CharField(64, null=True)  # whose phone it is looks it up (R43)
    params: fields.Field[dict[str, str] | None] = encrypted_json(null=True)
    language = fields.CharField(2)
    state = enum_field(SmsState, 8, default=SmsState.QUEUED)
    attempts = fields.IntField(default=0)
    created_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "sms"
        indexes = (("group_id", "created_at", "id"), ("created_at",), ("phone_hash",))


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What of an SMS is to be known to send it."""

    id: UUID
    template: SmsTemplate
    group_id: UUID | None
    phone: str
    params: Mapping[str, str] | None
    language: str
    created_at: datetime


_COLUMNS: Final = {name: name for name in Outgoing.__annotations__}
_READ: Final = f"""
    SELECT {", ".join(Outgoing.__annotations__)} FROM sms WHERE {{among}} AND state = 'QUEUED'
"""
# Locked in the order of their keys, so that no two of these wait in a ring.
_QUEUED: Final = """
    WHERE id IN (SELECT id FROM sms WHERE {among} AND state = 'QUEUED' ORDER BY id {lock})
"""
_COUNT: Final = f"UPDATE sms SET attempts = attempts + 1 {_QUEUED} RETURNING group_id"
_END: Final = f"""
    UPDATE sms SET state = {{state}}, ended_at = {{now}}, params = NULL {_QUEUED} RETURNING group_id
"""
_GROUP: Final = {"group_id": "group_id"}


async def read_messages(ids: Collection[UUID]) -> list[Outgoing]:
    """Return those of some SMS that wait to be sent."""
    among, given = one_of("id", ids)
    table = await read_own(Sms, _COLUMNS, _READ.format(among=among), *given)
    return [Outgoing(**row) for row in table.values()]


async def count_attempts(ids: Collection[UUID]) -> Sequence[UUID | None]:
    """Count an attempt of those that wait to be sent; return the group of each, None for none."""
    among, given = one_of("id", ids)
    return await _groups_of(_COUNT.format(among=among, lock=_lock()), given)


async def end_messages(
    ids: Collection[UUID], state: SmsState, now: datetime
) -> Sequence[UUID | None]:
    """End those that wait to be sent, and forget what they said (R34); return as above."""
    among, given = one_of("id", ids)
    place = len(given) + 1
    statement = _END.format(among=among, lock=_lock(), state=f"${place}", now=f"${place + 1}")
    return await _groups_of(statement, [*given, state.value, now])


def _lock() -> str:
    return "FOR NO KEY UPDATE" if dialect() == "postgres" else ""


async def _groups_of(statement: str, given: Sequence[object]) -> Sequence[UUID | None]:
    table = await read_own(Sms, _GROUP, statement, *given)
    return [row["group_id"] for row in table.values()]
