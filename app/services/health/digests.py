"""The daily digest: one SMS a day to a manager who wants it, numbers and no names (R28)."""

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from app.domain.anomalies import AnomalyReason
from app.domain.daily import EVERY_DAY, DailyTime
from app.domain.roles import Right
from app.domain.sms import SmsTemplate
from app.models.anomalies import Anomaly
from app.models.due import Claim, WorkKind, finish, repeat
from app.models.groups import Group
from app.models.members import Membership
from app.models.rosters import RosterEntry
from app.services.health.own_alerts import may_be_alerted
from app.services.kernel.env import Env, Viewer
from app.services.kernel.member_work import member_work
from app.services.kernel.rights import require
from app.services.kernel.unit import Unit, unit_of_work
from app.services.sms.notices import Notice, tell_phones
from app.services.sms.recipients import manager_of

_NO_DIGEST: Final = {"digest_minute": None, "digest_on": None}


async def set_daily_digest(env: Env, viewer: Viewer, group_id: UUID, minute: int | None) -> None:
    """Have a manager sent a digest of a group each day at this minute, or none any more (R28)."""
    async with unit_of_work(env, group_id) as unit:
        await require(viewer, group_id, Right.SWITCH_ALERTS)
        own = await Membership.get(group_id=group_id, person_id=viewer.person_id)
        unit.changes(group_id)
        await unit.forget(WorkKind.SEND_DIGEST, own.id)
        if minute is None:
            await Membership.filter(id=own.id).update(**_NO_DIGEST)
            return
        times = DailyTime(minute, EVERY_DAY, unit.timezone)
        settled_on = times.settled_on(unit.now, own.digest_on)
        await Membership.filter(id=own.id).update(digest_minute=minute, digest_on=settled_on)
        unit.schedule(WorkKind.SEND_DIGEST, own.id, at=times.next_after(unit.now))


async def send_digest(env: Env, claim: Claim) -> None:
    """Send a manager's digest at its time, once a day, and ask for the next; harmless twice.

    Who may not see the group's numbers any more gets none, and is asked no more.
    """
    async with member_work(env, claim) as work:
        if work is None:
            return
        unit, group, own = work
        if own.digest_minute is None:
            await finish(claim)
            return
        if not await may_be_alerted(group, own):
            await Membership.filter(id=own.id).update(**_NO_DIGEST)
            unit.changes(group.id)
            await finish(claim)
            return
        times = DailyTime(own.digest_minute, EVERY_DAY, unit.timezone)
        day = times.turn_of(unit.now, own.digest_on)
        if day is not None:
            await Membership.filter(id=own.id).update(digest_on=day)
            unit.changes(group.id)
            await _send(env, unit, group, own)
        await repeat(claim, times.next_after(unit.now))


async def _send(env: Env, unit: Unit, group: Group, own: Membership) -> None:
    manager = await manager_of(own)
    params = await (
        _of_group(group) if manager.charge is None else _of_sections(group, manager.charge)
    )
    notice = Notice(group.id, SmsTemplate.DAILY_DIGEST, params=params)
    await tell_phones(env, unit, notice, manager.phones)


async def _of_group(group: Group) -> Mapping[str, str]:
    return _numbers(
        await Anomaly.filter(group_id=group.id).count(),
        group.reason_counts.get(AnomalyReason.CODE_RED, 0),
        group.not_joined_count,
    )


async def _of_sections(group: Group, sections: Collection[UUID]) -> Mapping[str, str]:
    """Return the numbers of those who are in these sections, or are to be (R51)."""
    theirs = list(sections)
    found = Anomaly.filter(group_id=group.id, member__section_id__in=theirs)
    reasons = await found.values_list("reasons", flat=True)
    missing = RosterEntry.filter(group_id=group.id, member_id=None, of_section_id__in=theirs)
    red = sum(AnomalyReason.CODE_RED in one for one in reasons)
    return _numbers(len(reasons), red, await missing.count())


def _numbers(count: int, red: int, missing: int) -> Mapping[str, str]:
    return {"count": str(count), "red": str(red), "missing": str(missing)}
