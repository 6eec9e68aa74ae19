"""Timers of one connection, by name: one of a name at a time."""

import asyncio
from asyncio import TimerHandle
from collections.abc import Callable


class Timers:
    """What is to happen later, unless it is cancelled."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._set: dict[str, TimerHandle] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._set

    def later(self, name: str, seconds: float, act: Callable[[], None]) -> None:
        """Act in so many seconds, and not when the same was to happen before."""
        self.cancel(name)
        self._set[name] = self._loop.call_later(seconds, act)

    def cancel(self, name: str) -> None:
        """Don't act, if that is still to come."""
        timer = self._set.pop(name, None)
        if timer is not None:
            timer.cancel()

    def cancel_all(self) -> None:
        """Do nothing any more."""
        for name in [*self._set]:
            self.cancel(name)
