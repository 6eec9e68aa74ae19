"""The client of outside systems over the network: connections, and answers of every form."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field

import pytest

from app.ports.clients import gateway_client
from app.ports.http import Gateway, GatewayError

_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n"
_CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@dataclass
class _System:
    """A system that answers each request by the next of some answers, a list of pieces each."""

    answers: list[Sequence[bytes]]
    ends: bool = False  # the connection after each answer
    asked: list[bytes] = field(default_factory=list)
    connections: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        while self.answers:
            try:
                head = await reader.readuntil(b"\r\n\r\n")
            except asyncio.IncompleteReadError:
                break
            length = next((int(n.split(b":")[1]) for n in head.split(b"\r\n") if b"Length" in n), 0)
            self.asked.append(head + await reader.readexactly(length))
            for piece in self.answers.pop(0):
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0)
            if self.ends:
                break
        writer.close()


@asynccontextmanager
async def _gateway(system: _System, attempts: int = 1) -> AsyncIterator[Gateway]:
    server = await asyncio.start_server(system.serve, "127.0.0.1")
    port = server.sockets[0].getsockname()[1]
    async with aclosing(gateway_client(f"http://127.0.0.1:{port}/base/", "s3cret")) as client:
        yield Gateway("health", client, 5.0, attempts, wait_initial=0.001, wait_max=0.002)
    server.close()


async def test_requests_share_a_connection_and_say_what_is_asked() -> None:
    system = _System([[_OK, b'{"a": 1}'], [_OK + b'{"a": 2}']])
    async with _gateway(system) as gateway:
        assert await gateway.request("POST", "/people?of=1", {"who": "李"}) == {"a": 1}
        assert await gateway.request("GET", "/x/%2F") == {"a": 2}
    head, _, body = system.asked[0].partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    assert lines[0] == b"POST /base/people?of=1 HTTP/1.1"
    assert {b"Authorization: Bearer s3cret", b"Accept-Encoding: gzip"} < set(lines)
    assert body == '{"who":"李"}'.encode()
    assert system.asked[1].startswith(b"GET /base/x/%2F HTTP/1.1\r\n")
    assert system.connections == 1


@pytest.mark.parametrize(
    "pieces",
    [
        [_CHUNKED + b'3\r\n{"a', b'\r\n5\r\n": 1}\r\n0\r\n\r\n'],
        [
            b"HTTP/1.1 100 Continue\r\n\r\n",
            b"HTTP/1.1 103 Early\r\nLink: x\r\n\r\n",
            _OK,
            b'{"a": 1}',
        ],
        [_OK[:9], _OK[9:20], _OK[20:], b'{"a"', b": 1}"],
        [
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"%x\r\n%b\r\n0\r\n\r\n" % (len(packed := gzip.compress(b'{"a": 1}')), packed),
        ],
    ],
)
async def test_an_answer_is_read_however_it_is_cut(pieces: Sequence[bytes]) -> None:
    system = _System([pieces, [_OK + b'{"a": 2}']])
    async with _gateway(system) as gateway:
        assert await gateway.request("GET", "/") == {"a": 1}
        assert await gateway.request("GET", "/") == {"a": 2}
    assert system.connections == 1


async def test_an_answer_without_a_length_ends_with_its_connection() -> None:
    bare = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
    system = _System([[bare, b'{"a"', b": 1}"], [bare + b'{"a": 2}']], ends=True)
    async with _gateway(system) as gateway:
        assert await gateway.request("GET", "/") == {"a": 1}
        assert await gateway.request("GET", "/") == {"a": 2}
    assert system.connections == 2


@pytest.mark.parametrize(
    "pieces",
    [
        [_OK, b'{"a"'],
        [_CHUNKED + b'8\r\n{"a": 1}\r\n'],
        [_OK[:20]],
        [],
        [b"SSH-2.0-OpenSSH_9.2\r\n"],
        [b"HTTP/1.1 200 OK\r\nX: " + b"0" * (1 << 17)],
    ],
)
async def test_what_breaks_off_is_asked_again_on_another_connection(
    pieces: Sequence[bytes],
) -> None:
    system = _System([pieces, [_OK, b'{"a": 1}']], ends=True)
    async with _gateway(system, attempts=2) as gateway:
        assert await gateway.request("GET", "/") == {"a": 1}
    assert system.connections == 2


async def test_what_has_no_end_is_given_up_and_read_no_further() -> None:
    endless = [_CHUNKED, *[b"%x\r\n%b\r\n" % (1 << 20, b" " * (1 << 20))] * 64]
    system = _System([endless])
    async with _gateway(system) as gateway:
        with pytest.raises(GatewayError, match="too long"):
            await gateway.request("GET", "/")


async def test_of_what_is_told_only_the_status_counts() -> None:
    # In one piece: of an answer whose end is still to come, nobody waits for that.
    system = _System([[_OK], [_OK + b"whatever"], [_OK + b"whatever"]])
    async with _gateway(system) as gateway:
        for _ in range(3):
            await gateway.tell("POST", "/messages", {})
            await asyncio.sleep(0.01)
    assert system.connections == 1 + 1  # the first never came to its end


async def test_an_answer_that_nobody_asked_for_is_nobodys() -> None:
    system = _System([[_OK + b'{"a": 1}' + _OK + b'{"a": 9}'], [_OK + b'{"a": 2}']])
    async with _gateway(system) as gateway:
        assert await gateway.request("GET", "/") == {"a": 1}
        assert await gateway.request("GET", "/") == {"a": 2}
    assert system.connections == 2


async def test_no_cookie_is_kept_and_no_redirect_followed() -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: /b\r\nSet-Cookie: a=1\r\nContent-Length: 0\r\n\r\n"
    system = _System([[moved], [_OK + b'{"a": 2}']])
    async with _gateway(system) as gateway:
        with pytest.raises(GatewayError) as refused:
            await gateway.request("GET", "/")
        assert await gateway.request("GET", "/") == {"a": 2}
    assert refused.value.status == 302
    assert system.asked[1].startswith(b"GET /base/ ")
    assert b"Cookie" not in system.asked[1]
