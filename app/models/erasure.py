"""Erasing old rows in batches, by the index on their time."""

from datetime import date
from typing import Final

from app.models.statements import fetch

_BATCH: Final = 500
_KEYS: Final = {"quota": "key"}


async def erase_batch(table: str, column: str, before: date) -> bool:
    """Erase up to 500 rows of ``before``, a time or a day, or earlier; False when there were fewer.

    A session goes once the last of its refresh tokens is gone.
    """
    key = _KEYS.get(table, "id")
    unused = (
        "AND NOT EXISTS (SELECT 1 FROM refresh_token WHERE session_id = session.id)"
        if table == "session"
        else ""
    )
    rows = await fetch(
        f"DELETE FROM {table} WHERE {key} IN ("
        f"SELECT {key} FROM {table} WHERE {column} <= $1 {unused} LIMIT $2) RETURNING 1 AS one",
        before,
        _BATCH,
    )
    return len(rows) == _BATCH
