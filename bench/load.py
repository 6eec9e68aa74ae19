"""Load over HTTP: raw connections without a pause between requests, and what they took of whom."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import orjson

_HEAD_END: Final = b"\r\n\r\n"
_LENGTH: Final = b"content-length:"
_LAST_CHUNK: Final = b"0\r\n\r\n"


class LoadError(RuntimeError):
    """A server answered with something else than data."""


@dataclass(frozen=True, slots=True)
class Target:
    """Whom to ask what: a POST request."""

    port: int
    path: str
    body: bytes
    token: str = ""

    @property
    def request(self) -> bytes:
        """The request as it is written to a connection."""
        lines = [
            f"POST {self.path} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            "Content-Type: application/json",
            "Accept: application/json",
            f"Content-Length: {len(self.body)}",
        ]
        if self.token:
            lines.append(f"Authorization: Bearer {self.token}")
        return "\r\n".join(lines).encode() + _HEAD_END + self.body


def body(query: str, **variables: object) -> bytes:
    """Return the body of a GraphQL request."""
    return orjson.dumps({"query": query, "variables": variables})


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds that a server and its database have used so far."""

    server: float
    database: float


@dataclass(frozen=True, slots=True)
class Sample:
    """What was seen of a target under load; times are milliseconds."""

    a_second: float
    p50: float
    p99: float
    cpu: float  # of the server, an answer
    database_cpu: float


class Connection(asyncio.Protocol):
    """An HTTP connection that reads no more of an answer than where it ends."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._length: int | None = None  # of head and body; 0: in chunks
        self._answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell who waits that nothing more comes."""
        if not self._answer.done():
            self._answer.set_exception(LoadError("the server closed the connection"))
            self._answer.exception()  # whoever hung up doesn't wait

    def data_received(self, data: bytes) -> None:
        """Collect an answer, and tell when it is whole."""
        self._buffer += data
        if self._length is None and not self._read_length():
            return
        if self._length == 0:
            whole = self._buffer.endswith(_LAST_CHUNK)
        else:
            whole = len(self._buffer) >= (self._length or 0)
        if whole and not self._answer.done():
            answer, self._buffer, self._length = bytes(self._buffer), bytearray(), None
            self._answer.set_result(answer)

    def _read_length(self) -> bool:
        end = self._buffer.find(_HEAD_END)
        if end < 0:
            return False
        head = bytes(self._buffer[:end]).lower()
        _, found, rest = head.partition(_LENGTH)
        body_length = int(rest.partition(b"\r\n")[0]) if found else 0
        self._length = end + len(_HEAD_END) + body_length if found else 0
        return True

    async def ask(self, request: bytes) -> bytes:
        """Return the whole answer to a request. Raise ``LoadError`` where there is none."""
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        """Hang up."""
        self._transport.close()


async def connect(port: int) -> Connection:
    """Open a connection."""
    loop = asyncio.get_running_loop()
    _, connection = await loop.create_connection(Connection, "127.0.0.1", port)
    return connection


def content_of(answer: bytes) -> bytes:
    """Return the body of an answer."""
    head, _, content = answer.partition(_HEAD_END)
    if b"chunked" not in head.lower():
        return content
    parts: list[bytes] = []
    while content:
        size, _, rest = content.partition(b"\r\n")
        parts.append(rest[: int(size, 16)])
        content = rest[int(size, 16) + 2 :]
    return b"".join(parts)


async def ask(target: Target) -> dict[str, Any]:
    """Ask once; return the data. Raise ``LoadError`` where there are errors."""
    connection = await connect(target.port)
    try:
        answer = await connection.ask(target.request)
    finally:
        connection.close()
    if not answer.startswith(b"HTTP/1.1 200"):
        raise LoadError(answer[:1000].decode(errors="replace"))
    found = orjson.loads(content_of(answer))
    if found.get("errors") or not found.get("data"):
        raise LoadError(str(found)[:1000])
    return dict(found["data"])


async def load(
    targets: Sequence[Target], clients: int, seconds: float, cost: Callable[[], Cost]
) -> Sample:
    """Ask for so long with so many clients at once, shared out over the targets."""
    times: list[float] = []
    asked = [targets[number % len(targets)] for number in range(clients)]
    connections = [await connect(target.port) for target in asked]
    before, began = cost(), time.perf_counter()
    end = began + seconds

    async def keep_asking(connection: Connection, request: bytes) -> None:
        while (start := time.perf_counter()) < end:
            answer = await connection.ask(request)
            if not answer.startswith(b"HTTP/1.1 200"):
                raise LoadError(answer[:1000].decode(errors="replace"))
            times.append(time.perf_counter() - start)

    try:
        requests = [target.request for target in asked]
        await asyncio.gather(*map(keep_asking, connections, requests))
    finally:
        for connection in connections:
            connection.close()
    took, after = time.perf_counter() - began, cost()
    return _sample(sorted(times), took, before, after)


def _sample(times: list[float], took: float, before: Cost, after: Cost) -> Sample:
    number = len(times)
    return Sample(
        a_second=number / took,
        p50=times[number // 2] * 1e3,
        p99=times[min(number - 1, number * 99 // 100)] * 1e3,
        cpu=(after.server - before.server) / number * 1e3,
        database_cpu=(after.database - before.database) / number * 1e3,
    )
