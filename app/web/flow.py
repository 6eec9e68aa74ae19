"""What waits on a connection: requests to be parsed, and answers that nobody reads.

Of answers: how long they are kept, and how much of them altogether.
"""

import asyncio
from asyncio import TimerHandle
from typing import ClassVar, Final

from uvicorn.protocols.http.flow_control import FlowControl

LOOK_SECONDS: Final = 20.0
LEAST_READ: Final = 32 << 10  # bytes in that time; who reads less isn't reading
MOST_UNREAD: Final = 128 << 20  # bytes of a process; beyond, who keeps us waiting longest goes


class Flow(FlowControl):
    """Reading, which goes on only when all that was read is parsed."""

    held = False

    def resume_reading(self) -> None:
        """Read on, unless something waits to be parsed."""
        if not self.held:
            super().resume_reading()


class Unread:
    """What one connection has yet to read, while that is more than its client takes at once."""

    _all: ClassVar[dict["Unread", None]] = {}  # those who keep us waiting, the longest first

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._transport: asyncio.Transport | None = None
        self._timer: TimerHandle | None = None

    def of(self, transport: asyncio.Transport) -> None:
        """Note whose it is."""
        self._transport = transport

    def began(self) -> None:
        """Note that the client doesn't keep up; end the connection when it stops reading."""
        self._all[self] = None
        self._look_later()
        while len(self._all) > 1 and sum(one.size for one in self._all) > MOST_UNREAD:
            next(iter(self._all))._end()

    def ended(self) -> None:
        """Note that the client has caught up, or is gone."""
        self._all.pop(self, None)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    @property
    def size(self) -> int:
        """How many bytes wait to be read."""
        return self._transport.get_write_buffer_size() if self._transport else 0

    def _look_later(self) -> None:
        self._timer = self._loop.call_later(LOOK_SECONDS, self._look, self.size)

    def _look(self, before: int) -> None:
        if self.size > before - LEAST_READ:
            self._end()
        else:
            self._look_later()

    def _end(self) -> None:
        self.ended()
        if self._transport is not None:
            self._transport.abort()
