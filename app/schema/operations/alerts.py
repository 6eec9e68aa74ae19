"""Alerts about new anomalies (R28)."""

import strawberry

from app.domain.daily import read_minute
from app.resolvers.context import Info
from app.resolvers.ids import decode_id
from app.schema.once import once
from app.schema.operations.reading import Input, group_now
from app.schema.payloads import AnomalyAlertsPayload
from app.services.health import own_alerts


@strawberry.input(description="Whether the viewer gets alerts of a group, and when.")
class SetAnomalyAlertsInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")
    enabled: bool = strawberry.field(description="Whether SMS about new anomalies are wanted.")
    at: str | None = strawberry.field(
        default=None,
        description="The time of the day at which those come that can wait, as 08:30, in the "
        "configured zone; null or left out: at once. Code red and a positive result come at once, "
        "and bring along what waits.",
    )


async def set_anomaly_alerts(
    info: Info, input: Input[SetAnomalyAlertsInput]
) -> AnomalyAlertsPayload:
    """Choose one's own alerts (R28)."""
    group_id = decode_id(input.group_id, "Group")
    minute = None if input.at is None else read_minute(input.at, "at")
    viewer = await info.context.viewer()
    await once(info, own_alerts.set_alerts, viewer, group_id, enabled=input.enabled, minute=minute)
    return AnomalyAlertsPayload(enabled=input.enabled, group=await group_now(info, group_id))
