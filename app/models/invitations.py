"""Invitations: links that let people join for 24 hours (R9, R10)."""

from uuid import UUID

from tortoise import Model, fields

from app.models.fields import encrypted_text
from app.models.groups import Group
from app.models.people import Person


class Invitation(Model):
    """One link, looked up by its token's hash; the token is kept for its managers to show."""

    id = fields.UUIDField(primary_key=True)
    group_id: UUID
    group: fields.ForeignKeyRelation[Group] = fields.ForeignKeyField(
        "app.Group", related_name="invitations"
    )
    created_by_id: UUID
    created_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "app.Person", related_name="invitations"
    )
    token_hash = fields.CharField(64, unique=True)
    token = encrypted_text()
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    withdrawn_at = fields.DatetimeField(null=True)
    # The sections to which the admin who made it was bound: it leads into these alone (R51).
    sections = fields.JSONField[list[str]](null=True)

    class Meta:
        table = "invitation"
        indexes = (("group_id", "created_at", "id"), ("created_by_id",), ("expires_at",))
