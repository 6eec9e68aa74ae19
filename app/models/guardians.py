"""Guardianships: who enrolled a member, sees them and answers for them (R12, R31, R35)."""

from typing import TYPE_CHECKING
from uuid import UUID

from tortoise import Model, fields

if TYPE_CHECKING:
    from app.models.members import Membership
from app.models.fields import encrypted_text
from app.models.people import Person


class Guardianship(Model):
    """One guardian's hold on one membership; ``phone`` is the one proved on enrolling."""

    id = fields.UUIDField(primary_key=True)
    member_id: UUID
    member: fields.ForeignKeyRelation["Membership"] = fields.ForeignKeyField(
        "app.Membership", related_name="guardianships"
    )
    guardian_id: UUID
    guardian: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "app.Person", related_name="guardianships"
    )
    phone = encrypted_text()
    created_at = fields.DatetimeField()

    class Meta:
        table = "guardianship"
        unique_together = (("member", "guardian"),)
        indexes = (("guardian_id",),)
