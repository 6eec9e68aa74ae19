"""The group's event log: gap-free numbers, ids only."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import orjson
from tortoise import Model, fields

from app.domain.events import Event, EventType
from app.models.fields import enum_field
from app.models.groups import Group, advance_version, stored_columns
from app.models.inserting import NewRows, insert_rows, part_of
from app.models.statements import dialect, fetch_value


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
    along: Sequence[NewRows] = (),
) -> int:
    """Write events in order, and what they change of the group's own row; return its version.

    ``along`` with them go rows of other tables. Raise ``LookupError`` when the group is gone.
    """
    if dialect() == "postgres":
        return await _append_at_once(group_id, events, now, changes, new_id, along)
    for new in along:
        await insert_rows(new.table, new.rows, new.on_conflict)
    last = await advance_version(group_id, len(events), changes)
    numbered = enumerate(events, start=last - len(events) + 1)
    rows = [{"id": new_id(), **_columns(group_id, seq, one, now)} for seq, one in numbered]
    await insert_rows(GroupEvent, rows)
    return last


def _columns(group_id: UUID, seq: int, event: Event, now: datetime) -> dict[str, object]:
    return {
        "group_id": group_id,
        "seq": seq,
        "type": event.type,
        "actor_id": event.actor_id,
        "subject_id": event.subject_id,
        "details": event.details,
        "at": now,
    }


# The group's row numbers the events that are written with it.
_APPEND: Final = """
    WITH numbered AS (
        UPDATE groups SET version = version + $2{sets} WHERE id = $1 RETURNING version
    ), written AS (
        INSERT INTO group_event (id, group_id, seq, type, actor_id, subject_id, details, at)
        SELECT event.id, $1, version - $2 + place, type, actor_id, subject_id, details, $8
        FROM numbered, unnest($3::uuid[], $4::text[], $5::uuid[], $6::uuid[], $7::jsonb[])
            WITH ORDINALITY AS event(id, type, actor_id, subject_id, details, place)
    ){along}
    SELECT version FROM numbered
"""


async def _append_at_once(
    group_id: UUID,
    events: Sequence[Event],
    now: datetime,
    changes: Mapping[str, object],
    new_id: Callable[[], UUID],
    along: Sequence[NewRows],
) -> int:
    """Do the same by one statement."""
    sets = "".join(f", {name} = ${place}" for place, name in enumerate(changes, start=9))
    others, values = "", stored_columns(changes)
    for number, new in enumerate(along):
        part, given = part_of(new, start=9 + len(values))
        others, values = f"{others}, along_{number} AS ({part})", [*values, *given]
    version = await fetch_value(
        int,
        _APPEND.format(sets=sets, along=others),
        group_id,
        len(events),
        [new_id() for _ in events],
        [event.type.value for event in events],
        [event.actor_id for event in events],
        [event.subject_id for event in events],
        [orjson.dumps(dict(event.details)).decode() for event in events],
        now,
        *values,
    )
    if version is None:
        raise LookupError("the group of these events is gone")
    return version


_ANOMALIES: Final = (
    EventType.ANOMALY_OPENED,
    EventType.ANOMALY_CHANGED,
    EventType.ANOMALY_CLOSED,
)


async def forget_anomalies_of(group_id: UUID, member_ids: Collection[UUID]) -> None:
    """Forget whose the anomalies of these members were; their numbers stay (R42)."""
    events = GroupEvent.filter(group_id=group_id, subject_id__in=list(member_ids))
    await events.filter(type__in=_ANOMALIES).update(subject_id=None)
