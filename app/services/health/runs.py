"""Carrying a refresh out: every member's data anew, then the judgement (R25, R26)."""

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app.domain.events import Event, EventType
from app.domain.refresh import RefreshStatus, ask_again_at, ended_as, time_to_query
from app.models.due import Claim, WorkKind, finish, repeat
from app.models.groups import Group, lock_group
from app.models.health import erase_left_records
from app.models.refresh import OpenRun, Reached, RefreshRun, begin_run, end_run, show_run
from app.ports.bus import progress_channel
from app.ports.health import BATCH_SIZE, Told
from app.ports.http import GatewayError
from app.services.health.judging import judge_in
from app.services.health.progress import Member, Progress, begin
from app.services.health.records import spread_news_of_group, store_answer, store_records
from app.services.health.reports import keep_report
from app.services.kernel.env import Env
from app.services.kernel.unit import Unit, unit_of_work
from app.telemetry import metrics

BATCHES_AT_ONCE: Final = 4
_SHOW_EVERY: Final = timedelta(milliseconds=200)  # as often as anyone watching can see
_SPREAD_EVERY: Final = timedelta(seconds=5)


async def run_refresh(env: Env, claim: Claim) -> None:
    """Carry out a run, or go on where a killed worker left it; harmless twice (R25).

    Whatever the provider does, the run ends before its deadline: done, partly done with
    the missing named, or failed. While the provider is away, it waits without a worker.
    """
    run = await begin_run(claim.subject_id)
    if run is None:
        await _over(env, claim)
        return
    progress = await begin(run, env.clock.now())
    await env.bus.publish(progress_channel(run.group_id))
    time_left = time_to_query(run.started_at, env.clock.now())
    if time_left > timedelta():
        with suppress(TimeoutError):  # whoever was not queried in time is missing
            async with asyncio.timeout(time_left.total_seconds()):
                await _query_all(env, run, progress)
        if progress.away is not None and not progress.over:
            now = env.clock.now()
            again_at = ask_again_at(run.started_at, now, progress.away.retry_after)
            if again_at is not None:
                await _show(env, run, progress)
                await repeat(claim, again_at)
                return
    await _end(env, claim, run, progress)


async def _over(env: Env, claim: Claim) -> None:
    """Finish the work of a run that is over: a worker that died may have stored since (R34)."""
    async with unit_of_work(env):
        run = await RefreshRun.get_or_none(id=claim.subject_id)
        if run is not None:
            await erase_left_records(run.group_id, run.started_at)
        await finish(claim)


async def _show(env: Env, run: OpenRun, progress: Progress) -> None:
    """Write how far the run has come into its row (R26)."""
    progress.shown_at = env.clock.now()
    progress.over = not await show_run(run.id, progress.done, len(progress.members))
    await env.bus.publish(progress_channel(run.group_id))


async def _query_all(env: Env, run: OpenRun, progress: Progress) -> None:
    at_once = asyncio.Semaphore(BATCHES_AT_ONCE)

    async def query(batch: Sequence[Member]) -> None:
        async with at_once:
            if not progress.over and progress.away is None:
                await _query_batch(env, run, progress, batch)

    async with asyncio.TaskGroup() as tasks:
        for batch in _batches(progress.left):
            tasks.create_task(query(batch))


def _batches(members: Sequence[Member]) -> Iterator[Sequence[Member]]:
    for start in range(0, len(members), BATCH_SIZE):
        yield members[start : start + BATCH_SIZE]


async def _query_batch(env: Env, run: OpenRun, progress: Progress, batch: Sequence[Member]) -> None:
    requested_at = env.clock.now()
    told: dict[UUID, Told] = {}
    answered = 0
    try:
        answer = await env.health.query([member.document for member in batch])
    except GatewayError as error:  # whoever there is no answer about is missing
        if error.is_away:
            progress.away = error
            return
    else:
        answered = len(answer.answered)
        theirs = ((member.person_id, answer.told.get(member.document)) for member in batch)
        told = {person_id: one for person_id, one in theirs if one is not None}
    await _store(env, run, progress, told, requested_at)
    # Not before it is stored: the deadline may come between.
    progress.count(batch, told, answered)
    if env.clock.now() - progress.shown_at >= _SHOW_EVERY:
        await _show(env, run, progress)


async def _store(
    env: Env,
    run: OpenRun,
    progress: Progress,
    told: Mapping[UUID, Told],
    requested_at: datetime,
) -> None:
    """Store an answer as it comes: a worker that dies takes nothing of it along."""
    left = await store_answer(env, told, progress.digests, requested_at)
    is_slow = env.clock.now() - progress.spread_at >= _SPREAD_EVERY
    if not left and not is_slow:
        return
    async with unit_of_work(env) as unit:
        await _note_partly_read(run, progress, await store_records(unit, left, requested_at))
        if is_slow:  # the news so far shouldn't grow old until the run ends
            progress.spread_at = unit.now
            await spread_news_of_group(unit, run.group_id, run.started_at)


async def _note_partly_read(run: OpenRun, progress: Progress, people: Collection[UUID]) -> None:
    """Keep whose records could only partly be read; a worker that dies takes none of it along."""
    if people:
        theirs = (one.member_id for one in progress.members if one.person_id in people)
        progress.partly_read.update(map(str, theirs))
        await RefreshRun.filter(id=run.id).update(partly_read=sorted(progress.partly_read))


async def _end(env: Env, claim: Claim, run: OpenRun, progress: Progress) -> None:
    missing = progress.missing
    total = len(progress.members)
    status = ended_as(total, len(missing), progress.answered)
    reached = Reached(progress.done, total, missing)
    async with unit_of_work(env, run.group_id) as unit:
        group = await _close(unit, run, status, reached)
        if group is None:
            await finish(claim)
            return
        await spread_news_of_group(unit, run.group_id, run.started_at, judged=True)
        event, changes = _ended(unit, run, group, status)
        members = await judge_in(
            unit, run.group_id, event, changes=changes, locked=group, claim=claim
        )
        if status is not RefreshStatus.FAILED:
            await keep_report(unit, group, members)
    metrics.RUNS.labels(status).inc()
    metrics.RUN_SECONDS.observe((env.clock.now() - run.started_at).total_seconds())
    metrics.MEMBERS_REFRESHED.inc(total - len(missing))


async def fail_run(unit: Unit, run_id: UUID) -> None:
    """End a run as failed whose work is dead: it holds up no later one (R25).

    The group is judged later, not here: the judgement may be what can't be done. It asks for the
    alert that waited for the run's end, be there news or not (R28).
    """
    run = await RefreshRun.get_or_none(id=run_id)
    if run is None:
        return
    group = await _close(unit, run, RefreshStatus.FAILED)
    if group is not None:
        await spread_news_of_group(unit, run.group_id, run.started_at)
        unit.schedule(WorkKind.JUDGE_GROUP, run.group_id)
        event, changes = _ended(unit, run, group, RefreshStatus.FAILED)
        await unit.log(run.group_id, event, **changes)


async def _close(
    unit: Unit, run: OpenRun | RefreshRun, status: RefreshStatus, reached: Reached | None = None
) -> Group | None:
    """End a run's row, with how far it came.

    Return its group, which is locked; None where there is nothing more to do, because the run
    was over already or the group is dissolved (R8).
    """
    # Ahead of the run's row and of due work, as everywhere.
    group = await lock_group(run.group_id)
    ended = await end_run(run.id, status, unit.now, reached)
    unit.announce(progress_channel(run.group_id))
    unit.changes(run.group_id)
    # A worker that died may have stored what came of who isn't there any more (R8, R34).
    await erase_left_records(run.group_id, run.started_at)
    return group if ended else None


def _ended(
    unit: Unit, run: OpenRun | RefreshRun, group: Group, status: RefreshStatus
) -> tuple[Event, dict[str, object]]:
    """Return the event of a run's end, and what it changes of the group's row."""
    event = Event(EventType.REFRESH_ENDED, subject_id=run.id, details={"status": status.value})
    if status is not RefreshStatus.FAILED:
        return event, {"refreshed_at": unit.now}
    # A failed run keeps nobody waiting for the next one (R25), if that didn't begin yet.
    is_current = group.refresh_run_id == run.id
    return event, {"refresh_started_at": None} if is_current else {}
