"""Anomalies: the members who don't meet the requirement now (R20, R23)."""

from uuid import UUID

from tortoise import Model, fields

from app.models.groups import Group
from app.models.members import Membership


class Anomaly(Model):
    """A member's open anomaly; closing it deletes the row, the event log keeps the fact."""

    id = fields.UUIDField(primary_key=True)
    group_id: UUID
    group: fields.ForeignKeyRelation[Group] = fields.ForeignKeyField(
        "app.Group", related_name="anomalies"
    )
    member_id: UUID
    member: fields.OneToOneRelation[Membership] = fields.OneToOneField(
        "app.Membership", related_name="anomaly"
    )
    reasons = fields.JSONField[list[str]]()
    reason_mask = fields.IntField(default=0)
    opened_at = fields.DatetimeField()
    next_change_at = fields.DatetimeField(null=True)
    alert_at = fields.DatetimeField(null=True)  # None: alerted already, or not to be (R28)

    class Meta:
        table = "anomaly"
        indexes = (("group_id", "opened_at", "id"),)
