"""Turns: writers of one group wait for each other before they take a connection."""

import asyncio
from uuid import UUID
from weakref import WeakValueDictionary


class Turns:
    """A lock a group, for the process's one event loop; forgotten when nobody holds it.

    The group's row would make its writers wait as well, but each with a connection in hand: a
    storm on one group would leave none to the others. Other processes wait at the row.
    """

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()

    def of(self, group_id: UUID) -> asyncio.Lock:
        """Return the lock to hold while writing to a group."""
        lock = self._locks.get(group_id)
        if lock is None:
            lock = self._locks[group_id] = asyncio.Lock()
        return lock
