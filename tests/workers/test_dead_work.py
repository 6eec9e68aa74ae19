"""Work that fails: tried again ever later, dead at last, seen at its subject, and retried."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

import pytest

from app.domain.refusals import Unavailable
from app.domain.sms import SmsState, SmsTemplate
from app.models.accounts import Account
from app.models.claiming import Capacity, Taken, claim_due, take_due
from app.models.due import LEASE, NEVER, Claim, DueWork, WorkKind, schedule, work_key
from app.models.messages import Sms
from app.ports.bus import DUE
from app.ports.clock import MovableClock
from app.services.kernel import outlasting
from app.services.kernel.env import Env
from app.services.kernel.unit import Unit
from app.services.sms.outbox import fail_sms
from app.workers import tick
from app.workers.command import clock_of_rows, overview, retry_dead
from app.workers.kinds import KINDS
from app.workers.running import LAPSED, do_together, do_work
from app.workers.runtime import background_work
from tests.support.background import CountedSms, queue_many_sms
from tests.support.waiting import eventually

ATTEMPTS: Final = KINDS[WorkKind.SEND_SMS].attempts
TOLD: Final = {"member": "张*", "group": "第一小学"}
LONGEST_PAUSE: Final = 300
SLACK: Final = timedelta(seconds=4)  # less than any two pauses differ by


async def put_off(env: Env, key: str, attempt: int, pause: int) -> None:
    """Wait until an attempt failed and the next is that many seconds away."""
    latest = env.clock.now() + timedelta(seconds=pause)
    await eventually(
        lambda: DueWork.get(key=key),
        lambda row: row.attempts == attempt and latest - SLACK < row.due_at <= latest + SLACK,
    )


async def test_an_sms_that_cant_be_written_is_tried_ever_later_then_failed_and_retried(  # R39
    env: Env, gateway: CountedSms, clock: MovableClock
) -> None:
    [poison] = await queue_many_sms(env, 1, {})
    key = work_key(WorkKind.SEND_SMS, poison.id)
    async with background_work(env):
        for attempt in range(1, ATTEMPTS):
            pause = min(5 * 2 ** (attempt - 1), LONGEST_PAUSE)
            await put_off(env, key, attempt, pause)
            clock.advance(timedelta(seconds=pause))
        row = await eventually(lambda: DueWork.get(key=key), lambda row: row.dead_at is not None)
        assert (row.error, row.attempts, row.due_at) == ("KeyError", ATTEMPTS, NEVER)
        sms = await Sms.get(id=poison.id)
        assert (sms.state, sms.attempts) == (SmsState.FAILED, 0)  # the gateway never saw it
        assert sms.ended_at is not None
        clock.advance(timedelta(days=1))
        await Sms.filter(id=poison.id).update(params=TOLD)
    assert await retry_dead(clock, key) == 1
    assert (await Sms.get(id=poison.id)).state is SmsState.QUEUED
    async with background_work(env):
        await eventually(lambda: Sms.get(id=poison.id), lambda sms: sms.state is SmsState.SENT)
        await eventually(DueWork.filter(key=key).exists, lambda left: not left)
    assert gateway.taken == {str(poison.id): 1}


async def test_work_whose_process_died_is_taken_by_another_and_done_once(  # R39
    env: Env, gateway: CountedSms, clock: MovableClock
) -> None:
    [sms] = await queue_many_sms(env, 1, TOLD)
    [lost] = await claim_due(clock.now(), [Capacity(WorkKind.SEND_SMS, 1)])  # and never begun
    async with background_work(env):
        await env.bus.publish(DUE)
        clock.advance(LEASE - SLACK)
        assert (await DueWork.get(key=lost.key)).attempts == 1
        clock.advance(SLACK)
        await eventually(lambda: Sms.get(id=sms.id), lambda row: row.state is SmsState.SENT)
        await eventually(DueWork.filter(key=lost.key).exists, lambda left: not left)
    assert gateway.taken == {str(sms.id): 1}


async def test_work_that_is_claimed_as_a_process_ends_is_done(  # R39
    env: Env, gateway: CountedSms, monkeypatch: pytest.MonkeyPatch
) -> None:
    claimed = asyncio.Event()

    async def take_slowly(now: datetime, capacities: Sequence[Capacity]) -> Taken:
        taken = await take_due(now, capacities)
        if taken.claims:
            claimed.set()
            await asyncio.sleep(0.1)  # the answer is on its way
        return taken

    monkeypatch.setattr(tick, "take_due", take_slowly)
    [sms] = await queue_many_sms(env, 1, TOLD)
    async with background_work(env):
        await claimed.wait()
    assert gateway.taken == {str(sms.id): 1}
    assert not await DueWork.filter(kind=WorkKind.SEND_SMS).exists()


async def test_work_goes_on_being_kept_while_it_takes_longer_than_its_lease(  # R39
    env: Env, gateway: CountedSms, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = replace(KINDS[WorkKind.SEND_SMS], lease=timedelta(seconds=3))
    monkeypatch.setitem(KINDS, WorkKind.SEND_SMS, short)
    gateway.seconds = 5
    [sms] = await queue_many_sms(env, 1, TOLD)
    async with background_work(env), background_work(env):
        await eventually(lambda: Sms.get(id=sms.id), lambda row: row.state is SmsState.SENT)
    assert gateway.taken == {str(sms.id): 1}


async def test_work_that_ends_its_process_each_time_is_dead_at_last(  # R39
    env: Env, gateway: CountedSms
) -> None:
    [sms] = await queue_many_sms(env, 1, TOLD)
    key = work_key(WorkKind.SEND_SMS, sms.id)
    await DueWork.filter(key=key).update(attempts=ATTEMPTS)
    async with background_work(env):
        row = await eventually(lambda: DueWork.get(key=key), lambda row: row.dead_at is not None)
    assert row.error == LAPSED
    assert (await Sms.get(id=sms.id)).state is SmsState.FAILED
    assert gateway.taken == {}


async def test_work_whose_subject_cant_be_changed_is_dead_all_the_same(
    env: Env, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def failing(unit: Unit, sms_id: UUID) -> None:
        raise LookupError

    broken = replace(KINDS[WorkKind.SEND_SMS], attempts=1, on_dead=failing)
    monkeypatch.setitem(KINDS, WorkKind.SEND_SMS, broken)
    [sms] = await queue_many_sms(env, 1, {})
    key = work_key(WorkKind.SEND_SMS, sms.id)
    async with background_work(env):
        row = await eventually(lambda: DueWork.get(key=key), lambda row: row.dead_at is not None)
    assert row.error == "KeyError"


async def test_work_that_dies_while_the_database_is_away_changes_its_subject_later(  # R39
    env: Env, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = 0

    async def fail_at_last(unit: Unit, sms_id: UUID) -> None:
        nonlocal tried
        tried += 1
        if tried < 3:
            raise Unavailable
        await fail_sms(unit, sms_id)

    monkeypatch.setattr(outlasting, "_PAUSE_SECONDS", 0.01)
    broken = replace(KINDS[WorkKind.SEND_SMS], on_dead=fail_at_last)
    monkeypatch.setitem(KINDS, WorkKind.SEND_SMS, broken)
    [sms] = await queue_many_sms(env, 1, {})
    await DueWork.all().update(attempts=ATTEMPTS - 1)
    [claim] = await claim_due(env.clock.now(), [Capacity(WorkKind.SEND_SMS, 1)])
    await do_work(env, claim)
    assert (await Sms.get(id=sms.id)).state is SmsState.FAILED
    assert (await DueWork.get(key=claim.key)).dead_at is not None


async def test_work_that_was_scheduled_anew_while_it_failed_isnt_dead(env: Env) -> None:
    [sms] = await queue_many_sms(env, 1, TOLD)
    [claim] = await claim_due(env.clock.now(), [Capacity(WorkKind.SEND_SMS, 1)])
    await schedule(WorkKind.SEND_SMS, env.clock.now(), sms.id)
    late = replace(claim, attempts=ATTEMPTS + 1)
    await do_work(env, late)
    assert (await DueWork.get(key=claim.key)).dead_at is None
    assert (await Sms.get(id=sms.id)).state is SmsState.QUEUED


async def test_the_command_lists_dead_work_and_has_it_done_again(env: Env) -> None:
    one, two = await queue_many_sms(env, 2, TOLD)
    for sms in (one, two):
        key = work_key(WorkKind.SEND_SMS, sms.id)
        await DueWork.filter(key=key).update(attempts=ATTEMPTS)
    await queue_many_sms(env, 3, TOLD, SmsTemplate.VERIFICATION_CODE)
    later = env.clock.now() + timedelta(minutes=61)
    for claim in await claim_due(env.clock.now(), [Capacity(WorkKind.SEND_SMS, 2)]):
        await do_work(env, claim)
    clock = MovableClock(fixed_at=later)
    lines = await overview(clock)
    assert [line.split() for line in lines[1:3]] == [
        ["SEND_CODE", "3", "1", "h", "1", "min", "0"],
        ["SEND_SMS", "0", "2"],
    ]
    key = work_key(WorkKind.SEND_SMS, one.id)
    [shown] = [line for line in lines if key in line]
    assert LAPSED in shown and f"{ATTEMPTS + 1} attempts" in shown
    assert not any(TOLD["group"] in line or one.phone in line for line in lines)
    assert await retry_dead(clock, key) == 1
    assert await retry_dead(clock, key) == 0
    assert await retry_dead(clock) == 1
    rows = await DueWork.filter(kind=WorkKind.SEND_SMS)
    assert {(row.attempts, row.dead_at, row.error) for row in rows} == {(0, None, None)}
    assert await Sms.filter(state=SmsState.QUEUED).count() == 5


async def test_what_is_due_is_seen_by_the_clock_that_the_rows_were_written_by(env: Env) -> None:
    moved = env.clock.now() + timedelta(days=3)  # as the sandbox's clock may be
    account = await Account.create(
        id=env.ids.new(),
        phone_hash="moved",
        phone="+8613900000000",
        language="zh",
        created_at=moved,
        last_seen_at=moved,
    )
    assert (await clock_of_rows()).now() == moved
    await account.delete()
    assert (await clock_of_rows()).now() < moved


async def test_what_fails_together_is_done_one_by_one(
    env: Env, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison, *others = [uuid4() for _ in range(4)]

    async def fail(env: Env, claims: Sequence[Claim]) -> Mapping[Claim, Exception]:
        raise LookupError

    async def do(env: Env, claim: Claim) -> None:
        if claim.subject_id == poison:
            raise LookupError
        await DueWork.filter(key=claim.key).delete()

    kind = replace(KINDS[WorkKind.FETCH_PERSON], do=do, do_all=fail)
    monkeypatch.setitem(KINDS, WorkKind.FETCH_PERSON, kind)
    await schedule(WorkKind.FETCH_PERSON, env.clock.now(), poison, *others)
    claims = await claim_due(env.clock.now(), [Capacity(WorkKind.FETCH_PERSON, 4)])
    await do_together(env, claims)
    [left] = await DueWork.all()
    assert (left.subject_id, left.error, left.attempts) == (poison, "LookupError", 1)


async def test_what_failed_among_several_isnt_put_off_by_those_that_go_on(
    env: Env, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(env: Env, claims: Sequence[Claim]) -> Mapping[Claim, Exception]:
        raise LookupError

    async def do(env: Env, claim: Claim) -> None:
        if claim == first:
            raise LookupError
        for _ in range(3):  # it takes several times its lease
            kept_until = (await DueWork.get(key=claim.key)).due_at
            await eventually(DueWork.filter(key=claim.key, due_at__gt=kept_until).exists, bool)

    short = timedelta(seconds=0.3)
    kind = replace(KINDS[WorkKind.FETCH_PERSON], do=do, do_all=fail, lease=short)
    monkeypatch.setitem(KINDS, WorkKind.FETCH_PERSON, kind)
    await schedule(WorkKind.FETCH_PERSON, env.clock.now(), uuid4(), uuid4())
    capacity = Capacity(WorkKind.FETCH_PERSON, 2, lease=short)
    first, second = await claim_due(env.clock.now(), [capacity])
    failed_at = env.clock.now()
    await do_together(env, [first, second])
    due_at = (await DueWork.get(key=first.key)).due_at
    assert due_at >= failed_at + kind.pause_after(1)
