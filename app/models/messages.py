"""The outbox of SMS: a row in the transaction that causes it, sent after (R39)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from tortoise import Model, fields

from app.domain.sms import SmsState, SmsTemplate
from app.models.columns import layout_of
from app.models.fields import encrypted_json, encrypted_text, enum_field
from app.models.groups import Group
from app.models.reading import Table
from app.models.statements import dialect, one_of, records


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


_COLUMNS: Final = tuple((name, name) for name in Outgoing.__annotations__)
# Locked in the order of their keys, so that no two of these wait in a ring.
_BEGIN: Final = """
    UPDATE sms SET attempts = attempts + CASE WHEN template = {code} AND created_at <= {since}
                                              THEN 0 ELSE 1 END
    WHERE id IN (SELECT id FROM sms WHERE {among} AND state = 'QUEUED' ORDER BY id {lock})
    RETURNING {columns}
"""
_END: Final = """
    UPDATE sms SET state = {state}, ended_at = {now}, params = NULL
    WHERE id IN (SELECT id FROM sms WHERE {among} AND state = 'QUEUED' ORDER BY id {lock})
    RETURNING group_id
"""


async def begin_messages(ids: Collection[UUID], codes_since: datetime) -> dict[UUID, Outgoing]:
    """Return those of some SMS that wait to be sent, by their ids, and count an attempt of each.

    None is counted of a code that was made at ``codes_since`` or before: it isn't sent any more.
    """
    among, given = one_of("id", ids)
    place = len(given) + 1
    statement = _BEGIN.format(
        among=among,
        code=f"${place}",
        since=f"${place + 1}",
        lock="FOR NO KEY UPDATE" if dialect() == "postgres" else "",
        columns=", ".join(name for name, _ in _COLUMNS),
    )
    table = await _table(
        statement, [*given, SmsTemplate.VERIFICATION_CODE.value, codes_since], _COLUMNS
    )
    return {row["id"]: Outgoing(**row) for row in table.values()}


async def end_messages(
    ids: Collection[UUID], state: SmsState, now: datetime
) -> Sequence[UUID | None]:
    """End those of some SMS that wait to be sent, and forget what they said (R34).

    Return the group of each, None for an SMS of none.
    """
    among, given = one_of("id", ids)
    place = len(given) + 1
    statement = _END.format(
        among=among,
        state=f"${place}",
        now=f"${place + 1}",
        lock="FOR NO KEY UPDATE" if dialect() == "postgres" else "",
    )
    table = await _table(statement, [*given, state.value, now], (("group_id", "group_id"),))
    return [row["group_id"] for row in table.values()]


async def _table(
    statement: str, given: Sequence[object], columns: tuple[tuple[str, str], ...]
) -> Table:
    if dialect() == "sqlite":
        statement = statement.replace("$", "?")
    return Table(layout_of(Sms, columns, dialect()), await records(statement, given))
