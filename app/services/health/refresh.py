"""Refreshing a group: every member's data anew, then the judgement (R25, R26)."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from app.domain.activity import ActivityState, activity_on, last_visit_on, next_scheduled_at
from app.domain.events import Event, EventType
from app.domain.identity import Document
from app.domain.limits import REFRESH_DEADLINE
from app.domain.refresh import RefreshStatus, ended_as, next_allowed_at
from app.domain.roles import Right
from app.models.due import Claim, WorkKind, finish, repeat
from app.models.groups import Group, lock_group
from app.models.health import erase_left_records
from app.models.members import Membership
from app.models.refresh import OPEN_STATES, RefreshRun, last_start
from app.ports.bus import progress_channel
from app.ports.health import BATCH_SIZE
from app.ports.http import GatewayError
from app.services.health.judging import judge_in
from app.services.health.records import spread_news, store_reports
from app.services.health.reports import keep_report
from app.services.kernel.env import Env, Viewer
from app.services.kernel.rights import require
from app.services.kernel.unit import Unit, unit_of_work

BATCHES_AT_ONCE: Final = 4
_SHOW_EVERY: Final = timedelta(milliseconds=200)  # as often as anyone watching can see
_SPREAD_EVERY: Final = timedelta(seconds=5)
_TIME_TO_END: Final = timedelta(minutes=1)


async def refresh_group(env: Env, viewer: Viewer, group_id: UUID) -> UUID:
    """Start a refresh by hand, or answer the run that the interval holds to (R25).

    Either way it is a manager's visit, which makes the group active (R27).
    """
    async with unit_of_work(env, group_id) as unit:
        group = await require(viewer, group_id, Right.REFRESH)
        if _state(env, group, unit.today) is ActivityState.INACTIVE:
            sooner = next_scheduled_at(group_id, ActivityState.ACTIVE, unit.now)
            await unit.schedule(WorkKind.START_REFRESH, group_id, at=sooner)
        run_id = await _start(unit, group, viewer.person_id, visited_on=unit.today)
        if run_id is not None:
            return run_id
        await Group.filter(id=group_id).update(visited_on=unit.today)
        assert group.refresh_run_id is not None, "a start that holds others back is a run's"
        return group.refresh_run_id


async def start_refresh(env: Env, claim: Claim) -> None:
    """Refresh a group at its scheduled time (R24), and ask for the next; harmless twice.

    Times missed while nothing ran are made up for by one refresh.
    """
    async with unit_of_work(env, claim.subject_id) as unit:
        group = await lock_group(claim.subject_id)
        if group is None:
            await finish(claim)
            return
        state = _state(env, group, unit.today)
        since = await last_start(claim.subject_id) or group.created_at
        # A group that fell inactive meanwhile leaves out the times of active ones.
        if next_scheduled_at(claim.subject_id, state, since) <= unit.now:
            await _start(unit, group, None)
        await repeat(claim, next_scheduled_at(claim.subject_id, state, unit.now))


def _state(env: Env, group: Group, today: date) -> ActivityState:
    return activity_on(today, last_visit_on(group.visited_on, env.day_of(group.created_at)))


async def _start(unit: Unit, group: Group, actor_id: UUID | None, **changes: object) -> UUID | None:
    """Start a run under the group's row, with ``changes`` to it; None while one holds (R25)."""
    if next_allowed_at(group.refresh_started_at, unit.now) > unit.now:
        return None
    run_id = unit.new_id()
    await RefreshRun.create(
        id=run_id,
        group_id=group.id,
        status=RefreshStatus.QUEUED,
        requested_by=actor_id,
        started_at=unit.now,
    )
    event = Event(EventType.REFRESH_STARTED, actor_id=actor_id, subject_id=run_id)
    changes |= {"refresh_run_id": run_id, "refresh_started_at": unit.now}
    await unit.log(group.id, event, **changes)
    await unit.schedule(WorkKind.RUN_REFRESH, run_id)
    return run_id


@dataclass(slots=True)
class _Progress:
    """How far one execution of a run has come."""

    run_id: UUID
    group_id: UUID
    people: Mapping[Document, Mapping[str, Any]]
    shown_at: datetime
    spread_at: datetime
    answered: set[Document]
    asked: set[Document]
    over: bool = False  # the run was ended from outside, as by a dissolution (R8)

    @property
    def missing(self) -> list[str]:
        """The members that the provider gave no answer about."""
        absent = [row for document, row in self.people.items() if document not in self.answered]
        return [str(row["id"]) for row in absent]


async def run_refresh(env: Env, claim: Claim) -> None:
    """Carry out a run, or go on where a killed worker left it; harmless twice (R25).

    Whatever the provider does, the run ends before its deadline: done, partly done with
    the missing named, or failed.
    """
    run = await RefreshRun.get_or_none(id=claim.subject_id)
    if run is None or run.status not in OPEN_STATES:
        async with unit_of_work(env):
            if run is not None:
                await erase_left_records(run.group_id, run.started_at)
            await finish(claim)
        return
    progress = await _gather_people(run)
    await _show(env, progress)
    time_left = run.started_at + REFRESH_DEADLINE - _TIME_TO_END - env.clock.now()
    if time_left > timedelta():
        with suppress(TimeoutError):  # whoever was not asked in time is missing
            async with asyncio.timeout(time_left.total_seconds()):
                await _fetch_all(env, progress)
    await _end(env, claim, run, progress)


async def _gather_people(run: RefreshRun) -> _Progress:
    """Read whom to ask about; those already fetched by this run count as done."""
    rows = await Membership.filter(group_id=run.group_id).values(
        "id",
        "person_id",
        id_type="person__id_type",
        id_number="person__id_number",
        as_of="person__record__as_of",
    )
    people = {Document(row["id_type"], row["id_number"]): row for row in rows}
    fetched = {
        document
        for document, row in people.items()
        if row["as_of"] and row["as_of"] >= run.started_at
    }
    return _Progress(
        run.id, run.group_id, people, run.started_at, run.started_at, set(fetched), set(fetched)
    )


async def _show(env: Env, progress: _Progress) -> None:
    """Write how far the run has come into its row (R26)."""
    progress.shown_at = env.clock.now()
    is_open = await RefreshRun.filter(id=progress.run_id, status__in=OPEN_STATES).update(
        status=RefreshStatus.RUNNING, done=len(progress.asked), total=len(progress.people)
    )
    progress.over = is_open == 0
    await env.bus.publish(progress_channel(progress.group_id))


async def _fetch_all(env: Env, progress: _Progress) -> None:
    places = asyncio.Semaphore(BATCHES_AT_ONCE)
    left = [document for document in progress.people if document not in progress.asked]

    async def fetch(batch: Sequence[Document]) -> None:
        async with places:
            if not progress.over:
                await _fetch_batch(env, progress, batch)

    async with asyncio.TaskGroup() as tasks:
        for batch in _batches(left):
            tasks.create_task(fetch(batch))


def _batches(documents: Sequence[Document]) -> Iterator[Sequence[Document]]:
    for start in range(0, len(documents), BATCH_SIZE):
        yield documents[start : start + BATCH_SIZE]


async def _fetch_batch(env: Env, progress: _Progress, batch: Sequence[Document]) -> None:
    asked_at = env.clock.now()
    try:
        answers = await env.health.query(batch)
    except GatewayError:
        answers = {}
    progress.asked.update(batch)
    progress.answered.update(answers)
    async with unit_of_work(env) as unit:
        await store_reports(
            unit,
            {progress.people[person]["person_id"]: report for person, report in answers.items()},
            asked_at,
        )
        if unit.now - progress.spread_at >= _SPREAD_EVERY:
            # A slow provider: the news so far shouldn't grow old until the run ends.
            progress.spread_at = unit.now
            await spread_news(unit, of_group=progress.group_id)
    if env.clock.now() - progress.shown_at >= _SHOW_EVERY:
        await _show(env, progress)


async def _end(env: Env, claim: Claim, run: RefreshRun, progress: _Progress) -> None:
    missing = progress.missing
    status = ended_as(len(progress.people), len(missing))
    async with unit_of_work(env, progress.group_id) as unit:
        # Ahead of the run's row and of due work, as everywhere; gone if it was dissolved.
        group = await lock_group(progress.group_id)
        ended = await RefreshRun.filter(id=progress.run_id, status__in=OPEN_STATES).update(
            status=status,
            done=len(progress.asked),
            total=len(progress.people),
            missing=missing,
            ended_at=unit.now,
        )
        await finish(claim)
        unit.announce(progress_channel(progress.group_id))
        # A worker that died may have stored what came of who isn't there any more (R8, R34).
        await erase_left_records(run.group_id, run.started_at)
        if not ended or group is None:
            return
        await spread_news(unit, of_group=progress.group_id)
        event = Event(
            EventType.REFRESH_ENDED,
            subject_id=progress.run_id,
            details={"status": status.value},
        )
        failed = status is RefreshStatus.FAILED
        change: dict[str, Any] = {} if failed else {"refreshed_at": unit.now}
        if failed and group.refresh_run_id == progress.run_id:
            # A failed run keeps nobody waiting for the next one (R25), if that didn't begin yet.
            change = {"refresh_started_at": None}
        rows = await judge_in(unit, progress.group_id, event, **change)
        if not failed:
            await keep_report(unit, progress.group_id, rows)


async def give_up_run(unit: Unit, run_id: UUID) -> None:
    """End a run as failed that can't be carried out: it holds up no later one (R25).

    The judgement is asked for, not made here: it may be what can't be done.
    """
    run = await RefreshRun.get_or_none(id=run_id)
    if run is None:
        return
    group = await lock_group(run.group_id)
    ended = await RefreshRun.filter(id=run_id, status__in=OPEN_STATES).update(
        status=RefreshStatus.FAILED, ended_at=unit.now
    )
    unit.announce(progress_channel(run.group_id))
    await erase_left_records(run.group_id, run.started_at)
    if not ended or group is None:
        return
    await spread_news(unit, of_group=run.group_id)
    details = {"status": RefreshStatus.FAILED.value}
    event = Event(EventType.REFRESH_ENDED, subject_id=run_id, details=details)
    current = group.refresh_run_id == run_id
    await unit.log(run.group_id, event, **({"refresh_started_at": None} if current else {}))
