"""Scheduled refreshes and activity (R24, R27)."""

import itertools
from datetime import datetime, timedelta
from typing import Any

from tests.support.clock import move_to
from tests.support.groups import a_group
from tests.support.person import Person
from tests.support.refreshes import runs_of
from tests.support.waiting import eventually
from tests.support.world import World

ACTIVITY = """query($id: ID!) { group(id: $id) {
    activity { state refreshDue lastRefreshedAt }
    refresh { nextScheduledAt nextAllowedAt run { startedAt status } } } }"""


async def seen_by(creator: Person, group_id: str) -> dict[str, Any]:
    group: dict[str, Any] = (await creator.ask(ACTIVITY, id=group_id))["group"]
    return group


async def runs_are(group_id: str, count: int) -> list[datetime]:
    """Wait until a group has had so many runs."""
    return await eventually(lambda: runs_of(group_id), lambda runs: len(runs) == count)


async def refreshed(creator: Person, group_id: str) -> None:
    """Wait until a group's newest run is done."""
    await eventually(
        lambda: seen_by(creator, group_id),
        lambda seen: seen["refresh"]["run"]["status"] == "DONE",
    )


async def a_group_of_noon(world: World) -> tuple[Person, str]:
    """A group that is refreshed by itself at times that are far from eight in the morning."""
    await move_to(world, hour=12)
    creator, group_id, _ = await a_group(world)
    return creator, group_id


async def test_an_active_group_is_refreshed_by_itself_when_its_time_comes(  # R24
    world: World,
) -> None:
    creator, group_id, _ = await a_group(world)
    for number in range(1, 5):
        next_at = datetime.fromisoformat(
            (await seen_by(creator, group_id))["refresh"]["nextScheduledAt"]
        )
        now = datetime.fromisoformat(await world.now())
        assert timedelta() < next_at - now <= timedelta(hours=6)
        await world.advance(seconds=(next_at - now).total_seconds())
        await runs_are(group_id, number)
        await creator.sign_in_again()
    runs = await runs_of(group_id)
    gaps = [later - earlier for earlier, later in itertools.pairwise(runs)]
    assert all(abs(gap - timedelta(hours=6)) < timedelta(minutes=1) for gap in gaps), gaps


async def test_a_group_that_nobody_refreshes_falls_inactive_and_comes_back(  # R27
    world: World,
) -> None:
    await move_to(world)
    creator, group_id, _ = await a_group(world)  # the 1st
    await creator.change("refreshGroup", "", groupId=group_id)
    await refreshed(creator, group_id)
    for day in (2, 3):
        await move_to(world)
        await creator.sign_in_again()
        activity = (await seen_by(creator, group_id))["activity"]
        assert (activity["state"], activity["refreshDue"]) == ("ACTIVE", False), day
    await move_to(world)  # the 4th
    await creator.sign_in_again()
    activity = (await seen_by(creator, group_id))["activity"]
    assert (activity["state"], activity["refreshDue"]) == ("INACTIVE", True)
    # Scheduled ones go on, but make no group active; a refresh by hand does.
    await refreshed(creator, group_id)
    assert (await seen_by(creator, group_id))["activity"]["state"] == "INACTIVE"
    await creator.change("refreshGroup", "", groupId=group_id)
    seen = await seen_by(creator, group_id)
    assert (seen["activity"]["state"], seen["activity"]["refreshDue"]) == ("ACTIVE", False)
    ahead = datetime.fromisoformat(seen["refresh"]["nextScheduledAt"]) - datetime.fromisoformat(
        await world.now()
    )
    assert ahead <= timedelta(hours=6)


async def test_an_inactive_group_is_refreshed_once_a_day(world: World) -> None:  # R24
    creator, group_id = await a_group_of_noon(world)
    await move_to(world, days=4)
    await creator.sign_in_again()
    before = await eventually(lambda: runs_of(group_id), bool)
    for _ in range(8):
        await world.advance(hours=6)
        await creator.sign_in_again()
        await seen_by(creator, group_id)
    after = await eventually(lambda: runs_of(group_id), lambda runs: len(runs) - len(before) >= 2)
    assert len(after) - len(before) == 2


async def test_a_standing_run_answered_again_is_a_visit_all_the_same(world: World) -> None:  # R25
    creator, group_id = await a_group_of_noon(world)
    await move_to(world, days=4)
    await creator.sign_in_again()
    await eventually(lambda: runs_of(group_id), bool)
    assert (await seen_by(creator, group_id))["activity"]["state"] == "INACTIVE"
    before = await runs_of(group_id)
    next_at = datetime.fromisoformat(
        (await seen_by(creator, group_id))["refresh"]["nextScheduledAt"]
    )
    now = datetime.fromisoformat(await world.now())
    await world.advance(seconds=(next_at - now).total_seconds())
    await eventually(lambda: runs_of(group_id), lambda runs: len(runs) == len(before) + 1)
    await creator.sign_in_again()
    answer = await creator.change("refreshGroup", "run { startedAt }", groupId=group_id)
    assert datetime.fromisoformat(answer["run"]["startedAt"]) == (await runs_of(group_id))[-1]
    assert len(await runs_of(group_id)) == len(before) + 1
    assert (await seen_by(creator, group_id))["activity"]["state"] == "ACTIVE"


async def test_every_promised_moment_begins_a_run_also_across_falling_inactive(  # R24, R27
    world: World,
) -> None:
    creator, group_id = await a_group_of_noon(world)
    for number in range(1, 14):
        seen = await seen_by(creator, group_id)
        promised = datetime.fromisoformat(seen["refresh"]["nextScheduledAt"])
        now = datetime.fromisoformat(await world.now())
        await world.advance(seconds=(promised - now).total_seconds())
        runs = await runs_are(group_id, number)
        assert timedelta() <= runs[-1] - promised < timedelta(minutes=1), number
        await creator.sign_in_again()
    assert (await seen_by(creator, group_id))["activity"]["state"] == "INACTIVE"


async def test_a_moment_that_a_refresh_by_hand_holds_back_is_not_promised(world: World) -> None:
    creator, group_id = await a_group_of_noon(world)  # R25
    before = datetime.fromisoformat(
        (await seen_by(creator, group_id))["refresh"]["nextScheduledAt"]
    )
    now = datetime.fromisoformat(await world.now())
    await world.advance(seconds=(before - now).total_seconds() - 600)
    await creator.sign_in_again()
    await creator.change("refreshGroup", "", groupId=group_id)
    await refreshed(creator, group_id)
    promised = datetime.fromisoformat(
        (await seen_by(creator, group_id))["refresh"]["nextScheduledAt"]
    )
    assert promised == before + timedelta(hours=6)
    await world.advance(seconds=600)
    await creator.sign_in_again()
    assert len(await runs_of(group_id)) == 1
    now = datetime.fromisoformat(await world.now())
    await world.advance(seconds=(promised - now).total_seconds())
    runs = await runs_are(group_id, 2)
    assert timedelta() <= runs[-1] - promised < timedelta(minutes=1)
