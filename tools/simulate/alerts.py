"""The rules of alerts, naively: who hears of which anomaly, and when (R28)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from tools.simulate.state import FOREVER, ZONE, Anomaly, Group, Member

_GRAVE = {"CODE_RED", "TEST_POSITIVE"}


class Telling(Protocol):
    """The model, as far as it tells of SMS."""

    now: datetime

    def tell(self, template: str, phones: Iterable[str]) -> None:
        """An SMS to each of these phones."""


def alert(model: Telling, group: Group) -> None:
    """Tell the managers of what waits, if any of it is due; then who has a time of their own."""
    waiting = [one for one in _open(group) if one.alert_at]
    if any(one.alert_at and one.alert_at <= model.now for one in waiting):
        _tell(model, {one.id: _with_group(one, group) for one in _alerted(group)}, group)
        if all(one.reasons == ["TEST_EXPIRED"] for one in waiting):
            group.by_time_alert = model.now
        for one in waiting:
            one.alert_at = None
    for manager in _alerted(group):
        if manager.alert_next <= model.now:
            manager.alert_next += timedelta(days=1)
            _tell(model, {manager.id: _unheard(manager, group)}, group)


def choose(model: Telling, group: Group, manager: Member, *, on: bool, at: str | None) -> None:
    """A manager wants alerts or none, at once or at a time of the day such as 08:30."""
    had_time, manager.alerts = manager.alert_time is not None, on
    if on and at is None and had_time:
        held = [one for one in _unheard(manager, group) if not one.alert_at]
        _tell(model, {manager.id: held}, group)
    if on and at is not None and not had_time:
        for one in _open(group):
            if not one.alert_at:
                one.heard.add(manager.id)
    manager.alert_time = at if on else None
    manager.alert_next = _next(model.now, at) if on and at is not None else FOREVER


def _next(now: datetime, at: str) -> datetime:
    hour, minute = map(int, at.split(":"))
    local = now.astimezone(ZONE).replace(hour=hour, minute=minute, second=0, microsecond=0)
    return local if local > now else local + timedelta(days=1)


def _open(group: Group) -> list[Anomaly]:
    """The anomalies of which anybody is to hear, or was."""
    return [one.anomaly for one in group.members.values() if one.anomaly and one.anomaly.is_told]


def _alerted(group: Group) -> list[Member]:
    return [one for one in group.managers() if one.alerts]


def _unheard(manager: Member, group: Group) -> list[Anomaly]:
    return [one for one in _open(group) if manager.id not in one.heard]


def _with_group(manager: Member, group: Group) -> list[Anomaly]:
    """What a manager hears of when the group's alert goes."""
    waiting = [one for one in _open(group) if one.alert_at]
    grave = [one for one in waiting if _GRAVE & set(one.reasons)]
    unheard = _unheard(manager, group)
    if manager.alert_time is None:
        return [one for one in waiting if one in grave or one in unheard]
    return [one for one in _open(group) if one in grave or one in unheard] if grave else []


def _tell(model: Telling, told: dict[str, list[Anomaly]], group: Group) -> None:
    """One SMS each; those at one phone who hear the same numbers get one."""
    phones: defaultdict[tuple[int, int], set[str]] = defaultdict(set)
    for manager_id, anomalies in told.items():
        if anomalies:
            red = sum("CODE_RED" in one.reasons for one in anomalies)
            phones[len(anomalies), red].add(group.members[manager_id].phone)
        for one in anomalies:
            one.heard.add(manager_id)
    for reached in phones.values():
        model.tell("anomaly_alert", reached)
