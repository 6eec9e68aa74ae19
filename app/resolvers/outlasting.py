"""Live views outlast a database that is away: they show nothing meanwhile, and then go on."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from app.domain.refusals import Unavailable

T = TypeVar("T")

_PAUSE_SECONDS: Final = 1.0


async def outlasting(read: Callable[[], Awaitable[T]]) -> T:
    """Return what ``read`` does, once it can; raise whatever else it raises."""
    while True:
        try:
            return await read()
        except Unavailable:
            await asyncio.sleep(_PAUSE_SECONDS)
