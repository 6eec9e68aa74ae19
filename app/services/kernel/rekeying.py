"""Bringing everything that is stored under the newest key, while servers go on (`groupcode rekey`).

It may be killed and begun again at any time: what was moved stays so.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from app.models.rekeying import (
    Table,
    count_left,
    count_rows,
    encrypted_tables,
    forget_counts,
    keep_only,
    move_batch,
    move_codes,
)
from app.ports.cipher import Cipher
from app.ports.clock import Clock

_PASSES: Final = 10
_PAUSE_SECONDS: Final = 0.5  # after a pass that left rows out, because somebody had them locked


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """What came of it: rows that are still under another key, and those that can't be read."""

    left: int
    unreadable: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether the other keys aren't needed any more."""
        return not self.left and not self.unreadable


async def count_all(cipher: Cipher) -> int:
    """Return how many rows there are to look at."""
    return sum([await count_rows(table, cipher.prefix) for table in encrypted_tables()])


async def rekey(cipher: Cipher, clock: Clock, seen: Callable[[int], None]) -> Rekeyed:
    """Move every row to the newest key; ``seen`` is told of each batch how many rows it had.

    Only when nothing is left under another key are the others no longer asked for at the start.
    """
    begun = clock.now()
    await move_codes(cipher)
    unreadable: tuple[str, ...] = ()
    left = 0
    for turn in range(_PASSES):
        if turn:
            await asyncio.sleep(_PAUSE_SECONDS)
        unreadable = tuple(
            [
                row
                for table in encrypted_tables()
                for row in await _move(table, cipher, seen if turn == 0 else None)
            ]
        )
        left = sum([await count_left(table, cipher) for table in encrypted_tables()])
        if left == len(unreadable):
            break
    result = Rekeyed(left, unreadable)
    if result.complete:
        await forget_counts(begun)
        await keep_only(cipher.keys[0].mac)
    return result


async def _move(table: Table, cipher: Cipher, seen: Callable[[int], None] | None) -> list[str]:
    """Move a table; return the rows that can't be read."""
    unreadable: list[str] = []
    after = None
    while True:
        batch = await move_batch(table, cipher, after)
        unreadable += batch.unreadable
        if seen is not None:
            seen(batch.seen)
        if batch.last is None:
            return unreadable
        after = batch.last
