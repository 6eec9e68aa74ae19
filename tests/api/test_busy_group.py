"""A storm on one group leaves the server to the others."""

import asyncio
from typing import Any

import asyncpg
import pytest

from tests.support.in_process import served
from tests.support.servers import PostgresServer
from tests.support.waiting import eventually
from tests.support.world import World

PAGE = "query($id: ID!) { group(id: $id) { name members(first: 10) { nodes { remark } } } }"
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
STORM = 20
POOL = 3


@pytest.fixture
def small_pool(postgres: PostgresServer, postgres_template: str) -> str:
    return postgres.create_database("storm", postgres_template)


async def test_joins_that_wait_for_one_group_leave_connections_to_others(small_pool: str) -> None:
    async with served(database_url=small_pool, database_pool_size=POOL) as world:
        busy, busy_id, joinings = await prepare(world)
        other_id = await busy.create_group(name="别的团体")
        holder = await asyncpg.connect(small_pool)
        try:
            async with holder.transaction():
                await holder.execute("SELECT 1 FROM groups WHERE name = '忙碌的团体' FOR UPDATE")
                joins = [asyncio.create_task(person.join(token)) for person, token in joinings]
                await eventually(lambda: holder.fetchval(WAITING), lambda count: count > 0)
                for _ in range(2 * POOL):
                    answer = await busy.ask(PAGE, id=other_id)
                    assert answer["group"]["name"] == "别的团体"
                assert not any(join.done() for join in joins)
            members = await asyncio.gather(*joins)
        finally:
            await holder.close()
        assert len(set(members)) == STORM
        count = await busy.ask("query($id: ID!) { group(id: $id) { memberCount } }", id=busy_id)
        assert count["group"]["memberCount"] == STORM + 1


async def prepare(world: World) -> tuple[Any, str, list[tuple[Any, str]]]:
    creator = await world.real_person()
    group_id = await creator.create_group(name="忙碌的团体")
    token = await creator.invite(group_id)
    people = await asyncio.gather(*(world.someone() for _ in range(STORM)))
    return creator, group_id, [(person, token) for person in people]
