"""How often a phone gets a code, at whatever times it asks (R40)."""

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.limits import CODE_GAP, CODES_A_DAY
from app.models.database import database
from app.models.quotas import Use, take_quota

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
MIDNIGHT: Final = datetime(2022, 8, 31, 16, 0, tzinfo=UTC)  # the 1st of September begins
TICK: Final = timedelta(microseconds=1)
MINUTE: Final = timedelta(minutes=1)
_phones = itertools.count()


@pytest.fixture(scope="module", autouse=True)
async def opened(database_url: str) -> AsyncIterator[None]:
    """A database that no server works on."""
    async with database(database_url):
        yield


def day_of(at: datetime) -> str:
    return at.astimezone(SHANGHAI).date().isoformat()


async def ask(phone: str, at: datetime) -> bool:
    return await take_quota(Use(phone, day_of(at), CODES_A_DAY, at, CODE_GAP))


# On both sides of a minute, of a second, and long enough to come to the next day.
steps = st.sampled_from(
    [
        timedelta(0),
        TICK,
        timedelta(seconds=1),
        MINUTE - TICK,
        MINUTE,
        MINUTE + TICK,
        timedelta(hours=3),
        timedelta(hours=24),
        -TICK,
        -MINUTE,
    ]
) | st.timedeltas(timedelta(0), 3 * MINUTE)
starts = st.timedeltas(timedelta(minutes=-20), timedelta(0)).map(lambda before: MIDNIGHT + before)
# The patient, who ask again as soon as they may, come to the eleventh.
patience = st.just([MINUTE] * 24) | st.lists(st.just(MINUTE) | steps, max_size=30)
times = st.tuples(starts, patience).map(
    lambda found: list(itertools.accumulate(found[1], initial=found[0]))
)


@settings(max_examples=40)
@given(times)
async def test_never_two_codes_within_a_minute_nor_eleven_on_one_day(
    requested: list[datetime],
) -> None:  # R40
    phone = f"asks again {next(_phones)}"
    sent = [at for at in requested if await ask(phone, at)]
    assert all(later - earlier >= MINUTE for earlier, later in pairwise(sent))
    assert all(count <= 10 for count in Counter(map(day_of, sent)).values())


@settings(max_examples=40)
@given(times)
async def test_nobody_is_refused_a_code_that_they_may_have(
    requested: list[datetime],
) -> None:  # R40
    phone = f"may have one {next(_phones)}"
    sent: list[datetime] = []
    for at in requested:
        may = not sent or at - sent[-1] >= MINUTE
        may = may and sum(day_of(other) == day_of(at) for other in sent) < 10
        assert await ask(phone, at) == may
        if may:
            sent.append(at)


@settings(max_examples=15)
@given(st.lists(st.timedeltas(timedelta(0), 2 * MINUTE), min_size=2, max_size=20))
async def test_the_limits_hold_for_requests_that_arrive_at_once_in_any_order(
    waits: list[timedelta],
) -> None:  # R40
    phone = f"asks at once {next(_phones)}"
    requested = [MIDNIGHT + wait for wait in waits]
    answers = await asyncio.gather(*(ask(phone, at) for at in requested))
    sent = sorted(at for at, given_out in zip(requested, answers, strict=True) if given_out)
    assert sent  # someone came first
    assert all(later - earlier >= MINUTE for earlier, later in pairwise(sent))


async def test_the_day_ends_at_midnight_in_the_configured_zone() -> None:  # R40
    phone = f"stays up {next(_phones)}"
    evening = [MIDNIGHT - minutes * MINUTE for minutes in range(11, 0, -1)]
    assert [await ask(phone, at) for at in evening] == [True] * 10 + [False]
    assert not await ask(phone, MIDNIGHT - TICK)
    assert await ask(phone, MIDNIGHT)
