"""The counts of days, which are kept for ninety (R49)."""

from datetime import timedelta
from typing import Any

from app.models.day_counts import DayCount
from app.resolvers.ids import decode_id
from tests.support.clock import pass_time, pass_until, today
from tests.support.members import Profile, group_of
from tests.support.person import Person
from tests.support.refreshes import leave_to_managers, refresh
from tests.support.waiting import eventually
from tests.support.world import World

TREND = """query($id: ID!, $from: Date, $to: Date) { group(id: $id) {
    statistics { total byHealthCode { healthCode count } byTest { count } byDoses { doses count } }
    statisticsTrend(from: $from, to: $to) { date refreshedAt
        statistics { total byHealthCode { healthCode count } byTest { count }
            byDoses { doses count } } } } }"""


async def trend(manager: Person, group_id: str, **days: str) -> list[dict[str, Any]]:
    group = (await manager.ask(TREND, id=group_id, **days))["group"]
    found: list[dict[str, Any]] = group["statisticsTrend"]
    return found


async def test_counts_of_a_day_are_kept_for_ninety_days_and_then_erased(
    world: World,
) -> None:  # R49
    group_id, (creator, *_) = await group_of(
        world, Profile("创"), Profile("红", "", {"health_code": "RED"})
    )
    await leave_to_managers(group_id)
    await pass_until(9, creator)
    day = await today(world)
    assert await refresh(creator, group_id) == "DONE"
    now = (await creator.ask(TREND, id=group_id))["group"]
    *before, first = now["statisticsTrend"]
    assert len(before) == 89 and before[-1]["date"] == str(day - timedelta(days=1))
    assert all(one["statistics"] is one["refreshedAt"] is None for one in before)
    assert (first["date"], first["statistics"]) == (str(day), now["statistics"])
    kept = DayCount.filter(group_id=decode_id(group_id, "Group"))

    for days in (28, 28, 28, 5):  # a session lasts thirty
        await pass_time(creator, days=days)
    (oldest, *later) = await trend(creator, group_id)
    assert oldest == first and all(one["statistics"] is None for one in later)
    within = await trend(
        creator, group_id, **{"from": str(day), "to": str(day + timedelta(days=2))}
    )
    assert within == [oldest, *later[:2]]
    await pass_time(creator, days=1)
    assert first not in await trend(creator, group_id)
    await eventually(kept.count, lambda left: left == 0)


async def test_no_more_days_are_asked_for_than_are_kept(world: World) -> None:  # R49
    group_id, (creator,) = await group_of(world, Profile("创"))
    day = await today(world)
    back = timedelta(days=90)
    for days in (
        {"from": str(day - back)},
        {"from": str(day), "to": str(day - timedelta(days=1))},
        {"to": "0001-01-01"},
        {"from": "0001-01-01", "to": "9999-12-31"},
    ):
        assert await creator.error_code(TREND, id=group_id, **days) == "BAD_USER_INPUT", days
    later = await trend(creator, group_id, **{"from": "9999-12-31", "to": "9999-12-31"})
    assert [one["statistics"] for one in later] == [None]
