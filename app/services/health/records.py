"""Health records: what the provider said of people, stored for them (R18)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app.domain.belief import BelievedRecord, believed, one_record
from app.domain.health import ProviderRecord
from app.models.due import Claim, WorkKind, finish, repeat, work_key
from app.models.health import (
    HealthRecord,
    dump_record,
    replace_records,
)
from app.models.health import read_record as read_stored
from app.models.news import schedule_judging_of_group, schedule_judging_of_people
from app.models.same_records import Before, confirm_records
from app.models.statements import dialect
from app.models.told_records import store_at_once
from app.ports.health import Told, read_told
from app.ports.records import read_record
from app.services.kernel.env import Env
from app.services.kernel.unit import Unit, unit_of_work

# News that come in a burst, as of a storm of joins, are judged once.
JUDGING_DELAY: Final = timedelta(milliseconds=200)
_LOOK_EVERY: Final = timedelta(days=1)


async def store_records(
    unit: Unit,
    told: Mapping[UUID, Told],
    requested_at: datetime,
    *,
    end_awaiting: bool = False,
) -> Collection[UUID]:
    """Replace what is stored of these people (R18); of whom the same is told as before, it stands.

    Return of whom a part couldn't be read. Of one person an answer may hold several records,
    of which one is made. What lies ahead counts when its time has come: ``count_record`` (R20).
    The caller then erases the records of who left meanwhile: ``erase_unneeded_records`` (R34).
    """
    if not told:
        return ()
    digests = {key: _digest(unit.content_hash, one) for key, one in told.items()}
    before = await confirm_records(digests, requested_at, end_awaiting=end_awaiting)
    unit.changes_health(*before.shown)
    read = read_told({key: told[key] for key in sorted(told.keys() - before.same)})
    found = _believed(unit, read, requested_at, before)
    partly = {key for key, records in read.items() if any(one.partly_read for one in records)}
    await replace_records(found, digests | dict.fromkeys(partly), requested_at, unit.new_id)
    for key, record in found.items():
        if (at := _look_again_at(unit, record)) is not None:
            unit.schedule(WorkKind.COUNT_RECORD, key, at=at)
    return partly


async def store_answer(
    env: Env,
    told: Mapping[UUID, Told],
    known: Mapping[UUID, str],
    requested_at: datetime,
) -> Mapping[UUID, Told]:
    """Store what an answer says of these people as far as one statement can; return the rest.

    ``known`` are the digests on record when they were last read. The rest is for ``store_records``:
    what could only partly be read, what lies ahead or lay so (R20), and whose record is another by
    now.
    """
    if dialect() != "postgres" or not told:
        return told
    digests = {key: _digest(env.cipher.content_hash, one) for key, one in told.items()}
    same = {key: one for key, one in digests.items() if one is not None and one == known.get(key)}
    new: dict[UUID, BelievedRecord] = {}
    for key in told.keys() - same.keys():
        records = [read_record(entry) for entry in told[key].entries]
        if not any(one.partly_read for one in records):
            record = believed(one_record(records, requested_at), requested_at, {}, env.timezone)
            if not record.lies_ahead:
                new[key] = record
    stored = await store_at_once(same, new, digests, requested_at, env.ids.new)
    return {key: one for key, one in told.items() if key not in stored}


def _believed(
    unit: Unit,
    read: Mapping[UUID, Sequence[ProviderRecord]],
    requested_at: datetime,
    before: Before,
) -> dict[UUID, BelievedRecord]:
    """Return what of an answer counts, and what of it waits for its time (R20)."""
    return {
        key: believed(
            one_record(records, requested_at),
            requested_at,
            before.first_fetches.get(key, {}),
            unit.timezone,
        )
        for key, records in read.items()
    }


def _digest(content_hash: Callable[[bytes], str], told: Told) -> str | None:
    content = told.content
    return None if content is None else content_hash(content)


async def count_record(env: Env, claim: Claim) -> None:
    """Count what of a person's record waited for a time that has come (R20); harmless twice.

    The groups of the person are judged again by it (R22).
    """
    async with unit_of_work(env) as unit:
        # Ahead of the work's own row: who stores a record takes them in this order, too.
        row = await HealthRecord.select_for_update().get_or_none(person_id=claim.subject_id)
        if row is None:
            await finish(claim)
            return
        before = read_stored(row)
        record = before.at(unit.now, unit.timezone)
        if record != before:
            await HealthRecord.filter(id=row.id).update(**dump_record(record))
            unit.changes_health(claim.subject_id)
            await spread_news_of_person(unit, claim.subject_id)
        at = _look_again_at(unit, record)
        await (finish(claim) if at is None else repeat(claim, at))


def _look_again_at(unit: Unit, record: BelievedRecord) -> datetime | None:
    """Return when something of a record comes to count, but a day from now at the latest.

    So the work of a record that is erased meanwhile ends soon, too.
    """
    at = record.next_change_at(unit.timezone)
    return None if at is None else min(at, unit.now + _LOOK_EVERY)


async def spread_news_of_person(unit: Unit, person_id: UUID) -> None:
    """Have every group judged that a person is in (R20)."""
    unit.announce_due(judged_at := unit.now + JUDGING_DELAY)
    await schedule_judging_of_people(judged_at, [person_id])


async def spread_news_of_group(
    unit: Unit, group_id: UUID, since: datetime, *, judged: bool = False
) -> None:
    """Have every group judged in which there is news of a group's people since then (R20).

    ``judged``: the group itself is judged at once, and nobody is to look for that.
    """
    judged_at = unit.now + JUDGING_DELAY
    keys = await schedule_judging_of_group(judged_at, group_id, since)
    if keys - {work_key(WorkKind.JUDGE_GROUP, group_id) if judged else ""}:
        unit.announce_due(judged_at)
