"""The demo's tree: what a newcomer finds in it is what the server itself would have made."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pytest
from pydantic import SecretStr

from app.config import Settings
from app.demo.cast import CITY, MANAGER, OVERSEER, OWNER
from app.domain.disclosure import counts_of, shown_counts
from app.domain.judging import judge_group
from app.domain.statistics import statistics_of
from app.models import Group, Membership, ShownCount
from app.models.judging import read_member_states
from app.models.shown_counts import NAMES
from app.newcomers import create_large_demo
from tests.support.in_process import SECRET
from tests.support.person import Person
from tests.support.trees import SIZE, lay_down, serving_tree, signed_in
from tests.support.world import World

ORGANISATIONS: Final = "{ me { organisations { nodes { id viewerRole } } } }"
TREE: Final = """query($id: ID!) { organisation(id: $id) { name colour groupCount memberCount
    trend(days: 20) { statistics { groupsCounted } }
    children { nodes { children { nodes { groupCount } } } }
    groups(first: 50) { nodes { colour turnedAt memberCount statistics { suppressed } } } } }"""
GROUP: Final = """{ me { groups(first: 5) { nodes { name colour memberCount notJoinedCount
    sections { memberCount } reminderSchedule { at } statisticsTrend { date }
    statistics { total } organisations { name } } } } }"""


@pytest.fixture(scope="module")
async def world(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    """The tree in small, and a server that goes on with it."""
    url, told = await lay_down(sqlite_template, tmp_path_factory.mktemp("tree"))
    known = zip((OWNER, OVERSEER, MANAGER), told[1:], strict=True)
    assert all(who.phone in line for who, line in known)
    settings = Settings(database_url=url, secret_key=SecretStr(SECRET), port=0)
    assert await create_large_demo(settings, SIZE) == []  # it isn't empty any more
    async with serving_tree(url) as world:
        yield world


async def overseen(person: Person) -> tuple[str, dict[str, Any]]:
    """What somebody is in the organisation that they own or oversee, and what they see of it."""
    [found] = (await person.ask(ORGANISATIONS))["me"]["organisations"]["nodes"]
    return found["viewerRole"], (await person.ask(TREE, id=found["id"]))["organisation"]


async def test_who_owns_or_oversees_it_sees_the_tree_and_nobody_red(world: World) -> None:
    role, seen = await overseen(await signed_in(world, OWNER))
    assert (role, "OVERSEER") == ("OWNER", (await overseen(await signed_in(world, OVERSEER)))[0])
    assert (seen["name"], seen["colour"], seen["groupCount"]) == (CITY, "YELLOW", SIZE.groups)
    below = [one["children"]["nodes"] for one in seen["children"]["nodes"]]
    assert sum(area["groupCount"] for areas in below for area in areas) == SIZE.groups
    groups = seen["groups"]["nodes"]
    turned = [one for one in groups if one["turnedAt"]]
    assert turned and all((one["colour"] == "YELLOW") == (one in turned) for one in groups)
    assert seen["memberCount"] == sum(one["memberCount"] or 0 for one in groups)
    assert any(one["statistics"]["suppressed"] for one in groups)
    days = [day["statistics"] for day in seen["trend"]]
    # The six hours that were lived lie on one day or on two.
    assert len([day for day in days if day]) in (SIZE.days + 1, SIZE.days + 2)


async def test_a_manager_finds_a_group_that_is_looked_after(world: World) -> None:
    [group] = (await (await signed_in(world, MANAGER)).ask(GROUP))["me"]["groups"]["nodes"]
    assert group["memberCount"] == group["statistics"]["total"]
    assert group["memberCount"] == sum(one["memberCount"] for one in group["sections"])
    assert group["notJoinedCount"] > 0 and group["reminderSchedule"]["at"] == "08:30"
    assert len(group["statisticsTrend"]) >= SIZE.days
    assert [one["name"] for one in group["organisations"]][-1] == CITY


async def test_every_group_is_as_the_rules_would_judge_it(world: World) -> None:
    groups = await Group.all()
    assert sum(group.member_count for group in groups) == SIZE.people
    for group in groups:
        assert group.refreshed_at is not None and group.count_seed is not None
        assert await Membership.filter(group_id=group.id).count() == group.member_count
        members = await read_member_states(group.id)
        facts = [member.facts for member in members]
        verdict = judge_group(group.requirement, facts, group.refreshed_at)
        assert verdict.colour is group.colour
        assert {
            reason.value: n for reason, n in verdict.reason_counts.items()
        } == group.reason_counts
        counts = counts_of(statistics_of(members, group.refreshed_at))
        row = await ShownCount.get(group_id=group.id)
        shown = shown_counts(group.count_seed, counts) or (None,) * len(NAMES)
        assert tuple(getattr(row, name) for name in NAMES) == shown
