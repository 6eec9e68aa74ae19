"""WebSocket by hand: no handshake, frame or message holds a connection, or is taken for a fault."""

import asyncio
import json
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import fields
from typing import Final

import pytest
from starlette.requests import HTTPConnection
from structlog.testing import capture_logs

from app.resolvers.context import Context
from app.services.kernel.env import Env
from app.web import socket_protocol
from app.web.contexts import make_context
from app.web.headers import ALWAYS
from tests.support.strangers import Wire, wire
from tests.support.world import World

HANGS: Final = 10.0
TEXT, CONTINUED, CLOSE, PING = 1, 0, 8, 9
HANDSHAKE: Final = (
    b"GET /graphql HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Protocol: graphql-transport-ws\r\n"
)
INIT: Final = {"type": "connection_init"}


def frame(kind: int, data: bytes = b"", *, last: bool = True, claimed: int | None = None) -> bytes:
    """A client's frame; ``claimed``: the length that it tells, if another than its own."""
    length = len(data) if claimed is None else claimed
    head = bytes([last << 7 | kind])
    head += bytes([128 | length]) if length < 126 else b"\xfe" + struct.pack(">H", length)
    return head + bytes(4) + data  # under a mask of zeros


def message(**content: object) -> bytes:
    """A message of graphql-transport-ws."""
    return frame(TEXT, json.dumps(content).encode())


@asynccontextmanager
async def opened(world: World) -> AsyncIterator[Wire]:
    """A connection whose handshake was taken."""
    async with wire(world.url) as line:
        await line.send(HANDSHAKE + b"\r\n")
        assert (await line.answer()).status == 101
        yield line


async def closing(line: Wire) -> tuple[int, str]:
    """The code and the reason with which the server closes, whatever it says before."""
    async with asyncio.timeout(HANGS):
        while True:
            kind, length = await line.reader.readexactly(2)
            if length == 126:
                (length,) = struct.unpack(">H", await line.reader.readexactly(2))
            data = await line.reader.readexactly(length)
            if kind & 15 == CLOSE:
                return struct.unpack(">H", data[:2])[0], data[2:].decode()


@pytest.mark.parametrize(
    ("header", "status", "code"),
    [
        (b"Cookie: " + b"a" * 9_000, 431, "HEADERS_TOO_LARGE"),
        (b"Content-Length: 5", 400, "HTTP_MALFORMED"),
        (b"Transfer-Encoding: chunked", 400, "HTTP_MALFORMED"),
    ],
    ids=["a long header", "a body", "a body in chunks"],
)
async def test_a_handshake_that_cannot_be_taken_is_refused(
    world: World, header: bytes, status: int, code: str
) -> None:
    async with wire(world.url) as line, asyncio.timeout(HANGS):
        await line.send(HANDSHAKE + header + b"\r\n\r\n")
        answer = await line.answer()
        assert (answer.status, answer.code) == (status, code)
        assert {name.lower() for name in ALWAYS} <= answer.headers.keys()
        assert await line.ended()


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (message(type="x" * 500), 4400),
        (message(type="名" * 200), 4400),
        (message(type="subscribe", id="x" * 200, payload={"query": "{ __typename }"}) * 2, 4409),
        (frame(TEXT, b"\xff\xfe"), 1007),
        (frame(TEXT, last=False) + frame(CONTINUED, last=False) * 2_000, 1009),
    ],
    ids=["a long type", "a Chinese type", "a long id twice", "no UTF-8", "fragments without end"],
)
async def test_what_closes_a_socket_is_no_fault_of_ours(
    world: World, sent: bytes, code: int
) -> None:
    with capture_logs() as logs:
        async with opened(world) as line:
            await line.send(message(**INIT) + sent)
            assert (await closing(line))[0] == code
    assert not [line for line in logs if line["log_level"] in ("error", "critical")]


@pytest.mark.parametrize(
    "begun",
    [frame(TEXT, b"{", claimed=100), frame(TEXT, b"{", last=False), b"\x81"],
    ids=["a frame", "a message", "a head"],
)
async def test_what_is_begun_and_never_ends_is_let_go(
    world: World, monkeypatch: pytest.MonkeyPatch, begun: bytes
) -> None:
    monkeypatch.setattr(socket_protocol, "MESSAGE_SECONDS", 0.2)
    async with opened(world) as line:
        await line.send(message(**INIT) + begun)
        assert await closing(line) == (1008, "the message didn't arrive in time")


async def test_who_pings_and_does_not_read_is_heard_no_further(world: World) -> None:
    """Nothing is kept for them beyond what the connection takes by itself."""
    pings = frame(PING, b"x" * 125) * 500

    async def flood(line: Wire) -> None:
        for _ in range(2_000):  # 130 MB
            async with asyncio.timeout(1):
                await line.send(pings)

    async with opened(world) as line:
        with pytest.raises(TimeoutError):
            await flood(line)


async def test_what_comes_with_the_first_message_is_not_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A socket may stay open for days, and anybody may open one."""
    kept: list[Context] = []

    def noting(env: Env, connection: HTTPConnection) -> Context:
        kept.append(make_context(env, connection))
        return kept[-1]

    monkeypatch.setattr("app.web.sockets.make_context", noting)
    long = {"authorization": f"Bearer {'x' * 30_000}", "more": "y" * 30_000}
    asked = message(type="subscribe", id="1", payload={"query": "{ __typename }"})
    async with opened(world) as line:
        await line.send(message(**INIT, payload=long) + asked + frame(CLOSE))
        await line.ended()
    [context] = kept
    held = [getattr(context, one.name) for one in fields(context)]
    assert max(len(str(one)) for one in held if isinstance(one, str | dict)) < 10_000
