"""Alerting managers of newly opened anomalies: one SMS each, numbers and no names (R28)."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app.domain.alerts import alert_of, alerted_with_group
from app.domain.events import Event, EventType
from app.models.anomalies import Waiting, note_alerted, read_waiting
from app.models.due import Claim, WorkKind
from app.models.groups import Group, lock_group
from app.services.health.judging import judge_in
from app.services.health.own_alerts import (
    in_charge_of,
    new_anomalies,
    numbers_of,
    tell_each,
)
from app.services.kernel.env import Env
from app.services.kernel.unit import Unit, unit_of_work
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
            waiting = await read_waiting(group_id, unit.now + _VERY_MOMENT)
            if waiting.is_judged:
                # What lapses at this very moment is gathered with the rest, whichever came first.
                await judge_in(unit, group_id, gathers=True, locked=group)
                waiting = await read_waiting(group_id, unit.now)
            later = await _alert_of(env, unit, group_id, waiting)
        # This forgets what the judgement above scheduled, too. No other alert is lost by it:
        # whoever schedules one holds the group's row.
        await unit.forget(WorkKind.ALERT_MANAGERS, group_id)
        if later is not None:
            unit.schedule(WorkKind.ALERT_MANAGERS, group_id, at=later)


async def _alert_of(env: Env, unit: Unit, group_id: UUID, waiting: Waiting) -> datetime | None:
    """Send one alert of all that waits; if it is too early, return the moment to come back."""
    if waiting.first_at is None or waiting.is_refreshing:
        return None
    if waiting.first_at > unit.now:
        return waiting.first_at
    await _send(env, unit, group_id)
    await note_alerted(group_id)
    return None


async def _send(env: Env, unit: Unit, group_id: UUID) -> None:
    """Alert each manager of those in their charge (R51), if not at a time of their own."""
    managers = await managers_of(group_id, alerted=True)
    told_until = [one.alerted or 0 for one in managers if one.alert_minute is not None]
    new = await new_anomalies(group_id, min(told_until, default=None))
    told = [
        (
            one,
            alerted_with_group(
                in_charge_of(one, new), one.alerted, has_time=one.alert_minute is not None
            ),
        )
        for one in managers
    ]
    waiting = [one for one in new if one.waits]
    by_time = alert_of([one.reasons for one in waiting]).by_time
    changes = {"alerted_at": unit.now} if by_time else {}
    if await tell_each(env, unit, group_id, told):
        event = Event(EventType.ALERT_SENT, details=numbers_of(waiting))
        await unit.log(group_id, event, **changes)
    elif changes:
        await Group.filter(id=group_id).update(**changes)
