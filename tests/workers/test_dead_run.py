"""A refresh that can't be carried out fails, and holds up no alert and no later one."""

import asyncio
from datetime import timedelta

import pytest

from app.models.due import DueWork, WorkKind
from app.ports.bus import DUE
from app.services.health import runs
from app.workers.kinds import KINDS
from tests.support.groups import a_group
from tests.support.in_process import env_of
from tests.support.refreshes import refresh
from tests.support.sms import wait_for_alerts
from tests.support.waiting import eventually
from tests.support.world import World

REFRESH = (
    """query($id: ID!) { group(id: $id) { refresh { nextAllowedAt run { status endedAt } } } }"""
)


async def test_a_run_that_fails_too_often_shows_failed_and_holds_nothing_up(  # R25, R28
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    creator, group_id, _ = await a_group(world, 1, {"health_code": "YELLOW"})

    async def failing(*given: object) -> None:
        raise LookupError

    alert = DueWork.filter(kind=WorkKind.ALERT_MANAGERS)
    assert await alert.exists()
    with monkeypatch.context() as broken:
        broken.setattr(runs, "begin", failing)
        await creator.change("refreshGroup", "run { id }", groupId=group_id)
        work = DueWork.filter(kind=WorkKind.RUN_REFRESH)
        await eventually(work.filter(error="LookupError").exists, bool)
        await world.advance(minutes=1)  # the alert waits for the run's end
        await eventually(alert.exists, lambda left: not left)
        last = KINDS[WorkKind.RUN_REFRESH].attempts - 1
        await work.update(attempts=last, due_at=env_of(world).clock.now())
        await env_of(world).bus.publish(DUE)
        await eventually(work.filter(dead_at__not_isnull=True).exists, bool)
    seen = (await creator.ask(REFRESH, id=group_id))["group"]["refresh"]
    assert seen["run"]["status"] == "FAILED"
    assert seen["run"]["endedAt"] is not None
    assert [sms["params"]["count"] for sms in await wait_for_alerts(creator, 1)] == ["2"]
    await work.delete()
    assert await refresh(creator, group_id) == "DONE"


async def test_whose_answer_is_not_stored_by_the_deadline_is_missing(  # R25
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    creator, group_id, _ = await a_group(world)

    async def hang(*given: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(runs, "time_to_query", lambda *given: timedelta(seconds=0.2))
    monkeypatch.setattr(runs, "store_answer", hang)
    assert await refresh(creator, group_id) == "FAILED"
