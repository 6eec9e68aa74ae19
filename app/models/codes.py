"""SMS verification codes (R40)."""

from tortoise import Model, fields

from app.domain.codes import CodePurpose
from app.models.fields import enum_field


class VerificationCode(Model):
    """One code sent to one phone for one purpose, known by its keyed hash.

    Its id is the keyed hash of the challenge that its request answered.
    """

    id = fields.UUIDField(primary_key=True)
    phone_hash = fields.CharField(64)
    purpose = enum_field(CodePurpose, 20)
    code_hash = fields.CharField(64)
    tries = fields.IntField(default=0)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "verification_code"
        indexes = (("phone_hash", "purpose", "created_at"), ("created_at",))
