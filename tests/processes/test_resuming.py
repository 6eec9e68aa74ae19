"""Subscriptions that go on over a server's end: nothing lost, nothing told twice."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.person import Person
from tests.support.processes import ROOT, Process, answering, environment, serving
from tests.support.waiting import eventually
from tests.support.world import World

EVENTS = """subscription($id: ID!, $after: Int, $types: [GroupEventType!]) {
    groupEvents(groupId: $id, after: $after, types: $types) {
        ... on GroupEvent { number type } } }"""
GROUPS = "subscription { viewerGroupsChanged { kind groupId group { name } } }"
WAYS_TO_END = ["kill", "stop"]


def end(process: Process, way: str) -> None:
    """End a server: at once, or when it was asked to."""
    if way == "kill":
        process.kill()
    else:
        assert process.stop() == 0


class Events:
    """The numbers that a manager was told, in order."""

    def __init__(self, manager: Person, group_id: str, **chosen: Any) -> None:
        self.numbers: list[int] = []
        self._task = asyncio.create_task(self._follow(manager, group_id, chosen))

    async def _follow(self, manager: Person, group_id: str, chosen: dict[str, Any]) -> None:
        def moved(data: dict[str, Any]) -> dict[str, Any]:
            return {"after": data["groupEvents"]["number"]}

        given = {"id": group_id, "after": 0, **chosen}
        async for data in manager.follow(EVENTS, moved, **given):
            self.numbers.append(data["groupEvents"]["number"])

    async def reach(self, number: int) -> list[int]:
        """Wait until a number was told; return all."""

        async def told() -> list[int]:
            if self._task.done():
                self._task.result()
                raise AssertionError("it ended by itself")
            return self.numbers

        return await eventually(told, lambda numbers: number in numbers)

    def end(self) -> None:
        self._task.cancel()


async def rename(manager: Person, group_id: str, times: int) -> int:
    """Rename a group so many times; return the number of the last event."""
    for number in range(times):
        payload = await manager.change(
            "updateGroup", "group { version }", groupId=group_id, name=f"第 {number} 次"
        )
    version: int = payload["group"]["version"]
    return version


async def up_again(process: Process, world: World) -> None:
    process.start()
    await answering(world.http, f"{world.url}/readyz", process)


@pytest.mark.parametrize("way", WAYS_TO_END)
async def test_events_go_on_where_the_server_ended(tmp_path: Path, way: str) -> None:
    async with serving(tmp_path) as (process, world):
        manager = await world.real_person()
        group_id = await manager.create_group()
        every, chosen = (
            Events(manager, group_id),
            Events(manager, group_id, types=["GROUP_UPDATED"]),
        )
        for _ in range(2):
            last = await rename(manager, group_id, 5)
            end(process, way)
            await up_again(process, world)
        last = await rename(manager, group_id, 5)
        assert await every.reach(last) == list(range(1, last + 1))
        told = await chosen.reach(last)
        assert len(told) == 15 and told == sorted(set(told))
        every.end()
        chosen.end()


async def test_who_went_on_longer_than_a_token_lives_goes_on_all_the_same(tmp_path: Path) -> None:
    async with serving(tmp_path) as (process, world):
        manager = await world.real_person()
        group_id = await manager.create_group()
        events = Events(manager, group_id)
        await events.reach(await rename(manager, group_id, 1))
        await world.advance(minutes=20)
        process.kill()
        await up_again(process, world)
        await eventually(lambda: manager.send("{ me { id } }"), lambda body: "errors" not in body)
        told = await events.reach(await rename(manager, group_id, 2))
        assert told == list(range(1, len(told) + 1))  # the first judgement may come behind
        events.end()


@pytest.mark.parametrize("way", WAYS_TO_END)
async def test_a_dashboard_is_told_of_all_groups_again(tmp_path: Path, way: str) -> None:
    async with serving(tmp_path) as (process, world):
        manager = await world.real_person()
        groups = [await manager.create_group(name=name) for name in ("一", "二")]
        changes = manager.follow(GROUPS)

        async def begin() -> list[str]:
            told: list[str] = []
            async for data in changes:
                change = data["viewerGroupsChanged"]
                if change["kind"] == "SYNCED":
                    return told
                if change["kind"] != "CHANGED":  # as when the creator's data came
                    assert change["kind"] == "CURRENT"
                    told.append(change["groupId"])
            raise AssertionError("the dashboard ended")

        assert await begin() == groups
        end(process, way)
        await up_again(process, world)
        assert await begin() == groups


async def test_the_example_watches_on_while_its_server_is_killed(tmp_path: Path) -> None:
    async with serving(tmp_path) as (process, world):
        manager = await world.real_person()
        group_id = await manager.create_group(name="示例")
        await world.advance(minutes=1)  # until the phone gets its next code
        said = tmp_path / "said"
        with said.open("wb") as output:
            example = await asyncio.create_subprocess_exec(
                sys.executable,
                ROOT / "examples" / "watch_groups.py",
                *("--url", world.url, "--phone", manager.phone),
                env=environment(),
                stdout=output,
                stderr=output,
            )
        try:
            await says(said, "synced    1 groups")
            await rename(manager, group_id, 1)
            await says(said, "GROUP_UPDATED")
            process.kill()
            await up_again(process, world)
            await says(said, "synced    1 groups", 2)
            await rename(manager, group_id, 1)
            await says(said, "GROUP_UPDATED", 2)
            assert "Traceback" not in said.read_text()
        finally:
            example.kill()
            await example.wait()


async def says(said: Path, line: str, times: int = 1) -> None:
    async def found() -> str:
        return await asyncio.to_thread(said.read_text)

    await eventually(found, lambda text: text.count(line) == times)
