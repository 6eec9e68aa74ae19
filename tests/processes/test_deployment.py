"""Two servers, two workers: what one does the other shows, whoever dies in between."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from tests.support.deployment import Deployment, deployed, elsewhere
from tests.support.members import member_id_of
from tests.support.person import Person
from tests.support.processes import Process
from tests.support.servers import PostgresServer, RedisServer
from tests.support.waiting import START_PATIENCE, eventually

STATUS = """subscription($id: ID!) { groupStatusChanged(groupId: $id) { colour } }"""
PROGRESS = """subscription($id: ID!) { refreshProgressed(groupId: $id) { status done total } }"""
GROUPS = "subscription { viewerGroupsChanged { kind groupId group { colour } } }"
COUNTED = """subscription($id: ID!) { groupStatusChanged(groupId: $id) {
    viewerRole colourReasons { count } } }"""
RUN = """query($id: ID!) { group(id: $id) { colour refresh { run { id status done total } } } }"""
RUNNING = "SELECT count(*) FROM refresh_run WHERE status = 'RUNNING'"
LONG = 60  # seconds; a dead worker's claim lapses after half of it


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    with RedisServer() as server:
        yield server


@pytest.fixture(scope="module")
async def deployment(
    postgres: PostgresServer,
    postgres_template: str,
    redis: RedisServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Deployment]:
    """Processes of which one of each kind loads its code anew, as those of operators do."""
    folder = tmp_path_factory.mktemp("deployment")
    async with deployed(
        folder, postgres, redis, "deployment", template=postgres_template, kind=Process
    ) as deployment:
        yield deployment


async def a_group(deployment: Deployment) -> tuple[Person, str, Person]:
    """A group made through the first server, and a member who joined there."""
    here = deployment.worlds[0]
    creator = await here.real_person()
    group_id = await creator.create_group()
    member = await here.someone()
    await member.join(await creator.invite(group_id))
    return creator, group_id, member


async def run_of(person: Person, group_id: str) -> dict[str, object]:
    data = await person.ask(RUN, id=group_id)
    run: dict[str, object] = data["group"]["refresh"]["run"]
    return run


async def ended(person: Person, group_id: str) -> dict[str, object]:
    """Wait long enough for a dead worker's claim to lapse."""
    return await eventually(
        lambda: run_of(person, group_id),
        lambda run: run["status"] not in ("QUEUED", "RUNNING"),
        LONG,
    )


async def test_what_one_server_keeps_ends_by_what_the_other_does(deployment: Deployment) -> None:
    creator, group_id, member = await a_group(deployment)  # R17
    there = elsewhere(member, deployment.worlds[1])
    managed = "query($id: ID!) { group(id: $id) { viewerRole members { nodes { remark } } } }"
    page = "query($id: ID!) { group(id: $id) { name viewerRole } }"
    member_id = await member_id_of(member, group_id)
    for _ in range(2):
        assert (await there.ask(page, id=group_id))["group"]["viewerRole"] == "MEMBER"
        assert await there.error_code(managed, id=group_id) == "FORBIDDEN"
    await creator.change("appointAdmin", "member { role }", memberId=member_id)
    for _ in range(2):
        assert (await there.ask(page, id=group_id))["group"]["viewerRole"] == "ADMIN"
        assert len((await there.ask(managed, id=group_id))["group"]["members"]["nodes"]) == 2
    await creator.change("dismissAdmin", "member { role }", memberId=member_id)
    assert await there.error_code(managed, id=group_id) == "FORBIDDEN"
    assert (await there.ask(page, id=group_id))["group"]["viewerRole"] == "MEMBER"
    await creator.change("removeMember", "__typename", memberId=member_id)
    assert await there.error_code(page, id=group_id) == "NOT_FOUND"


async def test_what_one_server_changes_the_other_shows(deployment: Deployment) -> None:
    creator, group_id, member = await a_group(deployment)
    there = elsewhere(creator, deployment.worlds[1])
    async with there.socket() as status, there.socket() as progress:
        await status.subscribe(STATUS, id=group_id)
        await progress.subscribe(PROGRESS, id=group_id)
        assert (await status.next())["groupStatusChanged"]["colour"] == "GREEN"
        await deployment.worlds[0].set_record(member.id_number, health_code="RED")
        await creator.change("refreshGroup", "run { id }", groupId=group_id)
        assert (await status.next())["groupStatusChanged"]["colour"] == "RED"
        steps: list[dict[str, object]] = []
        while not steps or steps[-1]["status"] != "DONE":
            steps.append((await progress.next())["refreshProgressed"])
        assert steps[-1] == {"status": "DONE", "done": 2, "total": 2}


async def test_who_is_told_alike_at_one_server_is_told_by_their_right_of_now(
    deployment: Deployment,
) -> None:
    creator, group_id, member = await a_group(deployment)
    there = [elsewhere(person, deployment.worlds[1]) for person in (creator, member, member)]
    member_id = await member_id_of(member, group_id)
    async with there[0].socket() as managers, there[1].socket() as one, there[2].socket() as other:
        for socket in (managers, one, other):
            await socket.subscribe(COUNTED, id=group_id)
            await socket.receive()
        for mutation, role in (("appointAdmin", "ADMIN"), ("dismissAdmin", "MEMBER")):
            await creator.change(mutation, "", memberId=member_id)
            counts: list[object] | None = [] if role == "ADMIN" else None
            for socket in (one, other):
                told = (await socket.receive())["payload"]["data"]["groupStatusChanged"]
                assert told == {"viewerRole": role, "colourReasons": counts}
        await creator.change("removeMember", "", memberId=member_id)
        for socket in (one, other):
            assert await socket.error() == "NOT_FOUND"


async def test_a_run_ends_well_though_its_worker_was_killed(deployment: Deployment) -> None:
    creator, group_id, member = await a_group(deployment)
    world = deployment.worlds[0]
    await fetched(creator, group_id)
    await world.set_record(member.id_number, health_code="RED")
    await world.faults(health={"delay_ms": 8000, "times": 1})
    connection = await asyncpg.connect(deployment.servers[0].env["GROUPCODE_DATABASE_URL"])
    try:
        await creator.change("refreshGroup", "run { id }", groupId=group_id)
        await eventually(lambda: connection.fetchval(RUNNING), lambda count: count == 1)
    finally:
        await connection.close()
    for worker in deployment.workers:
        worker.kill()
    await world.faults()
    for worker in deployment.workers:
        worker.start()
    run = await ended(creator, group_id)
    assert (run["status"], run["done"], run["total"]) == ("DONE", 2, 2)
    assert (await creator.ask(RUN, id=group_id))["group"]["colour"] == "RED"


async def fetched(creator: Person, group_id: str) -> None:
    """Wait until everyone's first data came, so that the next question is the run's."""
    query = "query($id: ID!) { group(id: $id) { members { nodes { asOf } } } }"
    await eventually(
        lambda: creator.ask(query, id=group_id),
        lambda seen: all(member["asOf"] for member in seen["group"]["members"]["nodes"]),
    )


async def test_a_dashboard_hears_by_one_server_what_happens_at_the_other(
    deployment: Deployment,
) -> None:
    creator, first, member = await a_group(deployment)
    await fetched(creator, first)
    other = await deployment.worlds[0].real_person()
    second = await other.create_group()
    token = await other.invite(second)
    async with elsewhere(member, deployment.worlds[1]).socket() as socket:

        async def told(kind: str) -> dict[str, Any]:
            change: dict[str, Any] = {"kind": ""}
            while change["kind"] != kind:
                change = (await socket.next(patience=LONG))["viewerGroupsChanged"]
            return change

        await socket.subscribe(GROUPS)
        assert (await told("CURRENT"))["groupId"] == first
        await told("SYNCED")
        await member.join(token)
        assert (await told("CAME"))["groupId"] == second
        await deployment.worlds[0].set_record(creator.id_number, health_code="YELLOW")
        await creator.change("refreshGroup", "run { id }", groupId=first)
        changed = await told("CHANGED")
        while changed["group"]["colour"] != "YELLOW":  # the second: the member's own data came
            changed = await told("CHANGED")
        assert changed["groupId"] == first


async def test_the_next_event_arrives_after_redis_restarted_empty(deployment: Deployment) -> None:
    creator, group_id, member = await a_group(deployment)
    there = elsewhere(creator, deployment.worlds[1])
    async with there.socket() as socket:
        await socket.subscribe(STATUS, id=group_id)
        assert (await socket.next())["groupStatusChanged"]["colour"] == "GREEN"
        await deployment.worlds[0].set_record(member.id_number, health_code="YELLOW")
        deployment.redis.restart()
        await creator.change("refreshGroup", "run { id }", groupId=group_id)
        event = await socket.next(patience=LONG)
        assert event["groupStatusChanged"]["colour"] == "YELLOW"


async def test_work_that_redis_forgot_is_done_all_the_same(deployment: Deployment) -> None:
    creator, group_id, _ = await a_group(deployment)
    for worker in deployment.workers:
        assert worker.stop() == 0
    await creator.change("refreshGroup", "run { id }", groupId=group_id)
    deployment.redis.restart()
    for worker in deployment.workers:
        worker.start()
    assert (await ended(creator, group_id))["status"] == "DONE"


async def test_a_server_that_is_told_to_stop_ends_well(deployment: Deployment) -> None:
    creator, group_id, _ = await a_group(deployment)
    async with elsewhere(creator, deployment.worlds[1]).socket() as socket:
        await socket.subscribe(STATUS, id=group_id)
        await socket.next()
        assert await asyncio.to_thread(deployment.servers[1].stop) == 0
    deployment.servers[1].start()
    ready = f"{deployment.worlds[1].url}/healthz"
    assert (await creator.world.http.get(f"{creator.world.url}/readyz")).json()["redis"]

    async def again() -> bool:
        try:
            return (await creator.world.http.get(ready)).status_code == 200
        except httpx.TransportError:
            return False

    await eventually(again, bool, START_PATIENCE)


async def test_what_is_sent_to_both_servers_with_one_key_is_done_once(
    deployment: Deployment,
) -> None:
    here, there = deployment.worlds
    person = await here.real_person()
    new = {"name": "第一小学", "type": "SCHOOL", "address": "广州", "consent": True}
    servers = [person, elsewhere(person, there)] * 3
    for _ in range(3):
        key = str(uuid4())
        made = await asyncio.gather(
            *(one.change("createGroup", "group { id name }", key, **new) for one in servers)
        )
        assert all(payload == made[0] for payload in made)
    groups = await person.ask("{ me { groups { nodes { id } } } }")
    assert len(groups["me"]["groups"]["nodes"]) == 3
