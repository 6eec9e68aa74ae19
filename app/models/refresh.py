"""Refresh runs, each a row with its progress (R25, R26)."""

from datetime import datetime
from uuid import UUID

from tortoise import Model, fields

from app.domain.refresh import RefreshStatus
from app.models.fields import enum_field
from app.models.groups import Group


class RefreshRun(Model):
    """One refresh of a group: ``done`` of ``total`` people queried so far."""

    id = fields.UUIDField(primary_key=True)
    group_id: UUID
    group: fields.ForeignKeyRelation[Group] = fields.ForeignKeyField(
        "app.Group", related_name="refresh_runs"
    )
    status = enum_field(RefreshStatus, 12)
    done = fields.IntField(default=0)
    total = fields.IntField(default=0)
    # The ids of the members about whom the provider said nothing, and of those of whom it said
    # something that couldn't be read; None for nobody.
    missing = fields.JSONField[list[str]](default=list)
    partly_read: fields.Field[list[str] | None] = fields.JSONField(null=True)
    requested_by = fields.UUIDField(null=True)
    started_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "refresh_run"
        indexes = (("group_id", "started_at"), ("started_at",))


async def last_start(group_id: UUID) -> datetime | None:
    """Return when the group's newest run started, however it ended; None before the first."""
    runs = RefreshRun.filter(group_id=group_id).order_by("-started_at").limit(1)
    found = await runs.values_list("started_at")
    return found[0][0] if found else None
