"""Anomalies: the members who don't meet the requirement now (R20, R23)."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from tortoise import Model, fields

from app.domain.judging import OpenAnomaly
from app.models.due import WorkKind, work_key
from app.models.groups import Group
from app.models.inserting import insert_rows
from app.models.members import Membership
from app.models.refresh import STILL_OPEN
from app.models.statements import fetch, fetch_as, one_of


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
    alert_version = fields.BigIntField(null=True)  # of the group, by which it was to be alerted

    class Meta:
        table = "anomaly"
        indexes = (("group_id", "opened_at", "id"),)


_JUDGED: Final = ("reasons", "reason_mask", "next_change_at", "alert_at")
# What waits to be alerted is new since then, however it changes; what turns is new once more.
_NEW_SINCE: Final = """alert_version = CASE
    WHEN anomaly.alert_at IS NULL AND excluded.alert_at IS NOT NULL THEN excluded.alert_version
    ELSE anomaly.alert_version END"""
_CHANGED: Final = ", ".join([*(f"{column} = excluded.{column}" for column in _JUDGED), _NEW_SINCE])


async def put_anomalies(
    group_id: UUID,
    anomalies: Mapping[UUID, OpenAnomaly],
    now: datetime,
    new_id: Callable[[], UUID],
    version: int,
) -> None:
    """Write the anomalies of these members: those that open now, and those that stand changed.

    ``version``: of the group, by which they are.
    """
    rows = [
        {
            "id": new_id(),
            "group_id": group_id,
            "member_id": member_id,
            "opened_at": now,
            "reasons": anomaly.reasons,
            "reason_mask": anomaly.reason_mask,
            "next_change_at": anomaly.next_change_at,
            "alert_at": anomaly.alert_at,
            "alert_version": version if anomaly.alert_at else None,
        }
        for member_id, anomaly in anomalies.items()
    ]
    await insert_rows(Anomaly, rows, f"ON CONFLICT (member_id) DO UPDATE SET {_CHANGED}")


async def close_anomalies(member_ids: Collection[UUID]) -> None:
    """Delete the anomalies of these members, which are over."""
    if member_ids:
        theirs, given = one_of("member_id", member_ids)
        await fetch(f"DELETE FROM anomaly WHERE {theirs}", *given)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a group's alert waits for.

    ``first_at``: when the first of its anomalies is to be alerted, None where none is.
    ``is_judged``, ``is_refreshing``: whether a judgement is due or a run is under way, which come
    first.
    """

    first_at: datetime | None
    is_judged: bool
    is_refreshing: bool


_WAITING: Final = f"""
    SELECT (
        SELECT MIN(alert_at) FROM anomaly WHERE group_id = $1 AND alert_at IS NOT NULL
    ) AS first_at, EXISTS (
        SELECT 1 FROM due_work WHERE key = $2 AND (due_at <= $3 OR attempts > 0)
    ) AS is_judged, EXISTS (
        SELECT 1 FROM refresh_run WHERE group_id = $1 AND {STILL_OPEN}
    ) AS is_refreshing
"""


async def read_waiting(group_id: UUID, judged_until: datetime) -> Waiting:
    """Return what a group's alert waits for; a judgement that is due by then comes first."""
    key = work_key(WorkKind.JUDGE_GROUP, group_id)
    [found] = await fetch_as(Waiting, _WAITING, group_id, key, judged_until)
    return found


async def note_alerted(group_id: UUID) -> None:
    """Note that managers were alerted of all that waited for it."""
    await fetch(
        "UPDATE anomaly SET alert_at = NULL WHERE group_id = $1 AND alert_at IS NOT NULL", group_id
    )
