"""Alerts as each manager wants them: whether, and when what can wait comes (R28)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from tortoise.expressions import Q

from app.domain.alerts import NewAnomaly, alert_of, alerted_before, held_back
from app.domain.anomalies import AnomalyReason
from app.domain.daily import EVERY_DAY, DailyTime
from app.domain.refresh import OPEN_STATES
from app.domain.roles import Right
from app.domain.sections import is_in_charge
from app.domain.sms import SmsTemplate
from app.models.anomalies import Anomaly
from app.models.due import Claim, WorkKind, finish, repeat
from app.models.groups import Group
from app.models.guardians import rights_in
from app.models.members import Membership
from app.models.reading import Statement, read
from app.models.refresh import RefreshRun
from app.ports.bus import group_channel
from app.services.kernel.env import Env, Viewer
from app.services.kernel.member_work import member_work
from app.services.kernel.rights import require
from app.services.kernel.unit import Unit, unit_of_work
from app.services.sms.notices import Notice, tell_phones
from app.services.sms.recipients import Manager, manager_of

_WAITING: Final = Statement(
    lambda group_id: Anomaly.filter(group_id=group_id, alert_at__not_isnull=True)
)
_COLUMNS: Final = {
    "version": "alert_version",
    "reasons": "reasons",
    "section_id": "member__section_id",
    "alert_at": "alert_at",
}
_A_MOMENT: Final = timedelta(minutes=1)  # until it is asked again whether a run has ended


async def set_alerts(
    env: Env, viewer: Viewer, group_id: UUID, *, enabled: bool, minute: int | None
) -> None:
    """Switch a manager's own alerts of a group on or off (R28).

    ``minute``: of the day, at which those come that can wait; None is at once, and what was held
    back until then comes now.
    """
    async with unit_of_work(env, group_id) as unit:
        await require(viewer, group_id, Right.SWITCH_ALERTS)
        unit.announce(group_channel(group_id))  # their other devices show it, nobody else
        unit.changes(group_id)
        own = await Membership.get(group_id=group_id, person_id=viewer.person_id)
        await unit.forget(WorkKind.ALERT_AT_TIME, own.id)
        changes: dict[str, object] = {"alerts": enabled, "alert_minute": None}
        if enabled and minute is not None:
            changes["alert_minute"] = minute
            if own.alert_minute is None:
                changes["alerted_version"] = alerted_before(await new_anomalies(group_id, 0))
            at = DailyTime(minute, EVERY_DAY, unit.timezone).next_after(unit.now)
            unit.schedule(WorkKind.ALERT_AT_TIME, own.id, at=at)
        elif enabled and own.alert_minute is not None:
            # What waits for the group's alert comes with that.
            await _tell_held_back(env, unit, group_id, own, waiting=False)
        await Membership.filter(id=own.id).update(**changes)


async def alert_at_time(env: Env, claim: Claim) -> None:
    """Alert a manager at their time of what was held back, and ask for the next; harmless twice.

    A run that is under way is waited for: what it finds goes along. Who is no manager any more is
    alerted of nothing, and asked no more.
    """
    async with member_work(env, claim) as work:
        if work is None:
            return
        unit, group, own = work
        if own.alert_minute is None:
            await finish(claim)
        elif not await may_be_alerted(group, own):
            await Membership.filter(id=own.id).update(alert_minute=None)
            unit.changes(group.id)
            await finish(claim)
        elif await is_refreshing(group.id):
            await repeat(claim, unit.now + _A_MOMENT)
        else:
            times = DailyTime(own.alert_minute, EVERY_DAY, unit.timezone)
            if await repeat(claim, times.next_after(unit.now)):  # unless another time was chosen
                await _tell_held_back(env, unit, group.id, own, waiting=True)


async def may_be_alerted(group: Group, own: Membership) -> bool:
    """Return whether a member is told of a group as its manager, as of now (R28)."""
    return (await rights_in(group.id, own.person_id)).allows(Right.SWITCH_ALERTS)


async def is_refreshing(group_id: UUID) -> bool:
    """Return whether a run of a group is under way: one fetch gives one SMS."""
    return await RefreshRun.filter(group_id=group_id, status__in=OPEN_STATES).exists()


async def new_anomalies(group_id: UUID, since: int | None) -> list[NewAnomaly]:
    """Return the open anomalies that wait for the group's alert, or were alerted.

    Of the latter, those that were new by a version after ``since``; None: none of them.
    """
    if since is None:
        rows = await _WAITING.read(_COLUMNS, group_id)
    else:
        wanted = Q(alert_at__not_isnull=True) | Q(alert_version__gt=since)
        rows = await read(Anomaly.filter(wanted, group_id=group_id), _COLUMNS)
    return [
        NewAnomaly(
            version=row["version"] or 0,
            reasons=[AnomalyReason(one) for one in row["reasons"]],
            section_id=row["section_id"],
            waits=row["alert_at"] is not None,
        )
        for row in rows
    ]


def in_charge_of(manager: Manager, anomalies: Sequence[NewAnomaly]) -> list[NewAnomaly]:
    """Return those anomalies that a manager may hear of (R51)."""
    return [one for one in anomalies if is_in_charge(manager.charge, one.section_id)]


async def _tell_held_back(
    env: Env, unit: Unit, group_id: UUID, own: Membership, *, waiting: bool
) -> None:
    manager = await manager_of(own)
    new = in_charge_of(manager, await new_anomalies(group_id, manager.alerted or 0))
    held = [one for one in held_back(new, manager.alerted) if waiting or not one.waits]
    await tell_each(env, unit, group_id, [(manager, held)])


async def tell_each(
    env: Env, unit: Unit, group_id: UUID, told: Sequence[tuple[Manager, Sequence[NewAnomaly]]]
) -> bool:
    """Alert managers, each of these anomalies; return whether anybody was.

    Numbers, no names; whose numbers are the same, alike.
    """
    phones: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for manager, anomalies in told:
        if not anomalies:
            continue
        numbers = numbers_of(anomalies)
        phones[numbers["count"], numbers["red"]] += manager.phones
        if manager.alert_minute is not None:
            newest = max(manager.alerted or 0, *(one.version for one in anomalies))
            await Membership.filter(id=manager.member_id).update(alerted_version=newest)
    for (count, red), reached in phones.items():
        params = {"count": count, "red": red}
        notice = Notice(group_id, SmsTemplate.ANOMALY_ALERT, params=params)
        await tell_phones(env, unit, notice, reached)
    return bool(phones)


def numbers_of(anomalies: Sequence[NewAnomaly]) -> dict[str, str]:
    """Return what an alert says of anomalies."""
    alert = alert_of([one.reasons for one in anomalies])
    return {"count": str(alert.count), "red": str(alert.red)}
