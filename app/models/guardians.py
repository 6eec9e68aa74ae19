"""Guardianships: who enrolled a member, sees them and answers for them (R12, R31, R35)."""

from typing import Any

from tortoise import Model, fields

from app.models.fields import EncryptedText


class Guardianship(Model):
    """One guardian's hold on one membership; ``phone`` is the one proved on enrolling."""

    id = fields.UUIDField(primary_key=True)
    member: Any = fields.ForeignKeyField("app.Membership", related_name="guardianships")
    guardian: Any = fields.ForeignKeyField("app.Person", related_name="guardianships")
    phone = EncryptedText()
    created_at = fields.DatetimeField()

    class Meta:
        table = "guardianship"
        unique_together = (("member", "guardian"),)
        indexes = (("guardian_id",),)
