"""The group's event log: gap-free numbers, ids only."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from tortoise import Model, fields

from app.domain.events import Event, EventType
from app.models.fields import enum_field
from app.models.groups import Group, advance_version
from app.models.inserting import insert_rows


class GroupEvent(Model):
    """One event of a group, numbered by the group's own sequence."""

    id = fields.UUIDField(primary_key=True)
    group_id: UUID
    group: fields.ForeignKeyRelation[Group] = fields.ForeignKeyField(
        "app.Group", related_name="events"
    )
    seq = fields.BigIntField()
    type = enum_field(EventType, 32)
    actor_id = fields.UUIDField(null=True)
    subject_id = fields.UUIDField(null=True)
    details = fields.JSONField[dict[str, str]](default=dict)
    at = fields.DatetimeField()

    class Meta:
        table = "group_event"
        unique_together = (("group", "seq"),)
        indexes = (("at",),)


async def append_events(
    group_id: UUID,
    events: Sequence[Event],
    now: datetime,
    changes: Mapping[str, object],
    new_id: Callable[[], UUID],
) -> int:
    """Write events in order, and what they change of the group's own row; return its version."""
    last = await advance_version(group_id, len(events), changes)
    first = last - len(events) + 1
    rows = [
        {
            "id": new_id(),
            "group_id": group_id,
            "seq": first + offset,
            "type": event.type,
            "actor_id": event.actor_id,
            "subject_id": event.subject_id,
            "details": event.details,
            "at": now,
        }
        for offset, event in enumerate(events)
    ]
    await insert_rows(GroupEvent, rows)
    return last


_ANOMALIES: Final = (
    EventType.ANOMALY_OPENED,
    EventType.ANOMALY_CHANGED,
    EventType.ANOMALY_CLOSED,
)


async def forget_anomalies_of(group_id: UUID, member_ids: Collection[UUID]) -> None:
    """Forget whose the anomalies of these members were; their numbers stay (R42)."""
    events = GroupEvent.filter(group_id=group_id, subject_id__in=list(member_ids))
    await events.filter(type__in=_ANOMALIES).update(subject_id=None)
