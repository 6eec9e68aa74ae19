"""Alerts about new anomalies (R28)."""

import strawberry

from app.resolvers.context import Info
from app.resolvers.ids import decode_id
from app.schema.once import once
from app.schema.operations.reading import Input, group_now
from app.schema.payloads import AnomalyAlertsPayload
from app.services.health import alerts


@strawberry.input(description="Whether the viewer gets alerts of a group.")
class SetAnomalyAlertsInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")
    enabled: bool = strawberry.field(description="Whether SMS about new anomalies are wanted.")


async def set_anomaly_alerts(
    info: Info, input: Input[SetAnomalyAlertsInput]
) -> AnomalyAlertsPayload:
    """Switch one's own alerts (R28)."""
    group_id = decode_id(input.group_id, "Group")
    viewer = await info.context.viewer()
    await once(info, alerts.set_alerts, viewer, group_id, enabled=input.enabled)
    return AnomalyAlertsPayload(enabled=input.enabled, group=await group_now(info, group_id))
