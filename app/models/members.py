"""Memberships: who is in which group, with what role and remark."""

from typing import Any

from tortoise import Model, fields

from app.domain.roles import Role
from app.models.fields import EncryptedText, enum_field


class Membership(Model):
    """One person in one group. Leaving it deletes the row.

    ``awaited_until`` is set until the person's first data came (R14).
    """

    id = fields.UUIDField(primary_key=True)
    group: Any = fields.ForeignKeyField("app.Group", related_name="members")
    person: Any = fields.ForeignKeyField("app.Person", related_name="memberships")
    role = enum_field(Role, 8)
    remark = EncryptedText()
    phone = EncryptedText()
    joined_at = fields.DatetimeField()
    awaited_until = fields.DatetimeField(null=True)

    class Meta:
        table = "membership"
        unique_together = (("group", "person"),)
        indexes = (("person_id",), ("group_id", "joined_at", "id"))
