"""Waiting for what must happen: until it is seen, or until nothing is left to do."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final, TypeVar

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from app.models.due import LEASE, DueWork, WorkKind

if TYPE_CHECKING:
    from tests.support.world import World

PATIENCE: Final = 15.0  # seconds to wait for something that must happen
# Where work may be left to the end of its lease: what is scheduled anew while it is being done.
LEFT_PATIENCE: Final = PATIENCE + LEASE.total_seconds()
START_PATIENCE: Final = 60.0  # and for a process to start, where several start at once
_LONGEST_PAUSE: Final = 0.08  # between two looks, which cost those that are waited for their time
T = TypeVar("T")


async def eventually(
    look: Callable[[], Awaitable[T]], holds: Callable[[T], bool], patience: float = PATIENCE
) -> T:
    """Look again and again until what is seen holds, and return it.

    Raises ``AssertionError`` when it still doesn't hold after ``patience`` seconds.
    """
    seen: T | None = None
    pause = 0.01
    try:
        async with asyncio.timeout(patience):
            while True:
                seen = await look()
                if holds(seen):
                    return seen
                await asyncio.sleep(pause)
                pause = min(pause * 1.5, _LONGEST_PAUSE)
    except TimeoutError:
        raise AssertionError(f"still {seen!r} after {patience} s") from None


async def settled(world: "World") -> None:
    """Wait until nothing is left to fetch, to judge or to alert of now.

    What is claimed while we wait is due half a minute later; an alert that waits for the minute
    to pass is left (R28). A scheduled refresh that came due counts, too. An alert that judges the
    group while its judgement waits for it leaves that to its lease's end, where time will change
    something: a needless judgement, which is waited for as well.
    """
    from tests.support.in_process import env_of  # which needs this module

    clock = env_of(world).clock

    async def left() -> list[tuple[object, ...]]:
        return await _unsettled(clock.now()).values_list("kind", "due_at", "attempts")

    await eventually(left, lambda rows: not rows, LEFT_PATIENCE)


def _unsettled(now: datetime) -> QuerySet[DueWork]:
    """What is to be done now, is being done, or follows within a second from what was."""
    running = Q(kind__in=(WorkKind.FETCH_PERSON, WorkKind.RUN_REFRESH))
    claimed = Q(attempts__gt=0, due_at__lte=now + 2 * LEASE)
    alerts = Q(kind__in=(WorkKind.ALERT_MANAGERS, WorkKind.ALERT_AT_TIME))
    alerting = alerts & (claimed | Q(due_at__lte=now))
    judging = Q(kind=WorkKind.JUDGE_GROUP, due_at__lte=now + 2 * LEASE)
    starting = Q(kind=WorkKind.START_REFRESH, due_at__lte=now)
    counting = Q(kind=WorkKind.COUNT_RECORD, due_at__lte=now + LEASE)
    noting = Q(kind=WorkKind.NOTE_MESSAGES, due_at__lte=now + 2 * LEASE)
    return DueWork.filter(running | judging | alerting | starting | counting | noting)
