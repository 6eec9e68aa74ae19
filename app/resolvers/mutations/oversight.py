"""Alerts, reminders and exports (R28-R31, R37)."""

from typing import Any

from app.resolvers.context import Info
from app.resolvers.ids import decode_id
from app.resolvers.mutations.reading import Answer
from app.resolvers.oversight import read_condition
from app.resolvers.rows import Row
from app.services.health import alerts, exports, reminders


async def set_anomaly_alerts(info: Info, input: Any) -> Answer:
    """Switch one's own alerts (R28)."""
    group_id = decode_id(input.group_id, "Group")
    viewer = await info.context.viewer()
    await alerts.set_alerts(info.context.env, viewer, group_id, enabled=input.enabled)
    return {"enabled": input.enabled}


async def send_health_reminders(info: Info, input: Any) -> Answer:
    """Remind members by SMS (R29-R31)."""
    group_id = decode_id(input.group_id, "Group")
    condition = read_condition(input.condition)
    viewer = await info.context.viewer()
    done = await reminders.send_reminders(info.context.env, viewer, group_id, condition)
    return {
        "sent": done.sent,
        "skipped": sum(done.skipped.values()),
        "skipped_because": [
            Row("SkippedReminders", reason=reason, count=count)
            for reason, count in done.skipped.items()
        ],
    }


async def export_report(info: Info, input: Any) -> Answer:
    """Make the link to a day's report (R37)."""
    group_id = decode_id(input.group_id, "Group")
    link = await exports.export_report(
        info.context.env, await info.context.viewer(), group_id, input.date, input.format
    )
    return {"url": link.url, "expires_at": link.expires_at}


async def export_my_data(info: Info) -> Answer:
    """Make the link to one's own data."""
    link = exports.export_own_data(info.context.env, await info.context.viewer())
    return {"url": link.url, "expires_at": link.expires_at}
