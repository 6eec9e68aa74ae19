"""Anomalies: the members who don't meet the requirement now (R20, R23)."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from tortoise import Model, fields

from app.domain.judging import OpenAnomaly
from app.models.groups import Group
from app.models.inserting import insert_rows
from app.models.members import Membership
from app.models.statements import fetch, one_of


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
