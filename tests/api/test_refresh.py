"""Refreshing by hand: runs that show their progress and always end (R25, R26)."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from app.domain.refresh import RefreshStatus
from app.models.due import Claim, DueWork, WorkKind
from app.models.events import GroupEvent
from app.models.refresh import RefreshRun
from app.ports.clock import MovableClock
from app.resolvers.ids import decode_id
from app.services.health.refresh import start_refresh
from app.services.health.runs import run_refresh
from tests.support.gates import provider_held
from tests.support.in_process import env_of
from tests.support.person import Person
from tests.support.waiting import eventually
from tests.support.world import World

RUN = """query($id: ID!) { group(id: $id) { refresh { nextAllowedAt
    run { id status done total startedAt endedAt missing { person { name } } } }
    members { nodes { asOf healthCode } } } }"""
PROGRESS = """subscription($id: ID!) { refreshProgressed(groupId: $id) { status done total } }"""
ENDED = ("DONE", "PARTLY_DONE", "FAILED")


async def a_group(world: World) -> tuple[Person, str, Person]:
    creator = await world.real_person()
    group_id = await creator.create_group()
    member = await world.someone()
    await member.join(await creator.invite(group_id))
    await eventually(
        lambda: creator.ask(RUN, id=group_id),
        lambda seen: all(node["asOf"] for node in seen["group"]["members"]["nodes"]),
    )
    return creator, group_id, member


async def start(creator: Person, group_id: str) -> dict[str, Any]:
    return await creator.change("refreshGroup", "run { id } nextAllowedAt", groupId=group_id)


async def ended(creator: Person, group_id: str) -> dict[str, Any]:
    data = await eventually(
        lambda: creator.ask(RUN, id=group_id),
        lambda seen: seen["group"]["refresh"]["run"]["status"] in ENDED,
    )
    run: dict[str, Any] = data["group"]["refresh"]["run"]
    return run


async def test_a_run_is_answered_again_for_half_an_hour(world: World) -> None:  # R25
    creator, group_id, _ = await a_group(world)
    first = await start(creator, group_id)
    run = await ended(creator, group_id)
    assert (run["status"], run["done"], run["total"], run["missing"]) == ("DONE", 2, 2, [])
    allowed_at = datetime.fromisoformat(first["nextAllowedAt"])
    assert allowed_at == datetime.fromisoformat(run["startedAt"]) + timedelta(minutes=30)
    await world.advance(minutes=29)
    await creator.sign_in_again()  # which takes the thirtieth minute
    await world.advance(seconds=1)
    again = await start(creator, group_id)
    assert again["run"]["id"] != first["run"]["id"]
    assert (await start(creator, group_id))["run"]["id"] == again["run"]["id"]


async def test_ten_who_refresh_at_once_share_one_run(world: World) -> None:  # R25
    creator, group_id, _ = await a_group(world)
    answers = await asyncio.gather(*(start(creator, group_id) for _ in range(10)))
    assert len({answer["run"]["id"] for answer in answers}) == 1


async def test_a_failed_run_loses_nothing_and_may_be_tried_again(world: World) -> None:  # R25
    creator, group_id, _ = await a_group(world)
    before = (await creator.ask(RUN, id=group_id))["group"]["members"]["nodes"]
    await world.faults(health={"status": 503})
    try:
        first = await start(creator, group_id)
        await eventually(RefreshRun.filter(status=RefreshStatus.RUNNING).exists, bool)
        await world.advance(minutes=30)  # in which it is asked again and again
        await creator.sign_in_again()
        run = await ended(creator, group_id)
    finally:
        await world.faults()
    assert (run["status"], len(run["missing"])) == ("FAILED", 2)
    assert (await creator.ask(RUN, id=group_id))["group"]["members"]["nodes"] == before
    assert (await start(creator, group_id))["run"]["id"] != first["run"]["id"]
    assert (await ended(creator, group_id))["status"] == "DONE"


async def test_who_is_missing_is_named(world: World) -> None:  # R25
    creator, group_id, member = await a_group(world)
    await world.forget_record(member.id_number)
    await start(creator, group_id)
    run = await ended(creator, group_id)
    assert run["status"] == "PARTLY_DONE"
    assert [missing["person"]["name"] for missing in run["missing"]] == [member.name]


async def test_a_malformed_record_is_a_missing_one(world: World) -> None:  # R25
    creator, group_id, _ = await a_group(world)
    await world.faults(health={"malformed": 1, "times": 1})
    await start(creator, group_id)
    run = await ended(creator, group_id)
    assert (run["status"], len(run["missing"])) == ("PARTLY_DONE", 1)


async def test_a_provider_that_is_busy_is_asked_again(world: World) -> None:
    creator, group_id, _ = await a_group(world)
    await world.faults(health={"status": 429, "retry_after": 1, "times": 1})
    await start(creator, group_id)
    assert (await ended(creator, group_id))["status"] == "DONE"


async def test_a_run_shows_its_progress(world: World) -> None:  # R26
    creator, group_id, _ = await a_group(world)
    begun = {"status": "RUNNING", "done": 0, "total": 2}
    done = {"status": "DONE", "done": 2, "total": 2}
    steps: list[dict[str, Any]] = []
    async with creator.socket() as socket:

        async def until(step: dict[str, Any]) -> None:
            while step not in steps:
                steps.append((await socket.next())["refreshProgressed"])

        await socket.subscribe(PROGRESS, id=group_id)
        with provider_held(world):
            await start(creator, group_id)
            await until(begun)
        await until(done)
    assert [step["done"] for step in steps] == sorted(step["done"] for step in steps)


async def test_a_run_carried_out_twice_ends_once(world: World) -> None:  # R25
    creator, group_id, _ = await a_group(world)
    with provider_held(world) as provider:
        await start(creator, group_id)
        await provider.query_came()
        work = await DueWork.get(kind=WorkKind.RUN_REFRESH)
        again = run_refresh(env_of(world), Claim(work.kind, work.subject_id, work.stamp))
        second = asyncio.create_task(again)
        await provider.query_came()
    await second
    await ended(creator, group_id)
    events = GroupEvent.filter(group_id=decode_id(group_id, "Group"), type="REFRESH_ENDED")
    assert await events.count() == 1
    assert await DueWork.filter(kind=WorkKind.RUN_REFRESH).count() == 0


async def test_a_run_taken_up_after_its_time_asks_nobody_and_ends(world: World) -> None:  # R25
    creator, group_id, _ = await a_group(world)
    env = env_of(world)
    with provider_held(world) as provider:
        await start(creator, group_id)
        await provider.query_came()
        work = await DueWork.get(kind=WorkKind.RUN_REFRESH)
        late = MovableClock(fixed_at=env.clock.now() + timedelta(minutes=30))
        claim = Claim(work.kind, work.subject_id, work.stamp)
        await run_refresh(replace(env, clock=late), claim)
        run = await ended(creator, group_id)
    assert (run["status"], len(run["missing"]), provider.queries) == ("FAILED", 2, 1)


async def test_of_half_of_the_people_the_last_data_stays_and_says_how_old_it_is(  # R25
    world: World,
) -> None:
    creator, group_id, _ = await a_group(world)
    before = (await creator.ask(RUN, id=group_id))["group"]["members"]["nodes"]
    await world.faults(health={"drop": 1, "times": 1})
    await start(creator, group_id)
    run = await ended(creator, group_id)
    [missing] = run["missing"]
    after = (await creator.ask(RUN, id=group_id))["group"]["members"]["nodes"]
    stays = 0 if missing["person"]["name"] == creator.name else 1
    assert after[stays] == before[stays]
    assert after[1 - stays]["asOf"] > before[1 - stays]["asOf"]


async def test_a_run_ends_in_time_though_the_provider_hangs(world: World) -> None:  # R25
    creator, group_id, _ = await a_group(world)
    before = (await creator.ask(RUN, id=group_id))["group"]["members"]["nodes"]
    await world.faults(health={"delay_ms": 60_000})
    try:
        started = (await start(creator, group_id))["run"]["id"]
        await world.advance(minutes=30)
        await creator.renew()
        run = await ended(creator, group_id)
    finally:
        await world.faults()
    assert (run["id"], run["status"], len(run["missing"])) == (started, "FAILED", 2)
    assert (await creator.ask(RUN, id=group_id))["group"]["members"]["nodes"] == before


async def test_a_run_that_fails_late_leaves_the_next_one_its_half_hour(world: World) -> None:  # R25
    """As after a pause of all servers, when the next run begins before the last one is ended."""
    creator, group_id, _ = await a_group(world)
    env = env_of(world)
    await world.faults(health={"delay_ms": 60_000})
    try:
        late = (await start(creator, group_id))["run"]["id"]
        work = await DueWork.get(
            kind=WorkKind.START_REFRESH, subject_id=decode_id(group_id, "Group")
        )
        in_six_hours = MovableClock(fixed_at=work.due_at)
        await start_refresh(
            replace(env, clock=in_six_hours), Claim(work.kind, work.subject_id, work.stamp)
        )
        await world.advance(minutes=30)
        key = decode_id(late, "RefreshRun")
        await eventually(lambda: RefreshRun.get(id=key), lambda run: run.status in ENDED)
        until_then = work.due_at - env.clock.now()  # groups are spread: it isn't always six hours
        await world.advance(seconds=until_then.total_seconds() + 1)
        await creator.sign_in_again()
        refresh = (await creator.ask(RUN, id=group_id))["group"]["refresh"]
    finally:
        await world.faults()
    begun = datetime.fromisoformat(refresh["run"]["startedAt"])
    assert refresh["run"]["id"] != late
    assert begun == work.due_at
    assert datetime.fromisoformat(refresh["nextAllowedAt"]) == begun + timedelta(minutes=30)
