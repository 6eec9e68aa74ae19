"""Alerting managers of newly opened anomalies: one SMS each, numbers and no names (R28)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app.domain.alerts import Alert, alert_of
from app.domain.anomalies import AnomalyReason
from app.domain.events import Event, EventType
from app.domain.refresh import OPEN_STATES
from app.domain.roles import Right
from app.domain.sections import Charge, is_in_charge
from app.domain.sms import SmsTemplate
from app.models.anomalies import Anomaly
from app.models.due import Claim, WorkKind, is_awaited
from app.models.groups import lock_group
from app.models.members import Membership
from app.models.refresh import RefreshRun
from app.ports.bus import group_channel
from app.services.health.judging import judge_in
from app.services.kernel.env import Env, Viewer
from app.services.kernel.rights import require
from app.services.kernel.unit import Unit, unit_of_work
from app.services.sms.notices import Notice, tell_phones
from app.services.sms.recipients import managers_of

_VERY_MOMENT: Final = timedelta(seconds=10)  # longer than news wait to be judged


async def alert_managers(env: Env, claim: Claim) -> None:
    """Alert a group's managers of what waits to be alerted; harmless twice (R28).

    While a run is under way the alert waits for its end, so that one fetch gives one SMS: the
    judgement that ends the run asks again.
    """
    group_id = claim.subject_id
    async with unit_of_work(env, group_id) as unit:
        later = None
        group = await lock_group(group_id)
        if group is not None:
            # What lapses at this very moment is gathered with the rest, whichever came first.
            if await is_awaited(WorkKind.JUDGE_GROUP, group_id, unit.now + _VERY_MOMENT):
                await judge_in(unit, group_id, gathers=True, locked=group)
            later = await _alert_of_waiting(env, unit, group_id)
        # This forgets what the judgement above scheduled, too. No other alert is lost by it:
        # whoever schedules one holds the group's row.
        await unit.forget(WorkKind.ALERT_MANAGERS, group_id)
        if later is not None:
            unit.schedule(WorkKind.ALERT_MANAGERS, group_id, at=later)


async def _alert_of_waiting(env: Env, unit: Unit, group_id: UUID) -> datetime | None:
    """Send one alert of all that waits; if it is too early, return the moment to come back."""
    waiting = Anomaly.filter(group_id=group_id, alert_at__not_isnull=True)
    anomalies = await waiting.select_related("member").only(
        "id", "reasons", "alert_at", "member__id", "member__section_id"
    )
    first_at = min((one.alert_at for one in anomalies if one.alert_at), default=None)
    if first_at is None or await _run_is_open(group_id):
        return None
    if first_at > unit.now:
        return first_at
    await _send(env, unit, group_id, anomalies)
    await Anomaly.filter(id__in=[one.id for one in anomalies]).update(alert_at=None)
    return None


async def _run_is_open(group_id: UUID) -> bool:
    return await RefreshRun.filter(group_id=group_id, status__in=OPEN_STATES).exists()


async def _send(env: Env, unit: Unit, group_id: UUID, anomalies: Sequence[Anomaly]) -> None:
    """Alert each manager of those in their charge (R51); all whose charge is the same, alike."""
    phones: defaultdict[Charge, list[str]] = defaultdict(list)
    for manager in await managers_of(group_id, alerted=True):
        phones[manager.charge] += manager.phones
    for charge, reached in phones.items():
        found = [one for one in anomalies if is_in_charge(charge, one.member.section_id)]
        if found:
            params = _numbers(_alert(found))
            notice = Notice(group_id, SmsTemplate.ANOMALY_ALERT, params=params)
            await tell_phones(env, unit, notice, reached)
    alert = _alert(anomalies)
    changes = {"alerted_at": unit.now} if alert.by_time else {}
    await unit.log(group_id, Event(EventType.ALERT_SENT, details=_numbers(alert)), **changes)


def _alert(anomalies: Sequence[Anomaly]) -> Alert:
    return alert_of([[AnomalyReason(reason) for reason in one.reasons] for one in anomalies])


def _numbers(alert: Alert) -> dict[str, str]:
    return {"count": str(alert.count), "red": str(alert.red)}


async def set_alerts(env: Env, viewer: Viewer, group_id: UUID, *, enabled: bool) -> None:
    """Switch a manager's own alerts of a group on or off (R28)."""
    async with unit_of_work(env, group_id) as unit:
        await require(viewer, group_id, Right.SWITCH_ALERTS)
        unit.announce(group_channel(group_id))  # their other devices show it, nobody else
        own = Membership.filter(group_id=group_id, person_id=viewer.person_id)
        await own.update(alerts=enabled)
        unit.changes(group_id)
