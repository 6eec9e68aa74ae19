"""What one connection can hold open, fill or break: by hand, against the server's own protocol."""

import asyncio
from collections.abc import Iterator
from typing import Final

import pytest

from app.web import flow, patience, protocol
from app.web.headers import ALWAYS
from tests.support.strangers import HEALTH, Wire, request, wire
from tests.support.world import World

SHORT: Final = 0.3
HANGS: Final = 10.0
TYPENAME: Final = {"query": "{ __typename }"}


@pytest.fixture
def soon() -> Iterator[None]:
    """All patience is short."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(protocol, "HEAD_SECONDS", SHORT)
        patch.setattr(protocol, "LINGER_SECONDS", SHORT)
        patch.setattr(patience, "BODY_SECONDS", SHORT)
        patch.setattr(flow, "LOOK_SECONDS", SHORT)
        yield


async def refused(line: Wire, status: int, code: str) -> None:
    """Expect a coded refusal, and the end of the connection."""
    async with asyncio.timeout(HANGS):
        answer = await line.answer()
        assert (answer.status, answer.code) == (status, code)
        assert {name.lower() for name in ALWAYS} <= answer.headers.keys()
        assert answer.headers["connection"] == "close"
        assert await line.ended()


@pytest.mark.parametrize(
    "head",
    [
        b"X: " + b"a" * (70 << 10) + b"\r\n",
        b"A" * (70 << 10) + b": a\r\n",
        b"".join(b"X-%d: a\r\n" % number for number in range(101)),
        b"X:\r\n" * 10_000,
        b"Cookie: " + b"a" * (3 << 20),
    ],
    ids=["a long value", "a long name", "101 headers", "10,000 headers", "a value without end"],
)
async def test_headers_out_of_bounds_are_refused(world: World, head: bytes) -> None:
    async with wire(world.url) as line:
        await line.pour(b"GET /healthz HTTP/1.1\r\nAccept-Language: en\r\n" + head, 1)
        await line.pour(b"\r\n", 1)
        await refused(line, 431, "HEADERS_TOO_LARGE")


async def test_a_url_without_end_is_refused(world: World) -> None:
    async with wire(world.url) as line:
        await line.pour(b"GET /" + b"a" * (3 << 20), 1)
        await refused(line, 431, "HEADERS_TOO_LARGE")


async def test_a_hundred_headers_are_taken(world: World) -> None:
    async with wire(world.url) as line:
        heads = b"".join(b"X-%d: %s\r\n" % (number, b"a" * 500) for number in range(99))
        await line.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + heads + b"\r\n")
        assert (await line.answer()).status == 200


@pytest.mark.parametrize(
    "trailer", [b"X: a\r\n" * 200, b"X: " + b"a" * (3 << 20)], ids=["many", "without end"]
)
async def test_headers_behind_a_body_are_bounded_too(world: World, trailer: bytes) -> None:
    head = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    async with wire(world.url) as line:
        await line.pour(head + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n0\r\n" + trailer, 1)
        async with asyncio.timeout(HANGS):
            answer = await line.answer()
            assert answer.status in (400, 431)
            assert await line.ended()


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc",
        b"HELLO\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: a\x00b\r\n\r\n",
        b"GET / HTTP/1.1\r\nX : a\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n",
        b"GET /\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    ],
)
async def test_what_is_no_http_is_refused(world: World, garbage: bytes) -> None:
    async with wire(world.url) as line:
        await line.send(garbage)
        await refused(line, 400, "HTTP_MALFORMED")


async def test_a_chunk_that_is_none_ends_the_request_it_is_in(world: World) -> None:
    head = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    async with wire(world.url) as line:
        await line.send(head + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n")
        await asyncio.sleep(0.05)
        await line.send(b"nonsense\r\n")
        await refused(line, 400, "HTTP_MALFORMED")


async def test_who_says_nothing_is_closed(world: World, soon: None) -> None:
    async with wire(world.url) as line, asyncio.timeout(HANGS):
        assert await line.reader.read() == b""


@pytest.mark.parametrize("drip", [b"a", b"\r\n", b"X: a\r\n"])
async def test_a_head_that_drips_is_refused(world: World, soon: None, drip: bytes) -> None:
    async with wire(world.url) as line:
        start = {b"a": b"GET /", b"X: a\r\n": b"GET / HTTP/1.1\r\n"}.get(drip, b"")
        await line.send(start)
        dripping = asyncio.create_task(_drip(line, drip))
        async with asyncio.timeout(HANGS):
            said = await line.reader.read()
        dripping.cancel()
        # An empty line is no beginning of a request: nobody is told anything.
        assert b"REQUEST_TIMEOUT" in said or (drip == b"\r\n" and not said)


async def test_a_second_head_that_drips_is_refused(world: World, soon: None) -> None:
    async with wire(world.url) as line:
        await line.send(HEALTH)
        assert (await line.answer()).status == 200
        dripping = asyncio.create_task(_drip(line, b"\r\n"))
        async with asyncio.timeout(HANGS):
            assert await line.ended()
        dripping.cancel()


async def _drip(line: Wire, drip: bytes) -> None:
    while True:
        await line.pour(drip, 1)
        await asyncio.sleep(SHORT / 5)


@pytest.mark.parametrize("path", ["/graphql", "/graphql/stream", "/sandbox/faults"])
async def test_a_body_that_doesnt_come_is_refused(world: World, soon: None, path: str) -> None:
    method = b"PUT" if "sandbox" in path else b"POST"
    head = b"%s %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    accept = b"Accept: text/event-stream\r\n" if "stream" in path else b""
    async with wire(world.url) as line:
        await line.send(head % (method, path.encode()) + accept + b"Content-Length: 100\r\n\r\n{")
        async with asyncio.timeout(HANGS):
            answer = await line.answer()
            assert (answer.status, answer.code) == (408, "REQUEST_TIMEOUT")
            assert await line.ended()


async def test_a_body_without_end_is_refused_and_let_go(world: World, soon: None) -> None:
    async with wire(world.url) as line:
        head = request(b"", b"Accept: application/json").replace(b"Length: 0", b"Length: 99999999")
        await line.send(head)
        pouring = asyncio.create_task(line.pour_until_ended(b" " * (1 << 16)))
        async with asyncio.timeout(HANGS):
            answer = await line.answer()
            assert (answer.status, answer.code) == (413, "BODY_TOO_LARGE")
            assert await line.ended()
            await pouring


async def test_a_body_that_nobody_asked_for_is_let_go(world: World, soon: None) -> None:
    async with wire(world.url) as line:
        await line.send(HEALTH.replace(b"\r\n\r\n", b"\r\nContent-Length: 99999999\r\n\r\n"))
        async with asyncio.timeout(HANGS):
            assert (await line.answer()).status == 200
            assert await line.ended()


async def test_a_crowd_of_requests_is_answered_one_by_one(world: World) -> None:
    async with wire(world.url) as line:
        sending = asyncio.create_task(line.pour(HEALTH * 100, 50))
        async with asyncio.timeout(60):
            answers = [await line.answer() for _ in range(5_000)]
        assert {answer.status for answer in answers} == {200}
        assert await sending == 50


async def test_a_crowd_with_bodies_is_answered_in_its_order(world: World) -> None:
    queries = [{"query": f"{{ n{number}: __typename }}"} for number in range(300)]
    async with wire(world.url) as line:
        sending = asyncio.create_task(line.send(b"".join(map(request, queries))))
        async with asyncio.timeout(60):
            for number in range(300):
                assert b'"n%d"' % number in (await line.answer()).body
        await sending


async def test_who_came_before_is_answered_before_the_refusal(world: World) -> None:
    async with wire(world.url) as line:
        await line.send(request(TYPENAME) * 3 + b"NONSENSE\r\n\r\n")
        async with asyncio.timeout(HANGS):
            for _ in range(3):
                assert (await line.answer()).status == 200
        await refused(line, 400, "HTTP_MALFORMED")


async def test_who_doesnt_read_is_let_go(world: World, soon: None) -> None:
    """Answers pile up on the way to somebody who only sends."""
    async with wire(world.url) as line:
        # The reader's own bound: it takes no more until somebody reads.
        async with asyncio.timeout(60):
            assert await line.pour(HEALTH * 1000, 10_000) < 10_000


async def test_who_reads_slowly_is_not_let_go(world: World, soon: None) -> None:
    async with wire(world.url) as line:
        pouring = asyncio.create_task(line.pour(HEALTH * 1000, 8))
        async with asyncio.timeout(60):
            for number in range(8_000):
                assert (await line.answer()).status == 200
                if number % 1000 == 0:
                    await asyncio.sleep(SHORT)
        assert await pouring == 8


async def test_the_server_names_no_program(world: World) -> None:
    async with wire(world.url) as line:
        await line.send(HEALTH)
        assert "server" not in (await line.answer()).headers


async def test_another_protocol_is_not_spoken(world: World) -> None:
    for name in (b"h2c", b"TLS/1.2"):
        async with wire(world.url) as line:
            upgrade = b"\r\nConnection: Upgrade\r\nUpgrade: " + name + b"\r\n\r\n"
            await line.send(HEALTH.replace(b"\r\n\r\n", upgrade) + HEALTH)
            async with asyncio.timeout(HANGS):
                assert (await line.answer()).status == 200
                assert await line.ended()
