"""Erasure: what is kept no longer than it may be (R8, R34)."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from app.domain.limits import (
    ACCOUNT_KEPT,
    DEVICE_KEPT,
    FORMER_KEPT,
    IDEMPOTENCY_KEPT,
    LOG_KEPT,
    REFRESH_TOKEN_LIFE,
)
from app.domain.reports import first_day_counted, first_day_kept
from app.models.consents import Consent
from app.models.data_versions import DataVersion
from app.models.day_counts import put_reports_away
from app.models.due import Claim, finish, repeat
from app.models.erasure import erase_batch
from app.models.groups import Group, lock_group
from app.models.health import erase_unneeded_records
from app.models.leaves import FormerMember
from app.models.members import Membership
from app.models.people import erase_unneeded_people
from app.services.groups.closing import close_unused
from app.services.kernel.env import Env
from app.services.kernel.unit import unit_of_work

EVERYTHING_OLD: Final = UUID(int=0)  # the one subject of ERASE_OLD
_EVERY: Final = timedelta(hours=1)
_A_DAY: Final = timedelta(days=1)

# What grows with every use: table, its column of time, and how long a row is kept.
KEPT: Final = (
    ("group_event", "at", LOG_KEPT),
    ("sms", "created_at", FORMER_KEPT),
    ("access_day", "last_at", LOG_KEPT),
    ("refresh_run", "started_at", LOG_KEPT),
    ("invitation", "expires_at", LOG_KEPT),
    ("organisation_code", "expires_at", _A_DAY),
    ("overseer", "asked_until", _A_DAY),
    ("verification", "created_at", _A_DAY),
    ("verification_code", "created_at", _A_DAY),
    ("quota", "last_at", 2 * _A_DAY),
    ("keyed_request", "created_at", IDEMPOTENCY_KEPT),
    ("device", "last_used_at", DEVICE_KEPT),
    ("refresh_token", "expires_at", _A_DAY),
    ("session", "created_at", REFRESH_TOKEN_LIFE),
)


async def erase_former(env: Env, claim: Claim) -> None:
    """Erase a former member 30 days after they left, and what only they needed (R34)."""
    former = await FormerMember.get_or_none(id=claim.subject_id)
    if former is None:
        await finish(claim)
        return
    async with unit_of_work(env, former.group_id) as unit:
        unit.changes(former.group_id)
        await lock_group(former.group_id)  # nobody joins meanwhile
        await former.delete()
        people = {former.person_id}
        if not await _is_known(former.group_id, former.person_id):
            consents = Consent.filter(group_id=former.group_id, person_id=former.person_id)
            people.update(consent.given_by_id for consent in await consents)
            await consents.delete()
        await _erase_people(people)
        await finish(claim)


async def _is_known(group_id: UUID, person_id: UUID) -> bool:
    """Return whether a person is, or was until lately, in a group."""
    for table in (Membership, FormerMember):
        if await table.filter(group_id=group_id, person_id=person_id).exists():
            return True
    return False


async def erase_group(env: Env, claim: Claim) -> None:
    """Erase a group 30 days after it was dissolved, and who was only in it (R8)."""
    group = await Group.get_or_none(id=claim.subject_id)
    if group is None or group.dissolved_at is None:
        await finish(claim)
        return
    async with unit_of_work(env, group.id):
        people = {group.creator_id}
        people.update(one.person_id for one in await Membership.filter(group_id=group.id))
        people.update(one.person_id for one in await FormerMember.filter(group_id=group.id))
        people.update(one.given_by_id for one in await Consent.filter(group_id=group.id))
        # What belongs to the group goes with its row, by the foreign keys' cascades.
        await Group.filter(id=group.id).delete()
        await DataVersion.filter(group_id=group.id).delete()
        await _erase_people(people)
        await finish(claim)


async def _erase_people(people: Collection[UUID]) -> None:
    """Erase what nothing needs any more of these people: records first, then themselves.

    In the order of their ids: whoever erases the same people at once waits, and locks nobody out.
    """
    await erase_unneeded_records(sorted(people))
    await erase_unneeded_people(sorted(people))


async def erase_old(env: Env, claim: Claim) -> None:
    """Erase what is older than it is kept, a batch a transaction; again in an hour (R34)."""
    now = env.clock.now()
    for table, column, kept in KEPT:
        await _erase_all(env, table, column, now - kept)
    today = env.day_of(now)
    await _put_reports_away(env, first_day_kept(today) - _A_DAY)
    await _erase_all(env, "shown_day", "day", first_day_kept(today) - _A_DAY)
    for table in ("day_count", "organisation_day"):
        await _erase_all(env, table, "day", first_day_counted(today) - _A_DAY)  # R49
    while await close_unused(env, now - ACCOUNT_KEPT):
        pass
    await repeat(claim, now + _EVERY)


async def _put_reports_away(env: Env, until: date) -> None:
    """Erase reports of a day or earlier; their counts remain (R38, R49)."""
    more = True
    while more:
        async with unit_of_work(env) as unit:
            groups, more = await put_reports_away(until)
            unit.changes(*groups)


async def _erase_all(env: Env, table: str, column: str, before: date) -> None:
    more = True
    while more:
        async with unit_of_work(env) as unit:
            rows, more = await erase_batch(table, column, before)
            unit.changes(*{row.group_id for row in rows if row.group_id is not None})
