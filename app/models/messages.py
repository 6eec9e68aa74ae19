"""The outbox of SMS: a row in the transaction that causes it, sent after (R39)."""

from typing import Any

from tortoise import Model, fields

from app.domain.messages import SmsState
from app.models.fields import EncryptedJson, EncryptedText, enum_field


class Sms(Model):
    """One SMS; its id is the idempotency key. The content goes once it is sent or given up."""

    id = fields.UUIDField(primary_key=True)
    template = fields.CharField(32)
    group: Any = fields.ForeignKeyField("app.Group", related_name="messages", null=True)
    caused_by = fields.UUIDField(null=True)  # the person whose doing it was
    phone = EncryptedText()
    params = EncryptedJson(null=True)
    language = fields.CharField(2)
    state = enum_field(SmsState, 8, default=SmsState.QUEUED)
    attempts = fields.IntField(default=0)
    created_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "sms"
        indexes = (("group_id", "created_at", "id"), ("created_at",))
