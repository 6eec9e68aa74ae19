"""Whoever outlasts a database that is away: they try again until it is there.

Live views show nothing meanwhile, and then go on; work waits to be ended, which nobody else could.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from app.domain.refusals import Unavailable

T = TypeVar("T")

_PAUSE_SECONDS: Final = 1.0


async def outlasting(ask: Callable[[], Awaitable[T]]) -> T:
    """Return what ``ask`` does, once it can; raise whatever else it raises."""
    while True:
        try:
            return await ask()
        except Unavailable:
            await asyncio.sleep(_PAUSE_SECONDS)
