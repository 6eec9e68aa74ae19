"""Outside systems that are away for a while: what waits for them, and for how long."""

import asyncio
from datetime import datetime, timedelta
from typing import Any, Final

import pytest

from app.models.due import DueWork, WorkKind
from app.models.messages import Sms
from app.models.refresh import RefreshRun
from tests.support.groups import a_group
from tests.support.person import Person
from tests.support.waiting import eventually
from tests.support.world import World

RUN: Final = "query($id: ID!) { group(id: $id) { refresh { run { id status done total } } } }"


async def run_of(manager: Person, group_id: str) -> dict[str, Any]:
    run: dict[str, Any] = (await manager.ask(RUN, id=group_id))["group"]["refresh"]["run"]
    return run


async def postponed() -> datetime:
    """Wait until the run waits, and return for when."""
    waiting = DueWork.filter(kind=WorkKind.RUN_REFRESH)

    async def due_at() -> datetime | None:
        run, row = await RefreshRun.all().order_by("-started_at").first(), await waiting.first()
        if run is None or row is None or row.attempts:
            return None
        return row.due_at if row.due_at > run.started_at else None

    found = await eventually(due_at, lambda at: at is not None)
    assert found is not None
    return found


async def test_a_refresh_outlasts_a_provider_that_is_away(world: World) -> None:  # R25
    creator, group_id, _ = await a_group(world)
    for fault in ({"status": 503}, {"status": 429, "retry_after": 20}):
        await world.faults(health=fault)
        try:
            now = datetime.fromisoformat(await world.now())
            await creator.change("refreshGroup", "run { id }", groupId=group_id)
            at = await postponed()
            if "retry_after" in fault:
                assert at >= now + timedelta(seconds=20)
            run = await run_of(creator, group_id)
            assert (run["status"], run["done"], run["total"]) == ("RUNNING", 0, 2)
        finally:
            await world.faults()
        await world.advance(seconds=30)
        done = await eventually(
            lambda: run_of(creator, group_id), lambda run: run["status"] != "RUNNING"
        )
        assert done["status"] == "DONE"
        await world.advance(minutes=31)
        await creator.sign_in_again()


async def test_a_refresh_that_is_refused_for_good_waits_for_nothing(world: World) -> None:  # R25
    creator, group_id, _ = await a_group(world)
    for fault in ({"status": 401}, {"status": 503, "retry_after": 7200}):
        await world.faults(health=fault)
        try:
            await creator.change("refreshGroup", "run { id }", groupId=group_id)
            ended = await eventually(
                lambda: run_of(creator, group_id),
                lambda run: run["status"] not in ("QUEUED", "RUNNING"),
            )
            assert ended["status"] == "FAILED"
        finally:
            await world.faults()


CODE: Final = """mutation($phone: String!) { requestVerificationCode(input: {phone: $phone,
    purpose: SIGN_IN}) { errors { code retryAfterSeconds } } }"""


async def code_for(someone: Person) -> list[dict[str, Any]]:
    """Ask for a code; return why it is refused."""
    errors: list[dict[str, Any]] = (await someone.ask(CODE, phone=someone.phone))[
        "requestVerificationCode"
    ]["errors"]
    return errors


async def test_a_code_is_tried_for_as_long_as_it_lives(world: World) -> None:  # R39, R40
    someone = world.stranger()
    await world.faults(sms={"status": 503, "retry_after": 6})
    try:
        assert await code_for(someone) == []
        sms = await Sms.all().order_by("-created_at").first()
        assert sms is not None
        for _ in range(5):
            await world.advance(seconds=50)
            await asyncio.sleep(0.05)
        assert (await Sms.get(id=sms.id)).state == "QUEUED"
        await world.advance(seconds=60)
        await eventually(lambda: Sms.get(id=sms.id), lambda seen: seen.state == "FAILED")
    finally:
        await world.faults()
    await world.advance(minutes=2)


@pytest.mark.parametrize("status", [401, 404], ids=["token", "path"])
async def test_who_asks_for_a_code_is_told_that_none_can_be_sent(world: World, status: int) -> None:
    """With a wrong token or address every code is refused; the first of them shows it."""
    first, second = world.stranger(), world.stranger()
    await world.faults(sms={"status": status})
    try:
        assert await code_for(first) == []
        refused = await eventually(lambda: code_for(world.stranger()), bool)
        assert refused == [{"code": "SMS_SERVICE_UNAVAILABLE", "retryAfterSeconds": 30}]
        assert await code_for(second) == refused
    finally:
        await world.faults()
    assert await code_for(second) == refused, "nobody tried again since"
    await world.advance(seconds=61)
    assert await code_for(second) == []
    await eventually(Sms.filter(state="QUEUED").exists, lambda waits: not waits)


async def test_one_code_that_cant_be_sent_stops_no_others(world: World) -> None:
    first, second = world.stranger(), world.stranger()
    await world.faults(sms={"status": 400, "times": 1})
    assert await code_for(first) == []
    await eventually(Sms.filter(state="FAILED", phone_hash__not="").exists, bool)
    assert await code_for(second) == []


async def test_after_three_failures_in_a_row_who_asks_is_told(world: World) -> None:
    await world.faults(sms={"status": 503, "retry_after": 6})
    try:
        refused = await eventually(lambda: code_for(world.stranger()), bool)
        assert [one["code"] for one in refused] == ["SMS_SERVICE_UNAVAILABLE"]
    finally:
        await world.faults()
    await world.advance(seconds=10)  # those that waited go out
    someone = world.stranger()
    await eventually(lambda: code_for(world.stranger()), lambda errors: not errors)
    assert await code_for(someone) == []
