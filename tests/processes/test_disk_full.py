"""The disk of the embedded database is full: what can't be written is refused, and heals."""

import resource
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from app.client import mutation
from tests.support.person import Person
from tests.support.processes import Process, serving
from tests.support.waiting import eventually
from tests.support.world import World

NAME = "query($id: ID!) { group(id: $id) { name version } }"
ROOM = 64 << 10  # bytes that are left, where it is nearly full


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[tuple[Process, World]]:
    async with serving(tmp_path) as running:
        yield running


def limit(process: Process, size: int) -> None:
    """Let the process make no file longer than this: it can't write, as with a full disk."""
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def longest_file(folder: Path) -> int:
    return max(path.stat().st_size for path in folder.iterdir())


async def rename(person: Person, group_id: str, name: str, key: str) -> tuple[set[str], bool]:
    """Rename a group; return the codes of what went wrong, and whether one is told to wait."""
    given = {"input": {"groupId": group_id, "name": name}}
    headers = {"authorization": f"Bearer {person.token}", "idempotency-key": f'"{key}"'}
    response = await person.server.http.post(
        f"{person.url}/graphql",
        json={"query": mutation("updateGroup", "group { version }"), "variables": given},
        headers=headers,
    )
    codes = {error["extensions"]["code"] for error in response.json().get("errors", ())}
    return codes, "retry-after" in response.headers


async def test_what_finds_no_room_is_refused_whole_and_done_when_there_is_some(
    served: tuple[Process, World], tmp_path: Path
) -> None:
    process, world = served
    creator = await world.real_person()
    group_id = await creator.create_group()
    # The creator's first data is an event, too: it has come before there is no room for it.
    await eventually(
        lambda: creator.ask(NAME, id=group_id), lambda data: data["group"]["version"] == 2
    )
    limit(process, longest_file(tmp_path) + ROOM)
    number, key = 0, str(uuid4())
    refused: set[str] = set()
    while not refused:
        number += 1
        assert number < 500
        key = str(uuid4())
        refused, told_to_wait = await rename(creator, group_id, f"第 {number} 次", key)
    assert (refused, told_to_wait) == ({"UNAVAILABLE"}, True)
    for _ in range(3):
        assert await rename(creator, group_id, f"第 {number} 次", key) == ({"UNAVAILABLE"}, True)
    found = (await creator.ask(NAME, id=group_id))["group"]
    assert found["name"] == f"第 {number - 1} 次"

    limit(process, resource.RLIM_INFINITY)
    assert await rename(creator, group_id, f"第 {number} 次", key) == (set(), False)
    after = (await creator.ask(NAME, id=group_id))["group"]
    assert after == {"name": f"第 {number} 次", "version": found["version"] + 1}
    await world.set_record(creator.id_number, health_code="RED")
    await creator.change("refreshGroup", "run { id }", groupId=group_id)
    await eventually(
        lambda: creator.ask("query($id: ID!) { group(id: $id) { colour } }", id=group_id),
        lambda data: data["group"]["colour"] == "RED",
        30,
    )
    assert process.stop() == 0
    with closing(sqlite3.connect(tmp_path / "groupcode.sqlite3")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
