"""The bus between processes: Redis pub/sub, heard by one connection a process.

Nobody who answers a client waits for Redis: what is published is sent in the background.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Final

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as NotConnected
from redis.exceptions import RedisError

from app.ports.bus import Listener, LocalBus
from app.telemetry import metrics

log = structlog.get_logger(__name__)

_NUDGES: Final = "groupcode"
_EVERYONE: Final = "*"  # in the place of a channel: whoever listens to anything looks again
_MOST_UNSENT: Final = 10_000  # channels; beyond them everyone is nudged instead
_ANSWER_SECONDS: Final = 1.0  # after which a Redis that says nothing is taken for hung
_PAUSE_SECONDS: Final = 0.25  # before it is tried again


def redis_client(url: str, *, again: int = 1) -> Redis:
    """Return a client that gives up soon: its callers try again.

    ``again``: how often it connects anew by itself where a connection is found broken.
    """
    return Redis.from_url(
        url,
        socket_timeout=_ANSWER_SECONDS,
        socket_connect_timeout=_ANSWER_SECONDS,
        retry=Retry(NoBackoff(), again, supported_errors=(NotConnected,)),
    )


class _Presence:
    """Whether Redis is there: it is away as long as one of its uses fails."""

    def __init__(self) -> None:
        self._failing: set[str] = set()
        metrics.REDIS_UP.set(1)

    @property
    def up(self) -> bool:
        return not self._failing

    def fails(self, use: str, error: Exception) -> bool:
        """Note a use that fails; return whether Redis was there until now."""
        was_up = self.up
        if was_up:
            log.error("redis is away", use=use, error=type(error).__name__)
            metrics.REDIS_UP.set(0)
        self._failing.add(use)
        return was_up

    def works(self, use: str) -> None:
        if self._failing == {use}:
            log.warning("redis is back")
            metrics.REDIS_UP.set(1)
        self._failing.discard(use)


class RedisBus:
    """Publishes to every process; each hands what it hears to its own listeners.

    While Redis is away the listeners of this process are nudged directly, and the others when it
    is back. As it goes and as it is back every listener looks again, because nudges may be lost.
    """

    def __init__(self, url: str) -> None:
        self._sending = redis_client(url)
        # Connecting anew by itself it would lose nudges without our knowing.
        self._hearing = redis_client(url, again=0)
        self._local = LocalBus()
        self._presence = _Presence()
        self._unsent: set[str] = set()
        self._sendable = asyncio.Event()

    @property
    def up(self) -> bool:
        """Whether Redis answered when it was last asked, a second or two ago at most."""
        return self._presence.up

    async def publish(self, channel: str) -> None:
        """Nudge everyone who listens on a channel, in whichever process, soon; wait for nothing."""
        if not self.up:
            self._local.nudge(channel)
        self._leave_unsent((channel,))

    def _leave_unsent(self, channels: Iterable[str]) -> None:
        self._unsent.update(channels)
        if len(self._unsent) > _MOST_UNSENT:
            self._unsent = {_EVERYONE}
        self._sendable.set()

    def listen(self, *channels: str) -> AbstractAsyncContextManager[Listener]:
        """Listen from entering on."""
        return self._local.listen(*channels)

    def close(self) -> None:
        """End all listening, now and later: the process is to end."""
        self._local.close()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Send, and hear the other processes, until the context ends; what is unsent is sent."""
        tasks = [
            asyncio.create_task(self._keep_hearing()),
            asyncio.create_task(self._keep_sending()),
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            with suppress(RedisError, OSError):
                await self._send()
            await self._sending.aclose()
            await self._hearing.aclose()

    async def _keep_sending(self) -> None:
        while True:
            await self._sendable.wait()
            try:
                await self._send()
            except Exception as error:  # whatever it is, nobody would send any more
                self._note_away("sending", error)
                await asyncio.sleep(_PAUSE_SECONDS)
            else:
                self._presence.works("sending")

    async def _send(self) -> None:
        """Send all channels by one message. They stay unsent where Redis doesn't take them."""
        channels, self._unsent = self._unsent, set()
        self._sendable.clear()
        if not channels:
            return
        try:
            await self._sending.publish(_NUDGES, "\n".join(sorted(channels)))
        except BaseException:
            self._leave_unsent(channels)
            raise

    def _note_away(self, use: str, error: Exception) -> None:
        """Nudge everyone here once: what was published last may have reached nobody."""
        if self._presence.fails(use, error):
            self._local.nudge_all()

    async def _keep_hearing(self) -> None:
        while True:
            try:
                await self._hear()
            except Exception as error:  # such as a message of somebody else's that can't be read
                self._note_away("hearing", error)
                await asyncio.sleep(_PAUSE_SECONDS)

    async def _hear(self) -> None:
        """Hear until the connection breaks, or Redis is silent though it was asked."""
        async with self._hearing.pubsub() as subscription:
            await subscription.subscribe(_NUDGES)
            asked = True
            while True:
                message = await subscription.get_message(timeout=_ANSWER_SECONDS)
                if message is None:
                    if asked:
                        raise TimeoutError
                    await subscription.ping()
                elif message["type"] == "subscribe":
                    self._presence.works("hearing")
                    self._local.nudge_all()
                elif message["type"] == "message":
                    self._nudge(message["data"].decode().split("\n"))
                asked = message is None

    def _nudge(self, channels: Iterable[str]) -> None:
        for channel in channels:
            if channel == _EVERYONE:
                self._local.nudge_all()
            else:
                self._local.nudge(channel)
