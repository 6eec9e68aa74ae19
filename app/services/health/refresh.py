"""Starting a refresh of a group, by hand or at its time (R24, R25); ``runs`` carries it out."""

from dataclasses import replace
from uuid import UUID

from app.domain.events import Event, EventType
from app.domain.refresh import next_allowed_at
from app.domain.roles import Right
from app.models.due import Claim, WorkKind, finish, repeat
from app.models.groups import Group, lock_group
from app.models.refresh import last_start, new_run
from app.services.health.schedules import schedule_of
from app.services.kernel.env import Env, Viewer
from app.services.kernel.rights import require
from app.services.kernel.unit import Unit, unit_of_work


async def refresh_group(env: Env, viewer: Viewer, group_id: UUID) -> UUID:
    """Start a refresh by hand and return its run; within the interval, the current run (R25).

    Either way it is a manager's visit, which makes the group active (R27).
    """
    async with unit_of_work(env, group_id) as unit:
        group = await require(viewer, group_id, Right.REFRESH)
        await _visit(env, unit, group)
        run_id = await _start(unit, group, viewer.person_id, visited_on=unit.today)
        if run_id is not None:
            return unit.returns(run_id)
        if group.visited_on != unit.today:
            event = Event(EventType.GROUP_VISITED, actor_id=viewer.person_id)
            await unit.log(group_id, event, visited_on=unit.today)
        assert group.refresh_run_id is not None, "a start that holds others back is a run's"
        return unit.returns(group.refresh_run_id)


async def start_refresh(env: Env, claim: Claim) -> None:
    """Refresh a group at its scheduled time (R24), and ask for the next; harmless twice."""
    async with unit_of_work(env, claim.subject_id) as unit:
        group = await lock_group(claim.subject_id)
        if group is None:
            await finish(claim)
            return
        schedule = schedule_of(env, group)
        since = await last_start(group.id) or group.created_at
        if schedule.next_run(since, group.refresh_started_at) <= unit.now:
            await _start(unit, group, None)
        # A time that a run under way holds back is asked about, too: that run may fail.
        await repeat(claim, schedule.next_time(unit.now))


async def _visit(env: Env, unit: Unit, group: Group) -> None:
    """Bring forward when the group is next refreshed by itself, where a visit today does."""
    schedule = schedule_of(env, group)
    sooner = replace(schedule, last_visit=unit.today).next_time(unit.now)
    if sooner < schedule.next_time(unit.now):
        unit.schedule(WorkKind.START_REFRESH, group.id, at=sooner)


async def _start(unit: Unit, group: Group, actor_id: UUID | None, **changes: object) -> UUID | None:
    """Start a run under the group's row, with ``changes`` to it, and return its id.

    Return None, and change nothing, while the interval since the last start lasts (R25).
    """
    if next_allowed_at(group.refresh_started_at, unit.now) > unit.now:
        return None
    run_id = unit.new_id()
    run = new_run(run_id, group.id, actor_id, unit.now)
    event = Event(EventType.REFRESH_STARTED, actor_id=actor_id, subject_id=run_id)
    changes |= {"refresh_run_id": run_id, "refresh_started_at": unit.now}
    await unit.log_with(group.id, [event], changes, [run])
    unit.schedule(WorkKind.RUN_REFRESH, run_id)
    return run_id
