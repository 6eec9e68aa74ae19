"""Refreshing by hand: runs that show their progress and always end (R25, R26)."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.domain.events import EventType
from app.domain.roles import Role
from app.models.due import Claim, DueWork, WorkKind
from app.models.events import GroupEvent
from app.resolvers.ids import decode_id
from app.services.refresh import run_refresh
from tests.conftest import counted_statements, env_of
from tests.crowds import a_group, fill, make_role, renew
from tests.people import Person, World, eventually

RUN = """query($id: ID!) { group(id: $id) { refresh { nextAllowedAt
    run { id status done total startedAt endedAt missing { id remark person { name } } } }
    members { nodes { id asOf healthCode } } } }"""
PROGRESS = """subscription($id: ID!) { refreshProgressed(groupId: $id) { status done total } }"""
ENDED = ("DONE", "PARTLY_DONE", "FAILED")
RUNS_AT_ONCE = 8  # threads that the workers have for refreshes


async def start(manager: Person, group_id: str) -> dict[str, Any]:
    return await manager.change("refreshGroup", "run { id } nextAllowedAt", groupId=group_id)


async def ended(creator: Person, group_id: str) -> dict[str, Any]:
    data = await eventually(
        lambda: creator.ask(RUN, id=group_id),
        lambda seen: seen["group"]["refresh"]["run"]["status"] in ENDED,
    )
    run: dict[str, Any] = data["group"]["refresh"]["run"]
    return run


async def members_of(creator: Person, group_id: str) -> list[dict[str, Any]]:
    nodes: list[dict[str, Any]] = (await creator.ask(RUN, id=group_id))["group"]["members"]["nodes"]
    return nodes


async def ends_recorded(group_id: str) -> int:
    key = decode_id(group_id, "Group")
    return await GroupEvent.filter(group_id=key, type=EventType.REFRESH_ENDED).count()


async def test_a_run_is_answered_again_for_half_an_hour(world: World) -> None:  # R25
    creator, group_id, [admin] = await a_group(world)
    await make_role(admin, group_id, Role.ADMIN)
    first = await start(creator, group_id)
    run = await ended(creator, group_id)
    assert (run["status"], run["done"], run["total"], run["missing"]) == ("DONE", 2, 2, [])
    allowed_at = datetime.fromisoformat(first["nextAllowedAt"])
    assert allowed_at == datetime.fromisoformat(run["startedAt"]) + timedelta(minutes=30)
    assert await start(creator, group_id) == first
    await world.advance(minutes=29)
    for manager in (creator, admin):
        await renew(manager)
        assert await start(manager, group_id) == first
    shown = (await creator.ask(RUN, id=group_id))["group"]["refresh"]
    assert (shown["nextAllowedAt"], shown["run"]) == (first["nextAllowedAt"], run)
    await world.advance(minutes=1)
    again = await start(admin, group_id)
    assert again["run"]["id"] != first["run"]["id"]
    assert datetime.fromisoformat(again["nextAllowedAt"]) >= allowed_at + timedelta(minutes=30)
    assert await start(creator, group_id) == again


async def test_ten_who_refresh_at_once_share_one_run(world: World) -> None:  # R25
    creator, group_id, _ = await a_group(world)
    answers = await asyncio.gather(*(start(creator, group_id) for _ in range(10)))
    assert len({answer["run"]["id"] for answer in answers}) == 1
    assert len({answer["nextAllowedAt"] for answer in answers}) == 1
    key = decode_id(group_id, "Group")
    started = GroupEvent.filter(group_id=key, type=EventType.REFRESH_STARTED)
    assert await started.count() == 1


async def test_a_failed_run_loses_nothing_and_may_be_tried_again(world: World) -> None:  # R25
    creator, group_id, _ = await a_group(world)
    before = await members_of(creator, group_id)
    await world.faults(health={"status": 503})
    try:
        first = await start(creator, group_id)
        assert await start(creator, group_id) == first  # while it has not failed yet
        run = await ended(creator, group_id)
    finally:
        await world.faults()
    assert (run["status"], len(run["missing"])) == ("FAILED", 2)
    assert await members_of(creator, group_id) == before
    assert (await start(creator, group_id))["run"]["id"] != first["run"]["id"]
    assert (await ended(creator, group_id))["status"] == "DONE"
    assert all(
        new["asOf"] > old["asOf"]
        for old, new in zip(before, await members_of(creator, group_id), strict=True)
    )


@pytest.mark.parametrize("fault", ["drop", "malformed", ""])
async def test_who_is_missing_is_named_and_keeps_their_data(  # R25
    world: World, fault: str
) -> None:
    creator, group_id, [member] = await a_group(world)
    before = {node["id"]: node for node in await members_of(creator, group_id)}
    if fault:  # it spoils the first record of the answer
        await world.faults(health={fault: 1, "times": 1})
    else:
        await world.forget_record(member.id_number)
    first = await start(creator, group_id)
    run = await ended(creator, group_id)
    [missing] = run["missing"]
    assert (run["status"], run["done"], run["total"]) == ("PARTLY_DONE", 2, 2)
    if not fault:
        assert (missing["remark"], missing["person"]["name"]) == ("三年二班", member.name)
    kept = {node["id"]: node == before[node["id"]] for node in await members_of(creator, group_id)}
    assert kept == {member_id: member_id == missing["id"] for member_id in before}
    assert await start(creator, group_id) == first  # it didn't fail


async def test_a_provider_that_is_busy_is_asked_again_when_it_says(world: World) -> None:  # R25
    creator, group_id, _ = await a_group(world)
    await world.faults(health={"status": 429, "retry_after": 1, "times": 1})
    await start(creator, group_id)
    run = await ended(creator, group_id)
    assert run["status"] == "DONE"
    lasted = datetime.fromisoformat(run["endedAt"]) - datetime.fromisoformat(run["startedAt"])
    assert lasted >= timedelta(seconds=1)


async def test_a_run_shows_its_progress_from_the_queue_to_the_end(world: World) -> None:  # R26
    creator, group_id, [other] = await a_group(world)
    await fill(group_id, 448)
    await other.identify()
    owners = (creator, other) * (RUNS_AT_ONCE // 2)
    busy = await asyncio.gather(*(owner.create_group() for owner in owners))
    async with creator.socket() as socket:
        await socket.subscribe(PROGRESS, id=group_id)
        await eventually(DueWork.all().count, lambda left: left == 0)
        await world.faults(health={"delay_ms": 1500, "times": RUNS_AT_ONCE})
        for owner, busy_id in zip(owners, busy, strict=True):
            await start(owner, busy_id)
        await start(creator, group_id)
        steps = [(await socket.next())["refreshProgressed"]]
        await world.faults(health={"delay_ms": 400})
        while steps[-1]["status"] not in ENDED:
            steps.append((await socket.next())["refreshProgressed"])
        await world.faults()
    assert steps[0] == {"status": "QUEUED", "done": 0, "total": 0}
    assert steps[1] == {"status": "RUNNING", "done": 0, "total": 450}
    assert steps[-1] == {"status": "DONE", "done": 450, "total": 450}
    counts = [step["done"] for step in steps]
    assert counts == sorted(counts) and any(0 < done < 450 for done in counts), steps


async def test_a_run_carried_out_twice_ends_once(world: World) -> None:  # R25
    creator, group_id, _ = await a_group(world)
    await world.faults(health={"delay_ms": 300, "times": 2})
    await start(creator, group_id)
    work = await DueWork.get(kind=WorkKind.REFRESH_GROUP)
    await run_refresh(env_of(world), Claim(work.kind, work.subject_id, work.stamp))
    await ended(creator, group_id)
    assert await ends_recorded(group_id) == 1
    assert await DueWork.filter(kind=WorkKind.REFRESH_GROUP).count() == 0


async def test_a_run_that_hangs_for_half_an_hour_has_failed(world: World) -> None:  # R25
    creator, group_id, _ = await a_group(world)
    await world.faults(health={"delay_ms": 1000, "times": 1})
    first = await start(creator, group_id)
    await eventually(
        lambda: creator.ask(RUN, id=group_id),
        lambda seen: seen["group"]["refresh"]["run"]["status"] == "RUNNING",
    )
    await world.advance(minutes=30)
    await renew(creator)
    run = await ended(creator, group_id)
    assert (run["status"], len(run["missing"])) == ("FAILED", 2)
    again = await start(creator, group_id)
    assert again["run"]["id"] != first["run"]["id"]
    assert (await ended(creator, group_id))["status"] == "DONE"
    assert await ends_recorded(group_id) == 2


async def test_500_people_cost_fewer_than_30_statements_all_told(world: World) -> None:  # R25
    """All of the process counts: the right, the claims, the tick's polls, the judgement.

    Nobody watches, not even the test: it waits for the statements themselves.
    """
    creator, group_id, _ = await a_group(world, members=0)
    await fill(group_id, 499)
    await eventually(DueWork.all().count, lambda left: left == 0)
    with counted_statements() as statements:

        async def last_ones() -> list[str]:
            ends = [i for i, sql in enumerate(statements.seen) if '"ended_at"=' in sql]
            return statements.seen[ends[0] :] if ends else []

        await start(creator, group_id)
        judged = await eventually(
            last_ones, lambda seen: any('INSERT INTO "group_event"' in sql for sql in seen)
        )
    assert judged and len(statements.seen) < 30, "\n".join(statements.seen)
    run = await ended(creator, group_id)
    assert (run["status"], run["done"], run["total"]) == ("DONE", 500, 500)
