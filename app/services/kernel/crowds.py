"""Crowds: all who wait for the same, served by one task as long as there is anybody."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Hashable
from contextlib import asynccontextmanager
from contextvars import Context
from dataclasses import dataclass, field
from typing import Generic, TypeVar, cast

M = TypeVar("M", bound=Hashable)


@dataclass(eq=False, slots=True)
class Crowd(Generic[M]):
    """Who is there now, in the order in which they came.

    ``served``: set by the task as soon as nothing that happens escapes it.
    """

    members: dict[M, None] = field(default_factory=dict)
    served: asyncio.Event = field(default_factory=asyncio.Event)


class Crowds:
    """All crowds of a process, each under the name of what its members wait for."""

    def __init__(self) -> None:
        self._crowds: dict[Hashable, tuple[object, asyncio.Task[None]]] = {}

    @asynccontextmanager
    async def joined(
        self,
        name: Hashable,
        member: M,
        serve: Callable[[Crowd[M]], Coroutine[object, object, None]],
    ) -> AsyncIterator[None]:
        """Be a member of a crowd until the context ends; it lasts from the first to the last one.

        Under one name ``serve`` always does the same, for as long as it isn't cancelled.
        """
        crowd, task = self._crowd(name, serve)
        crowd.members[member] = None
        try:
            await crowd.served.wait()
            yield
        finally:
            del crowd.members[member]
            if not crowd.members:
                task.cancel()
                if self._crowds.get(name) == (crowd, task):
                    del self._crowds[name]

    def _crowd(
        self, name: Hashable, serve: Callable[[Crowd[M]], Coroutine[object, object, None]]
    ) -> tuple[Crowd[M], asyncio.Task[None]]:
        """Return the crowd of a name, begun if there is none or its task came to an end."""
        found = self._crowds.get(name)
        if found is None or found[1].done():
            crowd: Crowd[M] = Crowd()
            task = asyncio.get_running_loop().create_task(serve(crowd), context=Context())
            self._crowds[name] = crowd, task
            return crowd, task
        return cast(Crowd[M], found[0]), found[1]
