"""Due work and quotas: nothing is lost, nothing is done by two, and limits hold in a crowd."""

import asyncio
import itertools
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

import pytest
from tortoise.transactions import in_transaction

from app.domain.limits import CODE_GAP
from app.models import claiming, due
from app.models.claiming import Capacity
from app.models.due import LEASE, Claim, DueWork, WorkKind
from app.models.quotas import Use, take_quota

NOW: Final = datetime(2022, 9, 1, 8, 0, tzinfo=UTC)
SOON: Final = NOW + timedelta(minutes=5)
TICK: Final = timedelta(milliseconds=1)
_keys = itertools.count()


@pytest.fixture(autouse=True)
async def nothing_due(opened: str) -> None:
    await DueWork.all().delete()


async def ask_for_work(at: datetime = NOW, kind: WorkKind = WorkKind.SEND_SMS) -> UUID:
    subject = uuid4()
    await due.schedule(kind, at, subject)
    return subject


async def claim(now: datetime, pieces: int = 100) -> list[Claim]:
    return await claiming.claim_due(now, [Capacity(kind, pieces) for kind in WorkKind])


async def the_claim(now: datetime = NOW) -> Claim:
    (only,) = await claim(now)
    return only


@pytest.mark.parametrize("order", [(NOW, SOON), (SOON, NOW)])
async def test_work_asked_for_twice_is_one_and_due_at_the_earlier_time(
    order: tuple[datetime, ...],
) -> None:
    subject = uuid4()
    for at in order:
        await due.schedule(WorkKind.JUDGE_GROUP, at, subject)
    assert await DueWork.all().count() == 1
    assert await claiming.next_due_at() == NOW


async def test_work_of_another_kind_or_subject_is_work_of_its_own() -> None:
    subject = await ask_for_work()
    await due.schedule(WorkKind.FETCH_PERSON, NOW, subject)
    await ask_for_work()
    assert await DueWork.all().count() == 3


async def test_nothing_is_handed_out_before_its_time() -> None:
    subject = await ask_for_work(SOON)
    assert await claim(SOON - TICK) == []
    assert (await the_claim(SOON)).subject_id == subject


async def test_what_has_waited_longest_is_handed_out_first() -> None:
    waiting = [await ask_for_work(NOW + n * TICK) for n in (3, 1, 2)]
    first = [claim.subject_id for claim in await claim(SOON, 2)]
    assert sorted(first) == sorted(waiting[1:])
    assert (await the_claim(SOON)).subject_id == waiting[0]


async def test_of_twenty_who_claim_at_once_each_gets_work_of_their_own() -> None:
    subjects = {await ask_for_work() for _ in range(60)}
    claimed = await asyncio.gather(*(claim(NOW, 5) for _ in range(20)))
    handed_out = Counter(claim.subject_id for claims in claimed for claim in claims)
    assert set(handed_out.values()) == {1}
    # Who finds rows locked goes away with less: another look finds the rest, none of it twice.
    handed_out.update(claim.subject_id for claim in await claim(NOW))
    assert handed_out == Counter(subjects)


async def test_a_claim_that_fell_silent_lapses_and_is_handed_out_again() -> None:
    subject = await ask_for_work()
    first = await the_claim()
    assert await claim(NOW + LEASE - TICK) == []
    second = await the_claim(NOW + LEASE)
    assert (first.subject_id, second.subject_id) == (subject, subject)
    assert (first.attempts, second.attempts) == (1, 2)


async def test_who_fell_silent_too_long_keeps_nothing() -> None:
    await ask_for_work()
    first = await the_claim()
    second = await the_claim(NOW + LEASE)
    assert not await due.renew(first, NOW + 3 * LEASE)
    assert not await due.retry(first, NOW + 3 * LEASE, "Late")
    assert not await due.park(first, NOW + LEASE, "Late")
    assert await due.renew(second, NOW + 2 * LEASE)


async def test_a_claim_that_is_kept_while_work_goes_on_is_handed_to_nobody() -> None:
    await ask_for_work()
    taken = await the_claim()
    assert await due.renew(taken, NOW + 10 * LEASE)
    assert await claim(NOW + 10 * LEASE - TICK) == []
    assert (await the_claim(NOW + 10 * LEASE)).subject_id == taken.subject_id


async def test_no_more_is_claimed_of_a_kind_than_may_begin() -> None:
    for kind in (WorkKind.SEND_SMS, WorkKind.JUDGE_GROUP, WorkKind.END_LEAVE):
        for _ in range(5):
            await ask_for_work(kind=kind)
    capacities = [
        Capacity(WorkKind.SEND_SMS, 2),
        Capacity(WorkKind.JUDGE_GROUP, 9),
        Capacity(WorkKind.END_LEAVE, 0),
    ]
    taken = Counter(one.kind for one in await claiming.claim_due(NOW, capacities))
    assert taken == {WorkKind.SEND_SMS: 2, WorkKind.JUDGE_GROUP: 5}
    assert await claiming.next_due_at([WorkKind.END_LEAVE]) == NOW
    assert await claiming.next_due_at([WorkKind.JUDGE_GROUP]) == NOW + LEASE
    assert await claiming.next_due_at([]) is None


async def test_every_kind_is_kept_by_a_lease_of_its_own() -> None:
    for kind in (WorkKind.SEND_SMS, WorkKind.SEND_CODE):
        await ask_for_work(kind=kind)
    await claiming.claim_due(
        NOW, [Capacity(WorkKind.SEND_SMS, 1), Capacity(WorkKind.SEND_CODE, 1, LEASE / 3)]
    )
    assert await claiming.next_due_at([WorkKind.SEND_SMS]) == NOW + LEASE
    assert await claiming.next_due_at([WorkKind.SEND_CODE]) == NOW + LEASE / 3


async def test_finished_work_is_forgotten() -> None:
    await ask_for_work()
    assert await due.finish(await the_claim())
    assert await claiming.next_due_at() is None
    assert await claim(NOW + 10 * LEASE) == []


async def test_finishing_does_not_forget_what_was_asked_for_meanwhile() -> None:
    subject = await ask_for_work()
    taken = await the_claim()
    await due.schedule(WorkKind.SEND_SMS, NOW + TICK, subject)
    assert not await due.finish(taken)
    again = await the_claim(NOW + TICK)
    assert (again.subject_id, again.attempts) == (subject, 1)
    assert again.stamp != taken.stamp
    assert await due.finish(again)


async def test_trying_again_later_does_not_put_off_what_was_asked_for_meanwhile() -> None:
    subject = await ask_for_work()
    taken = await the_claim()
    await due.schedule(WorkKind.SEND_SMS, NOW + TICK, subject)
    assert not await due.retry(taken, SOON, "Late")
    await due.repeat(taken, SOON)
    assert await claiming.next_due_at() == NOW + TICK


async def test_work_that_is_repeated_has_all_its_attempts_before_it() -> None:
    await ask_for_work()
    taken = await the_claim()
    assert await due.retry(taken, NOW, "ValueError")
    taken = await the_claim()
    assert taken.attempts == 2
    await due.repeat(taken, SOON)
    assert (await the_claim(SOON)).attempts == 1


async def test_dead_work_never_comes_due_until_it_is_asked_for_anew() -> None:
    subject = await ask_for_work()
    assert await due.park(await the_claim(), NOW, "ValueError")
    assert await claiming.next_due_at() is None
    assert await claim(NOW + timedelta(days=10_000)) == []
    row = await DueWork.get(subject_id=subject)
    assert (row.dead_at, row.error, row.attempts) == (NOW, "ValueError", 1)
    await due.schedule(WorkKind.SEND_SMS, SOON, subject)
    row = await DueWork.get(subject_id=subject)
    assert (row.dead_at, row.error, row.attempts, row.due_at) == (None, None, 0, SOON)
    assert (await the_claim(SOON)).attempts == 1


async def test_work_that_is_no_more_needed_is_forgotten_alone() -> None:
    subject, other = await ask_for_work(), await ask_for_work()
    await due.forget(WorkKind.SEND_SMS, subject)
    await due.forget(WorkKind.JUDGE_GROUP, other)
    assert (await the_claim()).subject_id == other


async def test_work_goes_with_the_change_that_asked_for_it() -> None:  # R39
    with suppress(LookupError):
        async with in_transaction():
            await ask_for_work()
            raise LookupError
    assert await claiming.next_due_at() is None


def a_key() -> str:
    return f"phone {next(_keys)}"


async def test_a_limit_holds_in_a_crowd() -> None:  # R40
    key = a_key()
    taken = await asyncio.gather(*(take_quota(Use(key, "today", 10, NOW)) for _ in range(50)))
    assert taken.count(True) == 10


async def test_a_gap_holds_in_a_crowd() -> None:  # R40
    key = a_key()
    crowd = (take_quota(Use(key, "today", 10, NOW, CODE_GAP)) for _ in range(50))
    assert (await asyncio.gather(*crowd)).count(True) == 1
    assert not await take_quota(Use(key, "today", 10, NOW + CODE_GAP - TICK, CODE_GAP))
    assert await take_quota(Use(key, "today", 10, NOW + CODE_GAP, CODE_GAP))


async def test_a_new_day_counts_anew_and_every_key_for_itself() -> None:  # R40
    key = a_key()
    assert await take_quota(Use(key, "today", 1, NOW))
    assert not await take_quota(Use(key, "today", 1, NOW))
    assert await take_quota(Use(a_key(), "today", 1, NOW))
    assert await take_quota(Use(key, "tomorrow", 1, NOW))
    assert not await take_quota(Use(key, "tomorrow", 1, NOW))


async def test_a_refused_use_does_not_count() -> None:  # R40
    key = a_key()
    assert await take_quota(Use(key, "today", 2, NOW, CODE_GAP))
    for _ in range(5):
        assert not await take_quota(Use(key, "today", 2, NOW, CODE_GAP))
    assert await take_quota(Use(key, "today", 2, NOW + CODE_GAP, CODE_GAP))


async def test_within_the_limit_nobody_is_refused_whose_statement_came_late() -> None:
    key = a_key()
    assert await take_quota(Use(key, "this hour", 2000, NOW))
    assert await take_quota(Use(key, "this hour", 2000, NOW - TICK))
