"""A client of one system over HTTP/1.1, which does no more than gateways ask of one.

A general client takes a hundred times the CPU time for the same exchange: it would cost more than
all else that is done about an answer.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final, cast
from urllib.parse import quote, urlsplit

import httptools
import httpx

_MOST_CONNECTIONS: Final = 50
_MOST_IDLE: Final = 10
_IDLE_SECONDS: Final = 5.0  # many systems end a connection that idles for longer
_LONGEST_HEAD: Final = 64 << 10  # bytes ahead of an answer's body
_MOST_WAITING: Final = 256 << 10  # bytes that came and aren't read yet
_PATH: Final = "/?&=:@!$'()*+,;%-._~"  # stays as it is; a gateway quoted its own values


class BrokenOff(Exception):
    """The exchange didn't come to its end, or what came is no HTTP."""


class DirectClient:
    """A client with connections of its own, some of which it keeps for the next exchanges."""

    def __init__(self, base_url: str, headers: Mapping[str, str]) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("no HTTP URL")
        self._tls = httpx.create_ssl_context() if parts.scheme == "https" else None
        self._host = parts.hostname
        self._port = parts.port or (443 if self._tls else 80)
        self._base = parts.path.rstrip("/")
        self._head = _lines({"Host": parts.netloc.rpartition("@")[2], "Accept": "*/*", **headers})
        self._idle: deque[tuple[float, _Connection]] = deque()
        self._places = asyncio.Semaphore(_MOST_CONNECTIONS)

    async def aclose(self) -> None:
        """Close the connections that nobody uses."""
        while self._idle:
            self._idle.pop()[1].close()

    @asynccontextmanager
    async def stream(
        self, method: str, url: str, *, content: bytes | None, headers: Mapping[str, str]
    ) -> AsyncIterator["_Connection"]:
        """Ask for a path below the base.

        Raise ``BrokenOff`` or ``OSError`` where no answer comes, or not the whole of it.
        """
        body = content or b""
        path = quote(self._base + url, safe=_PATH)
        length = "" if content is None else f"Content-Length: {len(body)}\r\n"
        head = f"{method} {path} HTTP/1.1\r\n{self._head}{_lines(headers)}{length}\r\n"
        async with self._places:
            connection = await self._connection()
            try:
                await connection.ask(head.encode("latin-1") + body)
                yield connection
            except BaseException:
                connection.close()
                raise
            self._keep(connection)

    async def _connection(self) -> "_Connection":
        now = asyncio.get_running_loop().time()
        while self._idle:
            since, kept = self._idle.pop()
            if kept.is_free and now - since < _IDLE_SECONDS:
                return kept
            kept.close()
        loop = asyncio.get_running_loop()
        _, made = await loop.create_connection(_Connection, self._host, self._port, ssl=self._tls)
        return made

    def _keep(self, connection: "_Connection") -> None:
        """Keep a connection: what is left of an answer that nobody read may come until its turn."""
        if len(self._idle) < _MOST_IDLE:
            self._idle.append((asyncio.get_running_loop().time(), connection))
        else:
            connection.close()


def _lines(headers: Mapping[str, str]) -> str:
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items())


class _Connection(asyncio.Protocol):
    """One connection, and the answer that comes over it at present.

    The methods below ``ask`` are called by the loop, those below them by the parser.
    """

    def __init__(self) -> None:
        self._open = True
        self._begin()

    def _begin(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self.status_code = 0
        self.headers: dict[str, str] = {}
        self._head_bytes = 0
        self._parts: deque[bytes] = deque()
        self._waiting = 0  # bytes
        self._has_head = self._ended = self._paused = False
        self._keeps = True
        self._broken: BrokenOff | None = None
        self._came = asyncio.Event()

    @property
    def is_free(self) -> bool:
        """Whether it can be asked something else."""
        return self._open and self._ended and self._keeps

    async def ask(self, request: bytes) -> None:
        """Send a request and wait for the head of the answer."""
        if self._ended:
            self._begin()
        self._transport.write(request)
        while not self._has_head:
            await self._more()

    async def aiter_raw(self) -> AsyncIterator[bytes]:
        """Return the pieces of the body."""
        while True:
            while self._parts:
                part = self._parts.popleft()
                self._waiting -= len(part)
                yield part
            if self._ended:
                return
            if self._paused:
                self._paused = False
                self._transport.resume_reading()
            await self._more()

    async def _more(self) -> None:
        if self._broken is not None:
            raise self._broken
        self._came.clear()
        await self._came.wait()

    def close(self) -> None:
        """Close it at once, whatever is under way."""
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own isn't one by its class

    def data_received(self, data: bytes) -> None:
        if self._ended:
            self._break("an answer that nobody asked for")
            return
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._break("no HTTP")
        if not self._has_head:
            self._head_bytes += len(data)
            if self._head_bytes > _LONGEST_HEAD:
                self._break("too long a head")
        if self._waiting > _MOST_WAITING and not self._paused:
            self._paused = True
            self._transport.pause_reading()
        self._came.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self._open = False
        sized = "content-length" in self.headers or "transfer-encoding" in self.headers
        if self._has_head and not sized and exc is None and self._broken is None:
            self._ended = True
        if not self._ended:
            self._break("closed")
        self._came.set()

    def _break(self, why: str) -> None:
        self._open = False
        self._broken = self._broken or BrokenOff(why)
        self._transport.abort()

    def on_message_begin(self) -> None:
        if self._ended:  # nobody asked for a second one
            self._break("too many answers")

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._ended:
            self.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        if self._ended:
            return
        self.status_code = self._parser.get_status_code()
        self._keeps = self._parser.should_keep_alive()
        if self.status_code < 200:  # the answer itself is still to come
            self.headers.clear()
        else:
            self._has_head = True

    def on_body(self, body: bytes) -> None:
        if self._ended:
            return
        self._parts.append(body)
        self._waiting += len(body)

    def on_message_complete(self) -> None:
        self._ended = self._ended or self._has_head
