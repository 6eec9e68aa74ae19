"""Answers from a streaming replica: never older than what the database says."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from typing import Final

import pytest
from prometheus_client import REGISTRY

from app import doctor
from tests.support.in_process import served
from tests.support.networks import Network
from tests.support.person import Person
from tests.support.servers import PostgresServer, ReplicaServer
from tests.support.waiting import eventually, settled
from tests.support.world import World

PAGE = (
    "query ($id: ID!) { group(id: $id) { name memberCount members { nodes { person { name } } } } }"
)

ANSWERED: Final = 8.0  # seconds: two for the statement, one to give it up, on a busy machine
AT_ONCE: Final = 1.0


@pytest.fixture(scope="module")
def primary_url(postgres: PostgresServer, postgres_template: str) -> Iterator[str]:
    yield postgres.create_database("replicated", postgres_template)
    postgres.drop_database("replicated")


@pytest.fixture(scope="module")
def replica(postgres: PostgresServer, primary_url: str) -> Iterator[ReplicaServer]:
    with ReplicaServer(postgres) as server:
        yield server


@pytest.fixture(scope="module")
async def network(replica: ReplicaServer) -> AsyncIterator[Network]:
    async with Network(replica.port).open() as network:
        yield network


@pytest.fixture(scope="module")
async def world(primary_url: str, replica: ReplicaServer, network: Network) -> AsyncIterator[World]:
    read_url = network.through(f"{replica.url.removesuffix('postgres')}replicated")
    # What is kept would answer without asking anybody.
    async with served(
        database_url=primary_url, database_read_url=read_url, answer_cache=0
    ) as world:
        yield world


@pytest.fixture
async def creator(world: World) -> Person:
    return await world.real_person()


def answers(where: str) -> float:
    """How many answers were made so far from the replica, or not since it was BEHIND or AWAY."""
    found = REGISTRY.get_sample_value("groupcode_replica_answers_total", {"outcome": where})
    return found or 0.0


async def page(person: Person, group_id: str) -> dict[str, object]:
    found: dict[str, object] = (await person.ask(PAGE, id=group_id))["group"]
    return found


async def asked_of(where: str, person: Person, group_id: str) -> dict[str, object]:
    """The page of a group, which is read where it should be."""
    before = answers(where)
    found = await page(person, group_id)
    assert answers(where) == before + 1
    return found


async def followed(person: Person, group_id: str) -> None:
    """Return when the replica has all of a group."""

    async def read_there() -> float:
        before = answers("REPLICA")
        await page(person, group_id)
        return answers("REPLICA") - before

    await eventually(read_there, lambda number: number == 1)


async def test_a_page_is_read_from_the_replica_once_that_has_it(
    world: World, creator: Person
) -> None:
    group_id = await creator.create_group()
    await settled(world)
    await followed(creator, group_id)
    found = await asked_of("REPLICA", creator, group_id)
    assert found["memberCount"] == 1
    assert found["members"] == {"nodes": [{"person": {"name": creator.name}}]}


@pytest.mark.parametrize(
    ("database", "said"),
    [("replicated", None), ("nowhere", "can't be reached"), ("primary", "is no replica")],
)
async def test_the_doctor_says_what_is_wrong_with_a_replica(
    replica: ReplicaServer, primary_url: str, database: str, said: str | None
) -> None:
    there = f"{replica.url.removesuffix('postgres')}{database}"
    finding = await doctor._replica(primary_url if database == "primary" else there)
    assert finding.wrong == bool(said)
    assert (said or "follows") in finding.said


async def test_nobody_is_shown_what_was_before_their_own_change(
    world: World, creator: Person, replica: ReplicaServer
) -> None:
    changed, left = await creator.create_group(), await creator.create_group()
    await settled(world)
    await followed(creator, changed)
    await followed(creator, left)
    with replica.standing_still():
        await creator.change("updateGroup", "group { name }", groupId=changed, name="第二小学")
        assert (await asked_of("BEHIND", creator, changed))["name"] == "第二小学"
        # Of a group that nobody changed the replica still says what is so.
        await asked_of("REPLICA", creator, left)
    await followed(creator, changed)
    assert (await page(creator, changed))["name"] == "第二小学"


async def test_rights_and_sessions_are_those_of_the_database(
    world: World, creator: Person, replica: ReplicaServer
) -> None:
    group_id = await creator.create_group()
    member = await world.real_person()
    member_id = await member.join(await creator.invite(group_id))
    await settled(world)
    await followed(creator, group_id)
    with replica.standing_still():
        await creator.change("removeMember", "", memberId=member_id)
        assert await member.error_code(PAGE, id=group_id) == "NOT_FOUND"
        assert (await page(creator, group_id))["memberCount"] == 1


async def test_nobody_waits_long_for_a_replica_whose_network_swallows_what_is_sent(
    world: World, creator: Person, network: Network
) -> None:
    group_id = await creator.create_group()
    await settled(world)
    await followed(creator, group_id)
    network.swallow()
    try:
        async with asyncio.timeout(ANSWERED):  # who asks first waits for the replica in vain
            assert (await page(creator, group_id))["memberCount"] == 1
        took = []
        for _ in range(3):
            began = time.monotonic()
            await asked_of("AWAY", creator, group_id)
            took.append(time.monotonic() - began)
        assert min(took) < AT_ONCE, took
    finally:
        network.recover()
    await followed(creator, group_id)


async def test_a_replica_that_goes_away_keeps_nobody_from_being_answered(
    world: World, creator: Person, replica: ReplicaServer
) -> None:
    group_id = await creator.create_group()
    await settled(world)
    await followed(creator, group_id)
    replica.kill()
    assert (await page(creator, group_id))["memberCount"] == 1
    await asked_of("AWAY", creator, group_id)
    replica.restart()
    await followed(creator, group_id)
