"""The bus between processes: Redis pub/sub, heard by one connection a process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.ports.bus import Listener, LocalBus

log = structlog.get_logger(__name__)

_CHANNEL = "groupcode"
_RETRY_SECONDS = 0.5


class RedisBus:
    """Publishes to every process; each hands what it hears to its own listeners.

    While Redis is away nudges are lost: when it is back, every listener looks again.
    """

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(url, socket_connect_timeout=2, health_check_interval=10)
        self._local = LocalBus()

    async def publish(self, channel: str) -> None:
        """Nudge everyone who listens on a channel, in whichever process."""
        try:
            await self._redis.publish(_CHANNEL, channel)
        except (RedisError, OSError) as error:
            log.warning("bus is away", error=type(error).__name__)
            self._local.nudge(channel)

    def listen(self, *channels: str) -> AbstractAsyncContextManager[Listener]:
        """Listen from entering on."""
        return self._local.listen(*channels)

    def close(self) -> None:
        """End all listening, now and later: the process is to end."""
        self._local.close()

    async def ping(self) -> None:
        """Raise ``RedisError`` or ``OSError`` when Redis is away."""
        await self._redis.ping()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Hear the other processes until the context ends."""
        hearing = asyncio.create_task(self._hear())
        try:
            yield
        finally:
            hearing.cancel()
            await asyncio.gather(hearing, return_exceptions=True)
            await self._redis.aclose()

    async def _hear(self) -> None:
        while True:
            try:
                async with self._redis.pubsub() as subscription:
                    await subscription.subscribe(_CHANNEL)
                    self._local.nudge_all()
                    async for message in subscription.listen():
                        if message["type"] == "message":
                            self._local.nudge(message["data"].decode())
            except (RedisError, OSError) as error:
                log.warning("bus is away", error=type(error).__name__)
                await asyncio.sleep(_RETRY_SECONDS)
