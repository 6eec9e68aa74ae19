"""The bus between transactions and those who wait for them.

It carries nudges without content: "look again". Whoever hears one reads the database, so
a lost or doubled nudge loses or doubles nothing, and nobody's data travels.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol
from uuid import UUID

DUE = "due"  # some work came due
# A process that is killed between a commit and its nudge never sends it: who waits looks again
# without one. All of a process do so at the same moment, so that one statement reads for them.
LOOK_AGAIN_SECONDS = 15.0


def group_channel(group_id: UUID) -> str:
    """Return the channel on which a group's changes are announced."""
    return f"group:{group_id}"


def progress_channel(group_id: UUID) -> str:
    """Return the channel on which the progress of a group's refresh run is announced."""
    return f"progress:{group_id}"


def account_channel(account_id: UUID) -> str:
    """Return the channel on which it is announced that an account shows another person."""
    return f"account:{account_id}"


def person_channel(person_id: UUID) -> str:
    """Return the channel on which it is announced that a person sees one group more."""
    return f"person:{person_id}"


def organisation_channel(organisation_id: UUID) -> str:
    """Return the channel on which it is announced that something below an organisation changed."""
    return f"organisation:{organisation_id}"


class Listener:
    """One subscriber of some channels; nudges that come while one is handled become one."""

    def __init__(self, listeners: "defaultdict[str, set[Listener]]") -> None:
        self._listeners = listeners
        self._channels: frozenset[str] = frozenset()
        self._event = asyncio.Event()
        self._closed = False

    def tune(self, channels: Iterable[str]) -> bool:
        """Listen on these channels from now on, and no others; return whether one is new."""
        wanted = frozenset(channels)
        new = wanted - self._channels
        for channel in new:
            self._listeners[channel].add(self)
        for channel in self._channels - wanted:
            self._listeners[channel].discard(self)
            if not self._listeners[channel]:
                del self._listeners[channel]
        self._channels = wanted
        return bool(new)

    def nudge(self) -> None:
        """Make ``nudged`` return."""
        self._event.set()

    def close(self) -> None:
        """Make ``nudged`` return False from now on."""
        self._closed = True
        self._event.set()

    def take(self) -> bool:
        """Return whether a nudge is waiting; it is taken for heard."""
        waiting = self._event.is_set()
        self._event.clear()
        return waiting

    async def nudged(self) -> bool:
        """Wait for the next nudge; False when there will be none, the process is to end.

        Without one it returns all the same after a while: nudges get lost with their senders.
        """
        await self._event.wait()
        self._event.clear()
        return not self._closed


class Bus(Protocol):
    """Publishes nudges and lets others wait for them."""

    async def publish(self, channel: str) -> None:
        """Nudge everyone who listens on a channel now."""

    def listen(self, *channels: str) -> AbstractAsyncContextManager[Listener]:
        """Listen from entering on."""

    def close(self) -> None:
        """End all listening, now and later: the process is to end."""


_later: set[asyncio.Task[None]] = set()  # nobody else holds them


def publish_later(bus: Bus, channel: str, seconds: float) -> None:
    """Nudge a channel in some seconds, unless the process ends before."""

    async def publish() -> None:
        await asyncio.sleep(seconds)
        await bus.publish(channel)

    task = asyncio.get_running_loop().create_task(publish())
    _later.add(task)
    task.add_done_callback(_later.discard)


class LocalBus:
    """The bus within one process."""

    def __init__(self) -> None:
        self._listeners: defaultdict[str, set[Listener]] = defaultdict(set)
        self._open: set[Listener] = set()
        self._closed = False
        self._looking_again: asyncio.TimerHandle | None = None

    async def publish(self, channel: str) -> None:
        """Nudge everyone who listens on a channel now."""
        self.nudge(channel)

    def nudge(self, channel: str) -> None:
        """The same, for callers on the loop that can't await."""
        for listener in self._listeners.get(channel, ()):
            listener.nudge()

    def nudge_all(self) -> None:
        """Have every listener look again: nudges may have been lost."""
        for listener in self._open:
            listener.nudge()

    def _look_again(self) -> None:
        self._looking_again = None
        self.nudge_all()
        self._look_again_in_time()

    def _look_again_in_time(self) -> None:
        """Have whoever listens look again in time; while nobody does, there is no timer."""
        loop, timer = asyncio.get_running_loop(), self._looking_again
        when = loop.time() + LOOK_AGAIN_SECONDS
        if timer is not None and (not self._open or timer.when() > when):
            timer.cancel()
            timer = None
        if timer is None and self._open:
            timer = loop.call_at(when, self._look_again)
        self._looking_again = timer

    def close(self) -> None:
        """End all listening, now and later: the process is to end."""
        self._closed = True
        for listener in self._open:
            listener.close()

    @asynccontextmanager
    async def listen(self, *channels: str) -> AsyncIterator[Listener]:
        """Listen from entering on."""
        listener = Listener(self._listeners)
        self._open.add(listener)
        self._look_again_in_time()
        if self._closed:
            listener.close()
        listener.tune(channels)
        try:
            yield listener
        finally:
            listener.tune(())
            self._open.discard(listener)
            self._look_again_in_time()
