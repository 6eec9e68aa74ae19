"""The locks by which writers exclude each other, also those of different processes (R1-R3)."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
from tortoise.transactions import in_transaction

from app.domain.identity import IdType
from app.models.database import migrate
from app.models.groups import Group, lock_group
from app.models.people import Person as PersonRow
from app.ports.cipher import Cipher
from app.resolvers.ids import decode_id
from app.services.families import lock_family
from tests.conftest import SECRET, served
from tests.crowds import a_group
from tests.people import World, eventually
from tests.servers import PostgresServer

WRITERS = 8
JUDGING = "SELECT count(*) FROM due_work WHERE kind = 'JUDGE_GROUP' AND attempts = 0"
WAITING = """SELECT count(*) FROM pg_stat_activity
    WHERE wait_event_type = 'Lock' AND datname = current_database()"""


async def counted(write: Callable[[], Awaitable[None]]) -> None:
    """Let several add one to what they read, each in a transaction of its own."""

    async def in_a_transaction() -> None:
        async with in_transaction():
            await write()

    await asyncio.gather(*(in_a_transaction() for _ in range(WRITERS)))


async def test_a_groups_row_is_held_by_one_transaction_at_a_time(world: World) -> None:  # R2
    creator = await world.real_person()
    group_id = decode_id(await creator.create_group(), "Group")

    async def join() -> None:
        row = await lock_group(group_id, "member_count")
        assert row is not None
        await Group.filter(id=group_id).update(member_count=row["member_count"] + 1)

    await counted(join)
    assert (await Group.get(id=group_id)).member_count == 1 + WRITERS


async def test_a_family_is_held_by_one_transaction_at_a_time(world: World) -> None:  # R12
    guardian = await world.real_person()
    own = Cipher(SECRET).lookup("identity", f"{IdType.RESIDENT_ID}:{guardian.id_number}")
    person_id = (await PersonRow.get(identity_hash=own)).id

    async def add() -> None:
        await lock_family(person_id)
        row = await PersonRow.get(id=person_id)
        await PersonRow.filter(id=person_id).update(owned_groups=row.owned_groups + 1)

    await counted(add)
    assert (await PersonRow.get(id=person_id)).owned_groups == WRITERS


async def test_the_end_of_a_run_takes_the_group_before_anything_else(
    postgres: PostgresServer,
) -> None:
    url = postgres.create_database("run_end")
    await migrate(url)
    async with served(database_url=url) as world:
        creator, group_id, _ = await a_group(world)
        holder = await asyncpg.connect(url)
        try:
            await eventually(lambda: holder.fetchval(JUDGING), lambda count: count == 0)
            async with holder.transaction():
                await world.faults(health={"delay_ms": 500, "times": 1})
                await creator.change("refreshGroup", "run { id }", groupId=group_id)
                await holder.execute("SELECT 1 FROM groups FOR NO KEY UPDATE")
                await eventually(lambda: holder.fetchval(WAITING), lambda count: count > 0)
                for table in ("refresh_run", "health_record", "due_work"):
                    await holder.execute(f"SELECT 1 FROM {table} FOR UPDATE NOWAIT")
        finally:
            await holder.close()
