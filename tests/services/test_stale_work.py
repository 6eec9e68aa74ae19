"""Work that comes too late, too early or again: every actor may run twice and harms nothing."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from app.domain.refresh import RefreshStatus
from app.models import erasure
from app.models.anomalies import Anomaly
from app.models.due import Claim, DueWork, WorkKind, schedule, work_key
from app.models.events import GroupEvent
from app.models.leaves import LeaveRequest
from app.models.refresh import RefreshRun
from app.ports.bus import DUE
from app.resolvers.ids import decode_id
from app.services.groups.erasure import EVERYTHING_OLD
from app.services.groups.leaves import end_leave
from tests.support.groups import a_group
from tests.support.in_process import env_of
from tests.support.leaves import group_view, request_leave
from tests.support.records import GREEN
from tests.support.refreshes import refresh
from tests.support.shown_writes import by_hand
from tests.support.sms import alerts_to, wait_for_alerts
from tests.support.waiting import eventually
from tests.support.world import World


async def due_now(world: World, kind: WorkKind, subject_id: UUID) -> None:
    """Have work done on a subject at once."""
    env = env_of(world)
    await schedule(kind, env.clock.now(), subject_id)
    await env.bus.publish(DUE)


@pytest.mark.parametrize("kind", [kind for kind in WorkKind if kind is not WorkKind.ERASE_OLD])
async def test_work_about_what_is_gone_ends_without_a_trace(world: World, kind: WorkKind) -> None:
    subject_id = uuid4()
    await due_now(world, kind, subject_id)
    waiting = DueWork.filter(key=work_key(kind, subject_id))
    await eventually(waiting.exists, lambda waits: not waits)


async def test_a_leave_whose_time_has_not_come_goes_on_waiting(world: World) -> None:  # R33
    creator, group_id, [member] = await a_group(world)
    member_id = decode_id(await request_leave(member, group_id), "Member")
    work = await DueWork.get(key=work_key(WorkKind.END_LEAVE, member_id))
    await end_leave(env_of(world), Claim(work.kind, work.subject_id, work.stamp))
    [(due_at,)] = await LeaveRequest.filter(member_id=member_id).values_list("due_at")
    assert (await DueWork.get(key=work.key)).due_at == due_at
    assert (await group_view(creator, group_id))["pendingLeaveCount"] == 1


async def test_an_alert_that_waits_is_not_sent_before_its_moment(world: World) -> None:  # R28
    creator, group_id, [member] = await a_group(world, 1, GREEN)
    key = decode_id(group_id, "Group")
    await world.set_record(member.id_number, health_code="YELLOW")
    await refresh(creator, group_id)
    await wait_for_alerts(creator, 1)
    later = env_of(world).clock.now() + timedelta(minutes=30)
    await Anomaly.filter(group_id=key).update(alert_at=later)
    await due_now(world, WorkKind.ALERT_MANAGERS, key)
    alert = DueWork.filter(key=work_key(WorkKind.ALERT_MANAGERS, key))
    await eventually(alert.filter(due_at=later).exists, bool)
    assert len(await alerts_to(creator)) == 1


async def test_an_alert_waits_for_the_end_of_a_run_without_asking_again_and_again(  # R28
    world: World,
) -> None:
    creator, group_id, [member] = await a_group(world, 1, GREEN)
    key = decode_id(group_id, "Group")
    await world.set_record(member.id_number, health_code="YELLOW")
    await refresh(creator, group_id)
    await wait_for_alerts(creator, 1)
    async with by_hand(key):
        await RefreshRun.filter(group_id=key).update(status=RefreshStatus.RUNNING)
    await Anomaly.filter(group_id=key).update(alert_at=env_of(world).clock.now())
    await due_now(world, WorkKind.ALERT_MANAGERS, key)
    alert = DueWork.filter(key=work_key(WorkKind.ALERT_MANAGERS, key))
    await eventually(alert.exists, lambda waits: not waits)
    assert len(await alerts_to(creator)) == 1


async def test_what_is_old_goes_though_it_is_more_than_a_batch(  # R34
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasure, "_BATCH", 2)
    _, group_id, _ = await a_group(world, members=3)
    events = GroupEvent.filter(group_id=decode_id(group_id, "Group"))
    begun = [id for (id,) in await events.values_list("id")]
    assert len(begun) > 2 * 2
    await world.advance(days=31)
    await due_now(world, WorkKind.ERASE_OLD, EVERYTHING_OLD)
    await eventually(events.filter(id__in=begun).exists, lambda some: not some)
