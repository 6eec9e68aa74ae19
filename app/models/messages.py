"""The outbox of SMS: a row in the transaction that causes it, sent after (R39)."""

from uuid import UUID

from tortoise import Model, fields

from app.domain.sms import SmsState, SmsTemplate
from app.models.fields import encrypted_json, encrypted_text, enum_field
from app.models.groups import Group


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
