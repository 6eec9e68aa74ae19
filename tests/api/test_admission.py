"""A process takes so many connections at once, and goes on serving those whom it took."""

import asyncio
import errno
import resource
import socket
from typing import Any

import pytest

from app import serving
from app.web import admission
from app.web.admission import AdmittingProtocol
from tests.support.waiting import eventually
from tests.support.world import World

ASKED = b"GET /healthz HTTP/1.1\r\nHost: groups\r\n\r\n"


async def opened(world: World) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, port = world.url.removeprefix("http://").split(":")
    return await asyncio.open_connection(host, int(port))


async def answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    """Whether a request on a connection has an answer; none comes where it was closed."""
    try:
        writer.write(ASKED)
        return (await asyncio.wait_for(reader.readline(), 15)).startswith(b"HTTP/1.1 200")
    except ConnectionError:
        return False


async def test_one_connection_too_many_is_closed_and_the_others_are_served(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.http.aclose()
    monkeypatch.setattr(AdmittingProtocol, "most", 2)
    held = [await opened(world) for _ in range(2)]
    reader, writer = await opened(world)
    assert not await answered(reader, writer)
    writer.close()
    assert [await answered(*one) for one in held] == [True, True]
    held[1][1].close()

    async def taken() -> bool:
        there = await opened(world)
        try:
            return await answered(*there)
        finally:
            there[1].close()

    await eventually(taken, bool)
    held[0][1].close()


@pytest.mark.parametrize(
    ("soft", "most"), [(1024, 768), (65_536, 10_000), (resource.RLIM_INFINITY, 10_000), (100, 1)]
)
def test_fewer_are_taken_where_few_files_may_be_open(
    monkeypatch: pytest.MonkeyPatch, soft: int, most: int
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, soft))
    assert admission.most_connections() == most


class FewFiles(socket.socket):
    """A socket of a process that may open one file more."""

    taken = False

    def accept(self) -> tuple[socket.socket, Any]:
        """Take who connected, if there is a file left."""
        if self.taken:
            raise OSError(errno.EMFILE, "too many open files")
        self.taken = True
        return super().accept()


def test_a_server_ends_though_it_has_no_file_for_all_who_connected_last() -> None:
    listening = FewFiles()
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    clients = [socket.create_connection(listening.getsockname()) for _ in range(2)]
    come = serving._connected(listening)
    assert (len(come), listening.fileno()) == (1, -1)  # nobody listens any more
    for one in (*come, *clients):
        one.close()
