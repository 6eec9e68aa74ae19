"""A server whose clients mean no good: it stays as small as it was, and serves the others."""

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Final

import pytest

from tests.support.processes import Process, serving
from tests.support.strangers import HEALTH, Wire, megabytes, request, wire
from tests.support.world import World

GROWN: Final = 60.0  # megabytes, at most
SOON: Final = 5.0  # seconds, on a machine that is busy
HANGS: Final = 30.0
Served = tuple[Process, World]


@pytest.fixture(scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    folder = tmp_path_factory.mktemp("strangers")
    async with serving(folder, graphiql="0") as served:
        await served[1].http.get(f"{served[1].url}/healthz")
        yield served


async def others_are_served(world: World) -> None:
    async with asyncio.timeout(SOON):
        assert (await world.http.get(f"{world.url}/healthz")).status_code == 200


async def test_headers_of_100_megabytes(server: Served) -> None:
    process, world = server
    before = megabytes(process.pid)
    async with wire(world.url) as line:
        await line.pour(b"GET / HTTP/1.1\r\nX: ", 1)
        await line.pour(b"a" * (1 << 20), 100)
        async with asyncio.timeout(HANGS):
            assert await line.ended()
        await others_are_served(world)
        assert megabytes(process.pid) - before < GROWN


async def test_headers_on_a_hundred_connections(server: Served) -> None:
    process, world = server
    before = megabytes(process.pid)

    async def attack() -> None:
        async with wire(world.url) as line:
            await line.pour(b"GET / HTTP/1.1\r\nX: ", 1)
            await line.pour(b"a" * (1 << 16), 100)

    await asyncio.gather(*(attack() for _ in range(100)))
    await others_are_served(world)
    assert megabytes(process.pid) - before < 2 * GROWN


async def test_200_000_pipelined_requests(server: Served) -> None:
    """Nobody reads what is answered, so that nothing but the server's patience ends it."""
    process, world = server
    before = megabytes(process.pid)
    async with wire(world.url) as line:
        pouring = asyncio.create_task(line.pour(HEALTH * 1000, 200))
        for _ in range(10):
            await asyncio.sleep(0.3)
            await others_are_served(world)
            assert megabytes(process.pid) - before < GROWN
        pouring.cancel()


async def test_450_silent_connections_shut_nobody_out_and_are_let_go(server: Served) -> None:
    _, world = server
    lines: list[Wire] = []
    try:
        for number in range(450):
            reader, writer = await asyncio.open_connection("127.0.0.1", int(world.url[-5:]))
            lines.append(Wire(reader, writer))
            if number % 2:
                await lines[-1].send(b"GET / HTTP/1.1\r\nX")
        await others_are_served(world)
        async with asyncio.timeout(30):
            assert all(await asyncio.gather(*(line.ended() for line in lines)))
    finally:
        for line in lines:
            await line.close()


async def test_large_answers_that_nobody_reads_are_let_go(server: Served) -> None:
    process, world = server
    below = "types { fields { type { fields { name description type { name kind } } } } }"
    fields = " ".join(f"a{number}: __schema {{ {below} }}" for number in range(4))
    question = request({"query": f"{{ {fields} }}"})
    lines = []
    try:
        for _ in range(2):
            narrow = socket.socket()
            narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 14)
            narrow.connect(("127.0.0.1", int(world.url[-5:])))
            lines.append(Wire(*await asyncio.open_connection(sock=narrow, limit=1)))
            for _ in range(12):  # more than the machine keeps on the way
                await lines[-1].pour(question, 1)
        await asyncio.sleep(SOON)
        assert megabytes(process.pid) < 400
        async with asyncio.timeout(120):
            while any([await line.pour(b"GET / HTTP/1.1\r\n\r\n", 1) for line in lines]):
                await asyncio.sleep(1)
        await others_are_served(world)
    finally:
        for line in lines:
            await line.close()
