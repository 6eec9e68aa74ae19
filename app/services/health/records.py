"""Health records: fetched from the provider, stored for the person (R14, R18)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app.domain.belief import one_record
from app.domain.health import ProviderRecord, doses_of, summarise_tests
from app.domain.identity import Document
from app.models.due import Claim, finish, schedule_judging
from app.models.health import (
    HealthRecord,
    dump_test,
    dump_vaccination,
    erase_unneeded_records,
    replace_records,
)
from app.models.members import Membership
from app.models.people import Person
from app.ports.bus import DUE
from app.ports.http import GatewayError
from app.services.kernel.env import Env
from app.services.kernel.unit import Unit, unit_of_work

# News that come in a burst, as of a storm of joins, are judged once.
JUDGING_DELAY: Final = timedelta(milliseconds=300)


async def fetch_person(env: Env, claim: Claim) -> None:
    """Fetch one person's data, as after a join (R14); harmless twice.

    When the provider stays away for ten minutes, the person is judged without.
    """
    person = await Person.get_or_none(id=claim.subject_id)
    if person is None:
        await finish(claim)
        return
    document = Document(person.id_type, person.id_number)
    requested_at = env.clock.now()
    records: Mapping[Document, Sequence[ProviderRecord]] = {}
    try:
        records = (await env.health.query([document])).records
    except GatewayError:
        if await _is_awaited(person.id, requested_at):
            raise  # it is tried again
    async with unit_of_work(env) as unit:
        await finish(claim)
        # Ahead of the record: whoever is being removed takes them in this order, too (R34).
        await _end_awaiting(person.id)
        if document in records:
            await store_records(unit, {person.id: records[document]}, requested_at)
            await erase_unneeded_records([person.id])
        await spread_news(unit, of_person=person.id)


async def _is_awaited(person_id: UUID, now: datetime) -> bool:
    return await Membership.filter(person_id=person_id, awaited_until__gt=now).exists()


async def _end_awaiting(person_id: UUID) -> None:
    """Note that the first fetch ended: the person is judged from now on (R14)."""
    awaiting = Membership.filter(person_id=person_id, awaited_until__not_isnull=True)
    await awaiting.update(awaited_until=None)


async def store_records(
    unit: Unit, records: Mapping[UUID, Sequence[ProviderRecord]], requested_at: datetime
) -> None:
    """Replace what is stored of these people, in one statement (R18).

    Of one person an answer may hold several records, of which one is made (R20).
    The caller then erases the records of who left meanwhile: ``erase_unneeded_records`` (R34).
    """
    if records:
        await replace_records(
            [
                _row(unit, person_id, one_record(answered, requested_at), requested_at)
                for person_id, answered in records.items()
            ]
        )


async def spread_news(
    unit: Unit, *, of_person: UUID | None = None, of_group: UUID | None = None
) -> None:
    """Have every group judged that these people are in (R20)."""
    unit.announce(DUE)
    await schedule_judging(unit.now + JUDGING_DELAY, of_person=of_person, of_group=of_group)


def _row(
    unit: Unit, person_id: UUID, record: ProviderRecord, requested_at: datetime
) -> HealthRecord:
    tests = summarise_tests(record.tests, requested_at)
    return HealthRecord(
        id=unit.new_id(),
        person_id=person_id,
        health_code=record.health_code,
        health_code_at=record.health_code_at,
        newest_result=tests.newest_result,
        newest_result_at=tests.newest_result_at,
        newest_negative_at=tests.newest_negative_at,
        doses=doses_of(record.vaccinations),
        tests=[dump_test(test) for test in record.tests],
        vaccinations=[dump_vaccination(dose) for dose in record.vaccinations],
        as_of=requested_at,
    )
