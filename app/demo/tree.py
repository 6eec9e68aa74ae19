"""The demo's tree: organisations in three levels above 200 groups of 20,000 people.

Its past is written into the tables; its last six hours are lived by the server: it asks the sandbox
about everyone and judges each group at the group's own time. Nobody is red: that is left to the
newcomer, who makes somebody red and sees the whole turn.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from starlette.applications import Starlette

from app.client import Server
from app.demo.cast import (
    CITY,
    FULL_SIZE,
    MANAGER,
    OVERSEER,
    OWNER,
    Somebody,
    TreeSize,
    group_name,
    organisation_of,
    special,
)
from app.demo.days import Days
from app.demo.group import serving
from app.demo.groups import Planted, plant_group
from app.demo.organisations import plant_organisations
from app.demo.rows import Rows
from app.domain.daily import EVERY_DAY
from app.domain.limits import ACTIVE_REFRESH_EVERY
from app.domain.reminders import ReminderCondition
from app.models import DueWork, Group, Membership, Organisation
from app.models.due import LEASE, WorkKind
from app.ports.clock import MovableClock
from app.services.groups.rosters import RosterRow, import_roster
from app.services.health.digests import set_daily_digest
from app.services.health.reminder_schedules import NewSchedule, set_reminder_schedule
from app.services.kernel.env import Env

LIVED: Final = ACTIVE_REFRESH_EVERY  # within which every group has one turn
STEPS: Final = 3  # of laying a group down: ``progress`` is called at each
_STEP: Final = timedelta(minutes=10)
_LOOK_SECONDS: Final = 0.05
_KEPT_BY_HAND: Final = 10  # of so many groups one has a roster, a schedule and a digest
_REMINDED_AT, _DIGEST_AT = 8 * 60 + 30, 17 * 60  # minutes of the day
_EXPECTED: Final = ("欧阳晨", "司徒雨", "上官林")  # who haven't joined

WHO_IS_WHO: Final[tuple[tuple[Somebody, str], ...]] = (
    (OWNER, f"owns {CITY}, the top of the tree"),
    (OVERSEER, f"oversees {CITY}"),
    (MANAGER, f"is the creator of {group_name(0)}, one of the groups"),
)


async def is_laid_down() -> bool:
    """Return whether the demo's tree is there."""
    return await Organisation.filter(name=CITY, parent_id=None).exists()


async def lay_down(
    app: Starlette,
    env: Env,
    clock: MovableClock,
    progress: Callable[[int], None],
    size: TreeSize = FULL_SIZE,
) -> None:
    """Write the tree, and live six hours in it; call ``progress`` ``STEPS`` times for each group.

    ``app`` serves and works meanwhile. Its ``clock`` is ahead by ``LIVED`` in the end.
    """
    groups = await _plant(env, size, progress)
    before = Days(env, size.days)  # the six hours may begin on one day and end on the next
    async with serving(app, env.public_url) as server:
        await put_records(server)
    await _live(clock, [group.refreshed_first_at for group in groups], progress)
    for group in groups[::_KEPT_BY_HAND]:
        await _keep_by_hand(env, group)
    await before.write(groups, progress)


async def _plant(env: Env, size: TreeSize, progress: Callable[[int], None]) -> list[Planted]:
    rows, groups = Rows(env), []
    organisations = plant_organisations(rows)
    for number, people in enumerate(size.of_groups()):
        attached_to = organisations[organisation_of(number)]
        groups.append(plant_group(rows, number, people, attached_to))
        await rows.write()
        progress(1)
    return groups


async def put_records(server: Server) -> None:
    """Tell the sandbox of who isn't simply green, which it forgets with its process."""
    now = datetime.fromisoformat(await server.now())
    for who, said in special(FULL_SIZE.groups):
        if said is None:
            await server.forget_record(who.id_number)
            continue
        code, result = said
        test = {"result": result, "tested_at": (now - timedelta(hours=3)).isoformat()}
        await server.set_record(who.id_number, health_code=code, tests=[test])


async def _live(
    clock: MovableClock, times: Sequence[datetime], progress: Callable[[int], None]
) -> None:
    """Let the time pass until every group was refreshed at its own time, and judged."""
    until, shown = clock.now() + LIVED, 0

    async def are_refreshed() -> bool:
        nonlocal shown
        refreshed = await Group.exclude(refreshed_at=None).count()
        progress(refreshed - shown)
        shown = refreshed
        return refreshed >= sum(at <= clock.now() for at in times)

    while clock.now() < until:
        clock.advance(min(_STEP, until - clock.now()))
        await _wait_until(are_refreshed)

    async def are_judged() -> bool:
        judging = (WorkKind.RUN_REFRESH, WorkKind.JUDGE_GROUP)
        soon = clock.now() + LEASE  # what is claimed is due then
        return not await DueWork.filter(kind__in=judging, due_at__lte=soon).exists()

    await _wait_until(are_judged)


async def _wait_until(holds: Callable[[], Awaitable[bool]]) -> None:
    while True:
        if await holds():
            return
        await asyncio.sleep(_LOOK_SECONDS)


async def _keep_by_hand(env: Env, group: Planted) -> None:
    """Give a group a roster that isn't complete, a schedule of reminders and a digest."""
    rows = Membership.filter(group_id=group.id).order_by("remark")
    members = await rows.values_list("person__name", "remark", "section__name")
    expected = [RosterRow(name, f"新 {place}") for place, name in enumerate(_EXPECTED, start=1)]
    roster = [*(RosterRow(*one) for one in members), *expected]
    await import_roster(env, group.creator, group.id, roster)
    condition = ReminderCondition(anomalous=True)
    schedule = NewSchedule(condition, _REMINDED_AT, EVERY_DAY[:5])
    await set_reminder_schedule(env, group.creator, group.id, schedule)
    await set_daily_digest(env, group.creator, group.id, _DIGEST_AT)
