"""The outbox of SMS: a row in the transaction that causes it, sent after (R39)."""

from enum import StrEnum

from tortoise import Model, fields

from app.models.fields import EncryptedJson, EncryptedText, enum_field


class SmsState(StrEnum):
    """Where an SMS stands."""

    QUEUED = "QUEUED"
    SENT = "SENT"
    FAILED = "FAILED"


class Sms(Model):
    """One SMS; its id is the idempotency key. The content goes once it is sent or given up."""

    id = fields.UUIDField(primary_key=True)
    template = fields.CharField(32)
    phone = EncryptedText()
    params = EncryptedJson(null=True)
    language = fields.CharField(2)
    state = enum_field(SmsState, 8, default=SmsState.QUEUED)
    attempts = fields.IntField(default=0)
    created_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "sms"
