"""A refresh that can't be carried out fails, and holds up no later one."""

import pytest

from app.models.due import DueWork, WorkKind
from app.ports.bus import DUE
from app.services.health import runs
from app.workers.kinds import KINDS
from tests.support.groups import a_group
from tests.support.in_process import env_of
from tests.support.refreshes import refresh
from tests.support.waiting import eventually
from tests.support.world import World

REFRESH = (
    """query($id: ID!) { group(id: $id) { refresh { nextAllowedAt run { status endedAt } } } }"""
)


async def test_a_run_that_fails_too_often_shows_failed_and_the_next_may_begin(  # R25
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    creator, group_id, _ = await a_group(world)

    async def failing(*given: object) -> None:
        raise LookupError

    with monkeypatch.context() as broken:
        broken.setattr(runs, "begin", failing)
        await creator.change("refreshGroup", "run { id }", groupId=group_id)
        work = DueWork.filter(kind=WorkKind.RUN_REFRESH)
        await eventually(work.filter(error="LookupError").exists, bool)
        last = KINDS[WorkKind.RUN_REFRESH].attempts - 1
        await work.update(attempts=last, due_at=env_of(world).clock.now())
        await env_of(world).bus.publish(DUE)
        await eventually(work.filter(dead_at__not_isnull=True).exists, bool)
    seen = (await creator.ask(REFRESH, id=group_id))["group"]["refresh"]
    assert seen["run"]["status"] == "FAILED"
    assert seen["run"]["endedAt"] is not None
    await work.delete()
    assert await refresh(creator, group_id) == "DONE"
