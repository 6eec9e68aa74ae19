"""A network between a client and a server that a test may cut, or have swallow everything."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from tests.support.servers import free_port

_PIECE = 1 << 16


class Network:
    """A way to one server's port, by a port of its own."""

    def __init__(self, to_port: int) -> None:
        self.to_port = to_port
        self.port = free_port()
        self._passing = asyncio.Event()
        self._passing.set()
        self._links: set[asyncio.Task[None]] = set()

    def through(self, url: str) -> str:
        """Return the URL that leads there by this way."""
        return url.replace(f":{self.to_port}", f":{self.port}")

    def swallow(self) -> None:
        """Let nothing through any more, without a word: all that is sent waits."""
        self._passing.clear()

    def recover(self) -> None:
        """Let everything through again, also what was sent meanwhile: TCP sends it again."""
        self._passing.set()

    async def _link(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._links.add(task)
        try:
            await self._passing.wait()
            there = await asyncio.open_connection("127.0.0.1", self.to_port)
            await asyncio.gather(self._pass(reader, there[1]), self._pass(there[0], writer))
        except OSError:
            writer.transport.abort()
        finally:
            self._links.discard(task)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(_PIECE):
                await self._passing.wait()
                writer.write(data)
                await writer.drain()
        await self._passing.wait()
        writer.close()

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Network"]:
        """Be there until the context ends."""
        server = await asyncio.start_server(self._link, "127.0.0.1", self.port)
        try:
            yield self
        finally:
            self.recover()
            server.close()
            for link in list(self._links):
                link.cancel()
            await asyncio.gather(*self._links, return_exceptions=True)
