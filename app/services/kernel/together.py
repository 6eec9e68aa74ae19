"""Reads for many at once: what several ask for at the same moment is read by one statement."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping
from contextvars import Context
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar, cast

from app.domain.refusals import Unavailable

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

MOST_AT_ONCE: Final = 500  # keys, so that the loop isn't held up for long


@dataclass(eq=False, slots=True)
class _Batch(Generic[K, V]):
    """What was asked for and isn't read yet, and later what was found.

    ``error``: why nothing was found; whoever waits for a read that is cut off isn't told that there
    is nothing.
    """

    keys: set[K] = field(default_factory=set)
    size: int = 0
    done: asyncio.Event = field(default_factory=asyncio.Event)
    found: Mapping[K, V] = field(default_factory=dict)
    error: Exception | None = field(default_factory=Unavailable)


class Together:
    """Gathers keys while others are read, and reads all that were gathered.

    A read begins after its last key was asked for, so nobody is told what was true before. It runs
    by itself, in no transaction, and ends whoever stopped waiting for it.
    """

    def __init__(self) -> None:
        self._gathering: dict[Hashable, object] = {}
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    async def read(
        self,
        name: Hashable,
        read_all: Callable[[Collection[K]], Awaitable[Mapping[K, V]]],
        key: K,
        size: int = 1,
    ) -> V | None:
        """Return what ``read_all`` finds under a key; raise what it raises.

        Under one name it is always the same function, or one that does the same. ``size``: as how
        many keys this one counts.
        """
        batch = cast(_Batch[K, V] | None, self._gathering.get(name))
        if batch is None or batch.size + size > MOST_AT_ONCE:
            batch = self._gathering[name] = _Batch()
            reading = self._read(name, batch, read_all)
            task = asyncio.get_running_loop().create_task(reading, context=Context())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        batch.keys.add(key)
        batch.size += size
        await batch.done.wait()
        if batch.error is not None:
            raise batch.error
        return batch.found.get(key)

    async def _read(
        self,
        name: Hashable,
        batch: _Batch[K, V],
        read_all: Callable[[Collection[K]], Awaitable[Mapping[K, V]]],
    ) -> None:
        async with self._turn:
            if self._gathering.get(name) is batch:
                del self._gathering[name]
            try:
                batch.found, batch.error = await read_all(batch.keys), None
            except Exception as error:
                batch.error = error
            finally:
                batch.done.set()
