"""Connections that stay open, and how they end when the server stops.

A client that is told ``complete`` believes that all is over. When the server stops, a
subscription therefore ends with its connection, without that word: clients connect to whoever
serves next and go on. Queries and mutations under way are answered first.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Protocol

import structlog

log = structlog.get_logger(__name__)

MOST_OPERATIONS: Final = 100  # at once on one connection
ANSWER_SECONDS: Final = 5.0  # for what is under way when the server stops
_END_SECONDS: Final = 8.0  # for all of it, with clients that read slowly


class Connection(Protocol):
    """One that stays open."""

    async def end(self) -> None:
        """End it within a few seconds, so that its client connects again."""


class Connections:
    """All that are open, for the server to end them before it stops."""

    def __init__(self) -> None:
        self._open: set[Connection] = set()
        self.closing = False

    @contextmanager
    def holding(self, connection: Connection) -> Iterator[None]:
        """Count a connection among the open ones until the context ends."""
        self._open.add(connection)
        try:
            yield
        finally:
            self._open.discard(connection)

    async def close(self) -> None:
        """End all that are open, and refuse others from now on."""
        self.closing = True
        ends = [asyncio.create_task(connection.end()) for connection in self._open]
        if not ends:
            return
        ended, left = await asyncio.wait(ends, timeout=_END_SECONDS)
        for end in left:
            end.cancel()
        for failure in filter(None, (end.exception() for end in ended)):
            log.error("a connection didn't end well", exc_info=failure)
