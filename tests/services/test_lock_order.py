"""The order in which transactions take their locks, so that none waits for another in a ring."""

import asyncio

import asyncpg

from app.services.health.fetching import fetch_people
from tests.support.gates import provider_held
from tests.support.groups import a_group
from tests.support.in_process import env_of, served
from tests.support.newcomers import awaited, claims_of, newcomers
from tests.support.servers import PostgresServer
from tests.support.waiting import eventually

JUDGING = "SELECT count(*) FROM due_work WHERE kind = 'JUDGE_GROUP'"
WAITING = """SELECT count(*) FROM pg_stat_activity
    WHERE wait_event_type = 'Lock' AND datname = current_database()"""


async def test_the_end_of_a_run_takes_the_group_before_anything_else(
    postgres: PostgresServer, postgres_template: str
) -> None:
    url = postgres.create_database("run_end", postgres_template)
    async with served(database_url=url) as world:
        creator, group_id, _ = await a_group(world)
        holder = await asyncpg.connect(url)
        try:
            await eventually(lambda: holder.fetchval(JUDGING), lambda count: count == 0)
            async with holder.transaction():
                with provider_held(world) as provider:
                    await creator.change("refreshGroup", "run { id }", groupId=group_id)
                    await provider.query_came()
                    await holder.execute("SELECT 1 FROM groups FOR NO KEY UPDATE")
                await eventually(lambda: holder.fetchval(WAITING), lambda count: count > 0)
                for table in ("refresh_run", "health_record", "due_work"):
                    await holder.execute(f"SELECT 1 FROM {table} FOR UPDATE NOWAIT")
        finally:
            await holder.close()


async def test_nobody_waits_for_who_is_held_by_others_because_they_joined_together(  # R14
    postgres: PostgresServer, postgres_template: str
) -> None:
    url = postgres.create_database("together", postgres_template)
    async with served(database_url=url) as world:
        people = await newcomers(world, 3)
        holder = await asyncpg.connect(url)
        try:
            async with holder.transaction():
                held = "SELECT 1 FROM membership WHERE person_id = $1 FOR UPDATE"
                await holder.execute(held, people[0])
                fetching = asyncio.create_task(fetch_people(env_of(world), claims_of(people)))
                await eventually(lambda: awaited(people), lambda left: left == {people[0]})
            await fetching
        finally:
            await holder.close()
        assert not await awaited(people)
