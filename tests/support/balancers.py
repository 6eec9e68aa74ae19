"""A small balancer before several servers: connections go to those that say they are ready."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import httpx

from tests.support.servers import free_port

_PIECE = 1 << 16
_LOOK_SECONDS = 0.1


class Balancer:
    """One address for several servers of this machine, by their ports."""

    def __init__(self, ports: Sequence[int]) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._ports = list(ports)
        self._ready: list[int] = []
        self._links: set[asyncio.Task[None]] = set()

    async def _look(self) -> None:
        async with httpx.AsyncClient(timeout=2) as http:
            while True:
                self._ready = [port for port in self._ports if await self._is_ready(http, port)]
                await asyncio.sleep(_LOOK_SECONDS)

    async def _is_ready(self, http: httpx.AsyncClient, port: int) -> bool:
        with suppress(httpx.TransportError):
            return (await http.get(f"http://127.0.0.1:{port}/readyz")).status_code == 200
        return False

    async def _link(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._links.add(task)
        try:
            there = await self._connect()
            await asyncio.gather(_pass(reader, there[1]), _pass(there[0], writer))
        finally:
            self._links.discard(task)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while True:
            for port in list(self._ready):
                self._ready.append(self._ready.pop(0))  # the next one begins with another
                with suppress(OSError):
                    return await asyncio.open_connection("127.0.0.1", port)
            await asyncio.sleep(_LOOK_SECONDS)

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Balancer"]:
        """Be there until the context ends."""
        looking = asyncio.create_task(self._look())
        server = await asyncio.start_server(self._link, "127.0.0.1", self.port)
        try:
            yield self
        finally:
            server.close()
            for task in (looking, *self._links):
                task.cancel()
            await asyncio.gather(looking, *self._links, return_exceptions=True)


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(_PIECE):
            writer.write(data)
            await writer.drain()
    writer.close()
