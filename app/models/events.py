"""The group's event log: gap-free numbers, ids only."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from tortoise import Model, fields

from app.domain.events import EventType, Fact
from app.models.fields import enum_field
from app.models.groups import advance_version


class GroupEvent(Model):
    """One fact of a group, numbered by the group's own sequence."""

    id = fields.UUIDField(primary_key=True)
    group: Any = fields.ForeignKeyField("app.Group", related_name="events")
    seq = fields.BigIntField()
    type = enum_field(EventType, 32)
    actor_id = fields.UUIDField(null=True)
    subject_id = fields.UUIDField(null=True)
    details: Any = fields.JSONField(default=dict)
    at = fields.DatetimeField()

    class Meta:
        table = "group_event"
        unique_together = (("group", "seq"),)
        indexes = (("at",),)


async def append_events(
    group_id: UUID, facts: Sequence[Fact], now: datetime, changes: Mapping[str, Any]
) -> int:
    """Write facts in order, and what they change of the group's own row; answers its version."""
    last = await advance_version(group_id, len(facts), changes)
    first = last - len(facts) + 1
    await GroupEvent.bulk_create(
        GroupEvent(
            id=uuid4(),
            group_id=group_id,
            seq=first + offset,
            type=fact.type,
            actor_id=fact.actor_id,
            subject_id=fact.subject_id,
            details=fact.details,
            at=now,
        )
        for offset, fact in enumerate(facts)
    )
    return last
