"""The memory of a server that is used for long: it stays as it is."""

import asyncio
import os
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final

import httpx

from app.client import mutation
from tests.support.person import Person
from tests.support.processes import Process, serving
from tests.support.survival import LONG

REQUESTS: Final = 20_000 if LONG else 1_000  # after as many that fill what is kept
SOCKETS: Final = 500 if LONG else 60
ROUNDS: Final = 16 if LONG else 4
AT_ONCE: Final = 8
MORE: Final = 10.0  # MB, which an allocator may keep
MEMBERS: Final = "query($id: ID!) { group(id: $id) { colour members { nodes { id remark } } } }"
STATUS: Final = "subscription($id: ID!) { groupStatusChanged(groupId: $id) { colour } }"


def megabytes(process: Process) -> float:
    """What the process holds in memory."""
    pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


async def ask(person: Person, group_id: str, times: int) -> None:
    """Ask so often; every twentieth request changes the group."""
    headers = {"authorization": f"Bearer {person.token}"}
    async with httpx.AsyncClient(timeout=30, headers=headers) as http:
        for number in range(times):
            asked: dict[str, Any] = {"query": MEMBERS, "variables": {"id": group_id}}
            if number % 20 == 0:
                new = {"groupId": group_id, "name": f"第 {number} 次"}
                asked = {
                    "query": mutation("updateGroup", "group { version }"),
                    "variables": {"input": new},
                }
            response = await http.post(f"{person.url}/graphql", json=asked)
            assert "errors" not in response.json(), response.text


async def watch(person: Person, group_id: str) -> None:
    """Have so many sockets open at once, each with a subscription."""
    async with AsyncExitStack() as stack:
        for _ in range(SOCKETS):
            socket = await stack.enter_async_context(person.socket())
            await socket.subscribe(STATUS, id=group_id)
            await socket.next()


async def test_memory_is_flat_over_many_requests_and_sockets(tmp_path: Path) -> None:
    limits = {"connections_per_person": "1000", "connections_per_address": "1000"}
    async with serving(tmp_path, **limits) as (process, world):
        creator = await world.real_person()
        group_id = await creator.create_group()
        held: list[float] = []
        for _ in range(2):
            await asyncio.gather(
                *(ask(creator, group_id, REQUESTS // AT_ONCE) for _ in range(AT_ONCE))
            )
            held.append(megabytes(process))
        assert held[1] - held[0] < MORE, held

        held = []
        for _ in range(ROUNDS):
            await watch(creator, group_id)
            held.append(megabytes(process))
        half = ROUNDS // 2
        assert max(held[half:]) - max(held[:half]) < MORE, held
