"""The dashboard in a real browser, as managers and members use it.

The scenes are programs in ``src/dashboard/``; here is what they meet, and what others do
meanwhile. ``PICTURES=1`` has the pictures of the documents made anew.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from app.demo.cast import CITY, OVERSEER, group_name, somebody
from app.domain.groups import GroupColour
from app.models import Group
from tests.support.clients import Scenario, browser, scenario
from tests.support.dashboards import (
    DIST,
    LATECOMER,
    Watched,
    a_full_group,
    a_watched_group,
    look_after,
    trouble,
)
from tests.support.in_process import served
from tests.support.leaves import REASON, request_leave
from tests.support.members import member_id_of
from tests.support.person import Person
from tests.support.processes import ROOT, Process, answering, serving
from tests.support.records import nat
from tests.support.refreshes import leave_to_managers, refresh
from tests.support.servers import free_port
from tests.support.trees import SIZE, lay_down, serving_tree, signed_in
from tests.support.world import World

_PATIENCE: Final = 240.0  # seconds for a scene to end
_LOOKS: Final = 4
_EDITS: Final = 30
_BETWEEN_EDITS: Final = 0.1  # seconds
_PICTURES: Final = str(ROOT / "docs" / "pictures") if os.environ.get("PICTURES") else None
_OWN_GROUPS: Final = "{ me { groups(first: 1) { nodes { id } } } }"
_MEMBERS: Final = "query($id: ID!) { group(id: $id) { members { nodes { healthCode } } } }"


@asynccontextmanager
async def watched(
    database_url: str,
    begin: Callable[[World], Any] = a_watched_group,
    **settings: Any,
) -> AsyncIterator[tuple[World, Watched]]:
    """A server with its dashboard, and the group that is looked at in it."""
    async with served(database_url=database_url, dashboard=True, **settings) as world:
        yield world, await begin(world)


async def until(playing: Scenario, at: str) -> None:
    """Wait until a scene is at a place."""
    while (await playing.next(_PATIENCE)).get("at") != at:
        pass


async def edit_often(group: Watched) -> None:
    """Edit somebody's remark again and again, some times a second."""
    for person in (group.creator, group.members[-1]):
        await person.renew()
    member_id = await member_id_of(group.members[-1], group.group_id)
    for number in range(_EDITS):
        given = {"memberId": member_id, "remark": f"{number} 班"}
        await group.creator.change("updateMemberRemark", "", **given)
        await asyncio.sleep(_BETWEEN_EDITS)


def show(capsys: pytest.CaptureFixture[str], figures: list[dict[str, Any]]) -> None:
    """Print what was measured; docs/front-ends.md has it from a machine that did nothing else."""
    with capsys.disabled():
        sys.stdout.write("\n" + "".join(f"{json.dumps(figure)}\n" for figure in figures))


def human(person: Person) -> dict[str, str]:
    """Somebody as a scene types them."""
    return {"name": person.name, "idNumber": person.id_number}


async def test_every_page_is_for_everybody(clients_database: str) -> None:
    async with watched(clients_database) as (world, group):
        other = await world.real_person()
        joined = await other.create_group(name="第一幼儿园")
        token = await other.invite(joined)
        await group.creator.join(token)
        await look_after(group)
        await trouble(group)
        given = group.given(world, joinedId=joined, token=token, pictures=_PICTURES)
        async with scenario("looks", **given) as playing:
            assert len(await playing.end(_PATIENCE)) == _LOOKS


@pytest.mark.parametrize("where", ["served", "elsewhere"])
async def test_a_manager_lives_their_week(clients_database: str, where: str) -> None:
    port = free_port()
    hosted = {"dist": str(DIST), "port": port} if where == "elsewhere" else {}
    origins = f"http://dashboard.example:{port}"
    async with (
        watched(clients_database, allowed_origins=origins) as (world, group),
        scenario("week", **group.given(world, reason=REASON, **hosted)) as playing,
    ):
        await until(playing, "searching")
        await edit_often(group)
        await until(playing, "leaving")
        leaving = group.members[-1]
        await leaving.renew()
        await request_leave(leaving, group.group_id)
        await playing.end(_PATIENCE)


async def test_a_manager_looks_after_sections_roster_and_schedules(clients_database: str) -> None:
    async with watched(clients_database) as (world, group):
        await look_after(group)
        given = group.given(world, missing=LATECOMER, member=group.members[-1].name)
        async with scenario("everyday", **given) as playing:
            await playing.end(_PATIENCE)


async def test_a_member_comes_and_goes_on_a_phone(clients_database: str) -> None:
    async with watched(clients_database) as (world, group):
        parent, child = world.stranger(), world.stranger()
        now = datetime.fromisoformat(await world.now())
        for person in (parent, child):
            await world.set_record(person.id_number, health_code="GREEN", tests=[nat(now, 1)])
        given = group.given(
            world,
            phone=parent.phone,
            token=await group.creator.invite(group.group_id),
            parent=human(parent),
            child=human(child),
            creator=group.creator.name,
        )
        async with scenario("life", **given) as playing:
            await until(playing, "joined")
            await group.creator.ask(_MEMBERS, id=group.group_id)
            await playing.end(_PATIENCE)


async def test_a_session_is_renewed_and_ends_in_every_tab(
    clients_database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async with (
        watched(clients_database) as (world, group),
        scenario("session", **group.given(world)) as playing,
    ):
        await until(playing, "renewed")
        await group.creator.renew()
        await group.creator.change("updateGroup", "", groupId=group.group_id, name="育才中学")
        show(capsys, (await playing.end())[:1])


async def test_a_full_group_moves_without_a_stutter(
    clients_database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async with (
        watched(clients_database, a_full_group) as (world, group),
        scenario("many", **group.given(world)) as playing,
    ):
        figures = await playing.end(_PATIENCE)
    assert len(figures) == 7
    show(capsys, figures)


async def test_what_happened_while_the_server_was_away_is_there_afterwards(tmp_path: Path) -> None:
    names = ["第一小学", "第二小学", "第三小学"]
    async with serving(tmp_path, dashboard="1") as (process, world):
        creator = await world.real_person()
        group = Watched(creator, await creator.create_group(name=names[0]), [])
        await world.advance(minutes=1)  # a phone gets one code a minute
        async with scenario("restart", **group.given(world, names=names)) as playing:
            for name, end in zip(names[1:], (Process.kill, Process.stop), strict=True):
                await until(playing, "watching")
                await asyncio.to_thread(end, process)
                await until(playing, "lost")
                process.start()
                await answering(world.http, f"{world.url}/readyz", process)
                await creator.change("updateGroup", "", groupId=group.group_id, name=name)
            await playing.end(_PATIENCE)


@dataclass
class Turning:
    """A group of the tree in which somebody turns red."""

    name: str
    group_id: str
    manager: Person
    red: str  # whose ID number

    @classmethod
    async def of(cls, world: World, number: int) -> "Turning":
        manager = await signed_in(world, somebody(number, 0))
        [group] = (await manager.ask(_OWN_GROUPS))["me"]["groups"]["nodes"]
        await leave_to_managers(group["id"])
        return cls(group_name(number), group["id"], manager, somebody(number, 3).id_number)

    async def turn(self) -> float:
        """Have somebody be red by a refresh; return when the group turned, by this machine."""
        world = self.manager.world
        await world.set_record(self.red, health_code="RED")
        await self.manager.renew()
        await refresh(self.manager, self.group_id)
        row = await Group.get(name=self.name)
        assert row.colour is GroupColour.RED and row.turned_at is not None
        ahead = datetime.fromisoformat(await world.now()) - datetime.now(UTC)
        return (row.turned_at - ahead).timestamp()


async def test_one_red_code_turns_a_tree_within_two_seconds(
    sqlite_template: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url, _ = await lay_down(sqlite_template, tmp_path)
    async with serving_tree(url, dashboard=True) as world:
        first, second = await Turning.of(world, 0), await Turning.of(world, 2)
        await world.advance(minutes=31)  # since the last refresh of any group
        given = {
            "browser": browser(),
            "url": world.url,
            "phone": OVERSEER.phone,
            "organisation": CITY,
            "secrets": [OVERSEER.name, OVERSEER.phone, first.manager.name],
            "red": first.name,
            "away": second.name,
            "small": group_name(9),
            "manager": second.manager.phone,
            "pictures": _PICTURES,
        }
        async with scenario("tree", **given) as playing:
            await until(playing, "watching")
            turned_at = await first.turn()
            seen = await playing.next()
            await until(playing, "away")
            await second.turn()
            await playing.end(_PATIENCE)
    seconds = round(seen["ms"] / 1000 - turned_at, 2)
    show(capsys, [{"seconds until the top turned": seconds, "people": SIZE.people}])
    assert 0 < seconds < 2
