"""Who looked at whose details: a row a viewer, group and day, never one a member and poll."""

from datetime import date, datetime
from uuid import UUID

from tortoise import Model, fields

from app.domain.accesses import AccessKind
from app.models.fields import enum_field
from app.models.groups import Group
from app.models.people import Person
from app.models.statements import fetch


class AccessDay(Model):
    """One manager's access to one group's members on one day of the configured zone."""

    id = fields.UUIDField(primary_key=True)
    group_id: UUID
    group: fields.ForeignKeyRelation[Group] = fields.ForeignKeyField(
        "app.Group", related_name="accesses"
    )
    viewer_id: UUID
    viewer: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "app.Person", related_name="accesses_made"
    )
    day = fields.DateField()
    kind = enum_field(AccessKind, 8)
    first_at = fields.DatetimeField()
    last_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "access_day"
        unique_together = (("group", "viewer", "day", "kind"),)


async def note_access(
    access_id: UUID, group_id: UUID, viewer_id: UUID, day: date, kind: AccessKind, at: datetime
) -> None:
    """Write that a viewer read the details of a group's members; one row a day and kind."""
    await fetch(
        "INSERT INTO access_day (id, group_id, viewer_id, day, kind, first_at, last_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $6)"
        " ON CONFLICT (group_id, viewer_id, day, kind) DO UPDATE SET last_at = excluded.last_at",
        access_id,
        group_id,
        viewer_id,
        day,
        kind,
        at,
    )
