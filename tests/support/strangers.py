"""Clients that speak HTTP by hand, as those do who mean no good."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

HEALTH = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, as it came."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def code(self) -> str:
        """The code of the error that it is."""
        [error] = json.loads(self.body)["errors"]
        code: str = error["extensions"]["code"]
        return code


class Wire:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def send(self, data: bytes) -> None:
        """Send, as far as the other side takes it. Raise ``ConnectionError`` once it has ended."""
        if self.writer.is_closing():
            raise ConnectionResetError
        self.writer.write(data)
        await self.writer.drain()

    async def pour(self, data: bytes, times: int) -> int:
        """Send the same again and again; return how often it was taken before the end."""
        for time in range(times):
            try:
                await self.send(data)
            except ConnectionError:
                return time
        return times

    async def pour_until_ended(self, data: bytes) -> None:
        """Send the same again and again until the other side has ended the connection."""
        with suppress(ConnectionError):
            while True:
                await self.send(data)

    async def answer(self) -> Answer:
        """Read one answer."""
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        line, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value for name, _, value in (one.partition(": ") for one in lines)}
        body = await self.reader.readexactly(int(headers.get("content-length", "0")))
        return Answer(int(line.split()[1]), headers, body)

    async def ended(self) -> bool:
        """Read on to the end of the connection."""
        try:
            while await self.reader.read(1 << 16):
                pass
        except ConnectionError:
            pass
        return True

    async def close(self) -> None:
        """Close it at once, whatever is on its way."""
        self.writer.transport.abort()
        await asyncio.gather(self.writer.wait_closed(), return_exceptions=True)


@asynccontextmanager
async def wire(url: str) -> AsyncIterator[Wire]:
    """Connect to the server of a URL by hand."""
    parts = urlsplit(url)
    opened = Wire(*await asyncio.open_connection(parts.hostname, parts.port))
    try:
        yield opened
    finally:
        await opened.close()


def request(body: bytes | dict[str, Any], *headers: bytes, path: str = "/graphql") -> bytes:
    """Return a request by POST."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [
        b"POST %s HTTP/1.1" % path.encode(),
        b"Host: x",
        b"Content-Type: application/json",
        b"Content-Length: %d" % len(content),
        *headers,
    ]
    return b"\r\n".join([*lines, b"", content])


def megabytes(pid: int) -> float:
    """Return how much memory a process holds."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * 4096 / (1 << 20)
