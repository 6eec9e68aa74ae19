"""Leave requests and former members (R32-R34)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import Model, fields

from app.domain.health import HealthCode
from app.domain.members import DepartureCause
from app.models.fields import EncryptedJson, EncryptedText, enum_field


class LeaveRequest(Model):
    """A member's wish to leave while it waits; taking it back or leaving deletes the row."""

    id = fields.UUIDField(primary_key=True)
    group: Any = fields.ForeignKeyField("app.Group", related_name="leave_requests")
    member: Any = fields.OneToOneField("app.Membership", related_name="leave_request")
    requested_by = fields.UUIDField()
    reason = EncryptedText()
    requested_at = fields.DatetimeField()
    due_at = fields.DatetimeField()

    class Meta:
        table = "leave_request"
        indexes = (("group_id", "requested_at", "id"),)


class FormerMember(Model):
    """Someone who is out, as they were at that moment; under the membership's own id."""

    id = fields.UUIDField(primary_key=True)
    group_id: UUID
    group: Any = fields.ForeignKeyField("app.Group", related_name="former_members")
    person_id: UUID
    person: Any = fields.ForeignKeyField("app.Person", related_name="former_memberships")
    name = EncryptedText()
    remark = EncryptedText()
    cause = enum_field(DepartureCause, 16)
    reason = EncryptedText(null=True)
    health_code = enum_field(HealthCode, 8)
    latest_test = EncryptedJson(null=True)
    doses = fields.IntField()
    as_of = fields.DatetimeField(null=True)
    joined_at = fields.DatetimeField()
    reminded_at = fields.DatetimeField(null=True)
    left_at = fields.DatetimeField()

    class Meta:
        table = "former_member"
        indexes = (("group_id", "left_at", "id"), ("person_id",))


async def last_reminder(group_id: UUID, person_id: UUID) -> datetime | None:
    """When someone who comes back to a group was last reminded in it (R31)."""
    former = FormerMember.filter(group_id=group_id, person_id=person_id)
    found = await former.order_by("-left_at").limit(1).values_list("reminded_at")
    reminded_at: datetime | None = found[0][0] if found else None
    return reminded_at
