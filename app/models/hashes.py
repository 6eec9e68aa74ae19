"""Rows that are found by a keyed hash, while the key is changed.

A row may then stand under the hash of any key. Whoever would make a row that may be there first
brings it up to the newest key, so that its unique hash still tells that it is there.
"""

from collections.abc import Sequence
from typing import Any

from tortoise import Model

from app.models.statements import dialect, fetch


async def bring_up_to_date(
    table: type[Model], column: str, hashes: Sequence[str], **where: Any
) -> None:
    """Bring a row to the first of the hashes it may be found by; call it in a transaction.

    Whoever does so for the same hashes at once waits for the other's transaction.
    """
    newest, *older = hashes
    if not older:
        return
    if dialect() == "postgres":  # SQLite has one writer
        lock = int(min(hashes)[:15], 16)
        await fetch("SELECT pg_advisory_xact_lock($1)", lock)
    await table.filter(**{f"{column}__in": older}, **where).update(**{column: newest})
