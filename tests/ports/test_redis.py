"""The bus over Redis: heard by every process, and waited for by nobody when Redis is away."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs

from app.ports import bus
from app.ports import redis as port
from app.ports.bus import Listener
from app.ports.redis import RedisBus
from app.ports.redis_check import redis_fault
from tests.support.servers import RedisServer
from tests.support.waiting import PATIENCE, eventually


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    with RedisServer() as server:
        yield server


@pytest.fixture
async def two(redis: RedisServer) -> AsyncIterator[tuple[RedisBus, RedisBus]]:
    """The buses of two processes, which hear each other."""
    async with AsyncExitStack() as stack:
        pair = RedisBus(redis.url), RedisBus(redis.url)
        for one in pair:
            async with one.listen() as subscribed:
                await stack.enter_async_context(one.running())
                await heard(subscribed)
        yield pair


async def heard(listener: Listener) -> None:
    async with asyncio.timeout(PATIENCE):
        await listener.nudged()


async def all_are(pair: tuple[RedisBus, RedisBus], *, up: bool) -> None:
    async def look() -> list[bool]:
        return [one.up for one in pair]

    await eventually(look, [up, up].__eq__)


async def test_what_one_publishes_all_hear(two: tuple[RedisBus, RedisBus]) -> None:
    async with two[0].listen("a") as here, two[1].listen("b") as there:
        await two[0].publish("a")
        await two[0].publish("b")
        await heard(here)
        await heard(there)
        assert not here.take() and not there.take()


@pytest.mark.parametrize("hung", [False, True], ids=["stopped", "hung"])
async def test_what_is_published_while_redis_is_away_is_heard_when_it_is_back(
    redis: RedisServer, two: tuple[RedisBus, RedisBus], hung: bool
) -> None:
    with capture_logs() as logs:
        (redis.hang if hung else redis.kill)()
        async with two[0].listen("a") as here, two[1].listen("a") as there:
            await two[0].publish("a")
            await heard(here)
            await all_are(two, up=False)
            there.take()  # whoever listens looks once when it goes
            await two[0].publish("a")
            await heard(here)
            assert not there.take()
            await asyncio.to_thread(redis.resume if hung else redis.restart)
            await heard(there)
            await all_are(two, up=True)
        async with two[1].listen("b") as there:
            await two[0].publish("b")
            await heard(there)
    said = sorted((line["event"], line["log_level"]) for line in logs)
    assert said == [("redis is away", "error")] * 2 + [("redis is back", "warning")] * 2


async def test_what_is_under_way_as_redis_goes_is_heard_here(
    redis: RedisServer, two: tuple[RedisBus, RedisBus], monkeypatch: pytest.MonkeyPatch
) -> None:
    sending = asyncio.Event()

    async def hang(*_: object) -> None:
        sending.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(bus, "LOOK_AGAIN_SECONDS", 3600.0)  # which would hide what is lost
    monkeypatch.setattr(two[0]._sending, "publish", hang)
    async with two[0].listen("a") as here:
        await two[0].publish("a")
        await sending.wait()
        assert not here.take()
        redis.kill()  # which who hears notices, and who sends doesn't
        await heard(here)


async def test_who_hears_what_cant_be_read_hears_on(
    two: tuple[RedisBus, RedisBus], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bus, "LOOK_AGAIN_SECONDS", 3600.0)
    async with two[1].listen("a") as there:
        await two[0]._sending.publish("groupcode", b"\xff")
        await heard(there)  # whoever listens looks as it breaks off
        await all_are(two, up=True)
        there.take()
        await two[0].publish("a")
        await heard(there)


async def test_what_is_unsent_is_bounded(
    redis: RedisServer, two: tuple[RedisBus, RedisBus], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(port, "_MOST_UNSENT", 3)
    async with two[1].listen("of none") as there:
        for channel in "abcd":
            await two[0].publish(channel)
        await heard(there)


async def test_what_is_unsent_is_sent_at_the_end(redis: RedisServer) -> None:
    ending, other = RedisBus(redis.url), RedisBus(redis.url)
    async with other.listen("a") as there, other.running():
        await heard(there)  # it is subscribed
        async with ending.running():
            await ending.publish("a")
        await heard(there)


async def test_a_redis_that_refuses_us_is_told_from_one_that_is_away(redis: RedisServer) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    other = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with other:
        port = other.sockets[0].getsockname()[1]
        assert "no Redis" in (await redis_fault(f"redis://127.0.0.1:{port}/0") or "")
    assert await redis_fault(redis.url) is None
    assert "refuses us" in (await redis_fault(f"{redis.url}99") or "")
    async with Redis.from_url(redis.url) as client:
        await client.replicaof("127.0.0.1", "9")
        assert "is a replica" in (await redis_fault(redis.url) or "")
        await client.replicaof("NO", "ONE")
        await client.config_set("requirepass", "sesame")
    for wrong in (redis.url, redis.url.replace("//", "//:wrong@")):
        assert "password" in (await redis_fault(wrong) or "")
    assert await redis_fault(redis.url.replace("//", "//:sesame@")) is None
    redis.kill()
    assert await redis_fault(redis.url) is None
