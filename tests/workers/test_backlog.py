"""A backlog drains at the workers' rate, each piece done once, and codes go ahead of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import pytest

from app.domain.sms import SmsState, SmsTemplate
from app.models.claiming import Capacity, Taken, take_due
from app.models.due import DueWork, WorkKind
from app.models.messages import Sms
from app.ports.bus import DUE
from app.services.kernel.env import SMS_AT_ONCE, Env
from app.workers import tick
from app.workers.kinds import KINDS
from app.workers.runtime import background_work
from tests.support.background import CountedSms, queue_many_sms
from tests.support.waiting import eventually

BACKLOG: Final = 2000
LEASE: Final = timedelta(seconds=2)  # the backlog takes many times as long
LONG: Final = 180.0
TOLD: Final = {"member": "张*", "group": "第一小学"}


@pytest.fixture
async def gateway(gateway: CountedSms) -> CountedSms:
    """A gateway that takes 10 ms for each SMS."""
    gateway.seconds = 0.01
    return gateway


@pytest.fixture
def claimed(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each piece is claimed, with a lease much shorter than the backlog takes."""
    counts: Counter[str] = Counter()

    async def counting(now: datetime, capacities: Sequence[Capacity]) -> Taken:
        taken = await take_due(now, capacities)
        counts.update(claim.key for claim in taken.claims)
        return taken

    monkeypatch.setattr(tick, "take_due", counting)
    short = replace(KINDS[WorkKind.SEND_SMS], lease=LEASE)
    monkeypatch.setitem(KINDS, WorkKind.SEND_SMS, short)
    return counts


async def sent() -> int:
    return await Sms.filter(state=SmsState.SENT).count()


async def test_a_backlog_drains_each_sms_sent_once_and_no_piece_claimed_twice(  # R39
    env: Env, gateway: CountedSms, claimed: Counter[str]
) -> None:
    queued = await queue_many_sms(env, BACKLOG, TOLD)
    async with background_work(env), background_work(env):  # as two processes
        await eventually(sent, lambda count: count == BACKLOG, LONG)
    assert gateway.taken == Counter(str(sms.id) for sms in queued)
    assert set(claimed.values()) == {1}
    assert gateway.most_at_once <= SMS_AT_ONCE  # two processes share this one's turns
    assert await DueWork.filter(kind=WorkKind.SEND_SMS).count() == 0


async def test_never_more_is_claimed_than_there_are_threads(  # R39
    env: Env, gateway: CountedSms
) -> None:
    gateway.open.clear()
    threads = KINDS[WorkKind.SEND_SMS].threads
    await queue_many_sms(env, 5 * threads, TOLD)
    waiting = DueWork.filter(kind=WorkKind.SEND_SMS, attempts=0)
    async with background_work(env):

        async def begun() -> int:
            return gateway.at_once

        await eventually(begun, lambda count: count == SMS_AT_ONCE)
        await eventually(waiting.count, lambda count: count == 4 * threads)
        for _ in range(5):
            await env.bus.publish(DUE)
        assert await waiting.count() == 4 * threads
        assert gateway.most_at_once == SMS_AT_ONCE
        gateway.open.set()


async def test_a_code_to_sign_in_goes_ahead_of_a_backlog(  # R40
    env: Env, gateway: CountedSms, claimed: Counter[str]
) -> None:
    await queue_many_sms(env, BACKLOG // 4, TOLD)
    async with background_work(env):
        await eventually(sent, lambda count: count > 20, LONG)
        before = len(gateway.order)
        await queue_many_sms(env, 1, {"code": "123456"}, SmsTemplate.VERIFICATION_CODE)
        await env.bus.publish(DUE)

        async def codes() -> int:
            return gateway.order.count(SmsTemplate.VERIFICATION_CODE)

        await eventually(codes, bool)
        passed = gateway.order.index(SmsTemplate.VERIFICATION_CODE) - before
        await eventually(sent, lambda count: count == BACKLOG // 4 + 1, LONG)
    assert passed < 50  # of the hundreds that came before it
    assert set(claimed.values()) == {1}
