"""Anomalies: the members who don't meet the requirement now (R20, R23)."""

from typing import Any

from tortoise import Model, fields


class Anomaly(Model):
    """A member's open anomaly; closing it deletes the row, the event log keeps the fact."""

    id = fields.UUIDField(primary_key=True)
    group: Any = fields.ForeignKeyField("app.Group", related_name="anomalies")
    member: Any = fields.OneToOneField("app.Membership", related_name="anomaly")
    reasons: Any = fields.JSONField()
    reason_mask = fields.IntField(default=0)
    opened_at = fields.DatetimeField()
    next_change_at = fields.DatetimeField(null=True)
    alert_at = fields.DatetimeField(null=True)  # None: alerted already, or not to be (R28)

    class Meta:
        table = "anomaly"
        indexes = (("group_id", "opened_at", "id"),)
