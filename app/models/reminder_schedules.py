"""When a group's members are reminded by themselves, and whom of them (R30)."""

from uuid import UUID

from tortoise import Model, fields

from app.domain.groups import NatValidity
from app.models.fields import enum_field
from app.models.groups import Group


class ReminderSchedule(Model):
    """A group's one schedule; ``ran_on`` is the last day that had its turn.

    Its id is the group's.
    """

    id = fields.UUIDField(primary_key=True)
    group_id: UUID
    group: fields.OneToOneRelation[Group] = fields.OneToOneField(
        "app.Group", related_name="reminder_schedule"
    )
    minute = fields.IntField()
    weekdays = fields.JSONField[list[str]]()
    anomalous = fields.BooleanField()
    no_negative_within = enum_field(NatValidity, 8)
    health_codes = fields.JSONField[list[str]]()
    ran_on = fields.DateField(null=True)

    class Meta:
        table = "reminder_schedule"
