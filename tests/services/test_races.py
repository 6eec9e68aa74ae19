"""Two transactions that meet on PostgreSQL, held in the worst order by a lock of the test's."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from app.domain.health import HealthCode
from app.models.consents import Consent
from app.models.health import HealthRecord
from app.models.leaves import FormerMember
from app.models.members import Membership
from app.models.people import erase_unneeded_people
from app.ports.health import Told
from app.resolvers.ids import decode_id
from app.services.groups import erasure
from app.services.health.records import store_records
from app.services.kernel.turns import Turns
from app.services.kernel.unit import unit_of_work
from tests.support.families import (
    a_household,
    register,
    registry_entry,
    relatives_of,
    sync,
    verify_relative,
)
from tests.support.gates import provider_held
from tests.support.groups import a_group
from tests.support.in_process import env_of, served
from tests.support.members import member_id_of
from tests.support.person import Person
from tests.support.records import has_record, nat, row_of
from tests.support.servers import PostgresServer
from tests.support.waiting import eventually
from tests.support.world import World

MOMENT = timedelta(milliseconds=1)
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"
NEW_MEMBERSHIP = """INSERT INTO membership SELECT (jsonb_populate_record(m,
    jsonb_build_object('id', $1::text, 'person_id', $2::text))).* FROM membership m LIMIT 1"""


@pytest.fixture(scope="module")
def url(postgres: PostgresServer, postgres_template: str) -> str:
    return postgres.create_database("races", postgres_template)


@pytest.fixture(scope="module")
async def world(url: str) -> AsyncIterator[World]:
    """A server on PostgreSQL alone: SQLite has one writer at a time."""
    async with served(database_url=url) as world:
        yield world


@pytest.fixture
async def holder(url: str, world: World) -> AsyncIterator[asyncpg.Connection]:
    """A connection that holds rows, and sees who waits for them."""
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def queued(holder: Any, number: int) -> None:
    """Wait until so many wait for a lock."""
    await eventually(lambda: holder.fetchval(WAITING), lambda waiting: waiting >= number)


async def test_a_first_fetch_forgets_who_is_removed_meanwhile(world: World, holder: Any) -> None:
    creator, group_id, _ = await a_group(world, 0)  # R34
    member, token = await world.someone(), await creator.invite(group_id)
    async with holder.transaction():
        with provider_held(world) as provider:
            member_id = await member.join(token)
            await provider.query_came()
            key = decode_id(member_id, "Member")
            await holder.execute("SELECT 1 FROM membership WHERE id = $1 FOR UPDATE", key)
            removing = asyncio.create_task(creator.change("removeMember", "", memberId=member_id))
            await queued(holder, 1)
        await queued(holder, 2)  # the removal, and what the provider answered
    await removing
    await eventually(lambda: holder.fetchval(WAITING), lambda waiting: waiting == 0)
    await eventually(lambda: has_record(member), lambda kept: not kept)


async def test_a_run_stores_what_another_fetch_replaced_while_it_asked(world: World) -> None:
    creator, group_id, [member] = await a_group(world)  # R18
    row = await record_of(member)
    with provider_held(world) as provider:
        await creator.change("refreshGroup", "run { id }", groupId=group_id)
        await provider.query_came()
        async with unit_of_work(env_of(world)) as unit:
            red = Told([{"health_code": "RED"}])
            await store_records(unit, {row.person_id: red}, row.as_of + MOMENT)
        assert (await record_of(member)).health_code is HealthCode.RED
    stored = await fetched_after(member, row.as_of + MOMENT)
    assert (stored.health_code, stored.digest) == (row.health_code, row.digest)


async def test_a_run_dates_nothing_anew_that_another_fetch_found_while_it_asked(
    world: World,
) -> None:  # R20
    creator, group_id, [member] = await a_group(world)
    row = await record_of(member)
    with provider_held(world) as provider:
        await creator.change("refreshGroup", "run { id }", groupId=group_id)
        await provider.query_came()
        first = row.as_of + MOMENT
        said = {"health_code": "GREEN", "tests": [nat(first, hours=-0.1)]}
        async with unit_of_work(env_of(world)) as unit:
            await store_records(unit, {row.person_id: Told([said])}, first)
        await world.set_record(member.id_number, **said)
    stored = await fetched_after(member, row.as_of + MOMENT)
    assert stored.newest_negative_at == first


async def record_of(person: Person) -> HealthRecord:
    """What is on record of somebody."""
    row = await row_of(person)
    assert row is not None
    return await HealthRecord.get(person_id=row.id)


async def fetched_after(person: Person, moment: datetime) -> HealthRecord:
    """Wait until somebody's record is of a later answer; return it."""
    return await eventually(lambda: record_of(person), lambda row: row.as_of > moment)


async def test_a_relative_verified_during_a_sync_stays_verified(world: World, holder: Any) -> None:
    guardian, child = await world.real_person(), world.stranger()  # R12
    await register(guardian, registry_entry(child, verified=False, student=False))
    await sync(guardian)
    [relative] = await relatives_of(guardian)
    given = {"relativeId": relative["id"], "verificationId": await verify_relative(guardian, child)}
    async with holder.transaction():
        await holder.execute("SELECT 1 FROM relative FOR UPDATE")
        verifying = asyncio.create_task(guardian.change("verifyRelative", "", **given))
        await queued(holder, 1)
        syncing = asyncio.create_task(sync(guardian))
        await queued(holder, 2)
    await asyncio.gather(verifying, syncing)
    assert (await relatives_of(guardian))[0]["verified"] is True


async def test_who_joins_while_being_erased_stays(world: World, holder: Any) -> None:  # R34
    house = await a_household(world)
    await house.creator.change("removeMember", "", memberId=house.member_id)
    child = await row_of(house.child)
    assert child is not None
    await FormerMember.filter(person_id=child.id).delete()
    async with holder.transaction():
        await holder.execute(NEW_MEMBERSHIP, str(uuid4()), str(child.id))
        erasing = asyncio.create_task(erase_unneeded_people([child.id]))
        await queued(holder, 1)
    await erasing
    assert await Membership.filter(person_id=child.id).count() == 1


async def test_erasing_who_was_keeps_the_consent_of_who_is(  # R11, R34
    world: World, holder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    creator, group_id, [member] = await a_group(world)
    await creator.change("removeMember", "", memberId=await member_id_of(member, group_id))
    await world.advance(days=29, hours=23, minutes=50)
    await creator.sign_in_again()
    await member.sign_in_again()
    joining = await member.joining(await creator.invite(group_id))
    key = decode_id(group_id, "Group")
    joins: list[asyncio.Task[Any]] = []

    class Consents:
        """Has the member come back right before their old consents go."""

        @staticmethod
        def filter(**where: Any) -> Any:
            if where["group_id"] != key:
                return Consent.filter(**where)
            joins.append(asyncio.create_task(member.change("joinGroup", "", **joining)))
            return _Waiting(Consent.filter(**where))

    class _Waiting:
        def __init__(self, query: Any) -> None:
            self._query = query

        def __await__(self) -> Any:
            return self._query.__await__()

        async def delete(self) -> None:
            await queued(holder, 1)
            await self._query.delete()

    monkeypatch.setattr(erasure, "Consent", Consents)
    # As between two processes: they take turns by the group's row alone.
    monkeypatch.setattr(Turns, "of", lambda turns, group_id: asyncio.Lock())
    await world.advance(minutes=10)
    await eventually(lambda: asyncio.sleep(0, joins), bool)
    await joins[0]
    person = await row_of(member)
    assert person is not None
    ours = {"group_id": key, "person_id": person.id}
    assert await Membership.filter(**ours).count() == 1
    await eventually(FormerMember.filter(**ours).count, lambda left: left == 0)
    assert await Consent.filter(**ours).count() == 1
