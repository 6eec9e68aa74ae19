"""What comes whole goes by functions, all else through layers: both are answered alike."""

import gc
from typing import Final

import pytest

from app.web.wire import Wire
from tests.support.strangers import HEALTH, Answer, request, wire
from tests.support.world import World

SMALL: Final = {"query": "{ __typename }"}
LARGE: Final = {"query": "{ __schema { types { name description } } }"}
ACCEPT: Final = b"Accept: application/graphql-response+json"
ASKED: Final = [
    (SMALL, ()),
    (LARGE, ()),
    (LARGE, (b"Accept-Encoding: gzip",)),
    (SMALL, (b"Origin: http://localhost:5173",)),
    (LARGE, (b"Origin: http://localhost:5173", b"Accept-Encoding: gzip, br")),
    (SMALL, (b"Origin: https://evil.example",)),
    (SMALL, (b"X-Forwarded-For: 203.0.113.7", b"X-Forwarded-Proto: https")),
    (SMALL, (b"Connection: close",)),
    ({"query": "{ nothing }"}, (ACCEPT, b"Accept-Language: en")),
    ({"query": "{ me { name } }"}, (b"Accept-Language: en",)),
    (b"[]", (b"Accept-Language: en",)),
    (b'"%s"' % (b"a" * (300 << 10)), (b"Accept-Language: en",)),
    (SMALL, (b"Accept: text/html",)),
]


async def answered(
    world: World, body: bytes | dict[str, str], headers: tuple[bytes, ...], *, whole: bool
) -> Answer:
    """Ask for something; if not whole, the body follows when the server waits for it."""
    async with wire(world.url) as line:
        if whole:
            await line.send(request(body, b"X-Request-ID: r", *headers))
            return await line.answer()
        waits = b"Expect: 100-continue"
        asked = request(body, b"X-Request-ID: r", waits, *headers)
        head, _, content = asked.partition(b"\r\n\r\n")
        await line.send(head + b"\r\n\r\n")
        answer = await line.answer()
        if answer.status != 100:  # it is refused for its head
            return answer
        await line.send(content)
        return await line.answer()


@pytest.mark.parametrize(("body", "headers"), ASKED)
async def test_both_ways_answer_alike(
    world: World, body: bytes | dict[str, str], headers: tuple[bytes, ...]
) -> None:
    straight, layered = [
        await answered(world, body, headers, whole=whole) for whole in (True, False)
    ]
    for answer in (straight, layered):
        assert {"date", "x-request-id", "content-type"} <= answer.headers.keys()
        for name in ("date", "server-timing"):
            answer.headers.pop(name, None)
    assert straight == layered


@pytest.mark.parametrize("asked", [request(SMALL), HEALTH], ids=["straight", "layered"])
async def test_a_request_that_is_answered_leaves_nothing_to_the_collector(
    world: World, asked: bytes
) -> None:
    async with wire(world.url) as line:
        gc.disable()
        try:
            before = wires()
            for _ in range(3):
                await line.send(asked)
                assert (await line.answer()).status == 200
            assert wires() <= before + 1  # that of a connection's last request may be known
        finally:
            gc.enable()


def wires() -> int:
    """Return how many requests are known to be under way, or weren't forgotten."""
    return sum(type(one) is Wire for one in gc.get_objects())
