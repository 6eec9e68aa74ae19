"""Relatives: the family list of a guardian (R12)."""

from uuid import UUID

from tortoise import Model, fields

from app.domain.family import Relation
from app.domain.identity import IdType
from app.models.due import Claim
from app.models.fields import encrypted_text, enum_field
from app.models.people import Person
from app.models.statements import fetch


class Relative(Model):
    """One relative of one guardian; a person of their own only once enrolled somewhere."""

    id = fields.UUIDField(primary_key=True)
    guardian_id: UUID
    guardian: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "app.Person", related_name="relatives"
    )
    identity_hash = fields.CharField(64)
    id_type = enum_field(IdType, 24)
    id_number = encrypted_text()
    name = encrypted_text()
    relation = enum_field(Relation, 16)
    student = fields.BooleanField()
    registered = fields.BooleanField()  # came from the registry, and goes with it
    verified_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "relative"
        unique_together = (("guardian", "identity_hash"),)
        indexes = (("guardian_id", "created_at", "id"), ("identity_hash",))


async def finish_without_relatives(claim: Claim) -> bool:
    """Forget claimed work about somebody who has no relatives of the registry's; False if not."""
    done = await fetch(
        "DELETE FROM due_work WHERE key = $1 AND stamp = $2 AND NOT EXISTS"
        " (SELECT 1 FROM relative WHERE guardian_id = $3 AND registered) RETURNING key",
        claim.key,
        claim.stamp,
        claim.subject_id,
    )
    return bool(done)
