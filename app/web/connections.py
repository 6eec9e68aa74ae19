"""Connections that stay open, and how they end when the server stops.

A client that is told ``complete`` believes that all is over. When the server stops, a
subscription therefore ends with its connection, without that word: clients connect to whoever
serves next and go on. Queries and mutations under way are answered first.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Protocol
from uuid import UUID

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
    """All that are open, for the server to end them before it stops; bounded for each owner.

    An owner is an address or an account.
    """

    def __init__(self, per_address: int | None = None, per_person: int | None = None) -> None:
        """``per_address``, ``per_person``: how many one may hold; None: any number."""
        self._most = {str: per_address, UUID: per_person}
        self._open: dict[Connection, list[str | UUID]] = {}
        self._held: Counter[str | UUID] = Counter()
        self.closing = False
        self.leaving = False

    def admits(self, owner: str | UUID) -> bool:
        """Return whether an address or an account may hold one more."""
        most = self._most[type(owner)]
        return most is None or self._held[owner] < most

    @contextmanager
    def holding(self, connection: Connection, *owners: str | UUID) -> Iterator[None]:
        """Count a connection among the open ones until the context ends."""
        self._open[connection] = []
        for owner in owners:
            self.count(connection, owner)
        try:
            yield
        finally:
            for owner in self._open.pop(connection):
                self._held[owner] -= 1
                if not self._held[owner]:
                    del self._held[owner]

    def count(self, connection: Connection, owner: str | UUID) -> None:
        """Count an open connection as one more of an owner's."""
        self._open[connection].append(owner)
        self._held[owner] += 1

    def leave(self) -> None:
        """Note that the server is about to stop, and still serves who doesn't know it yet."""
        self.leaving = True

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
