"""Erasing old rows in batches, by the index on their time."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from app.models.statements import fetch_as

_BATCH: Final = 500
_KEYS: Final = {"quota": "key"}
# Tables of which a group may show a row until it is erased, however old it is.
_SHOWN: Final = ("refresh_run",)


@dataclass(frozen=True, slots=True)
class Erased:
    """An erased row, and the group that may have shown it until then."""

    group_id: UUID | None


async def erase_batch(table: str, column: str, before: date) -> tuple[list[Erased], bool]:
    """Erase up to 500 rows of ``before``, a time or a day, or earlier; False when there were fewer.

    A session goes once the last of its refresh tokens is gone.
    """
    key = _KEYS.get(table, "id")
    unused = (
        "AND NOT EXISTS (SELECT 1 FROM refresh_token WHERE session_id = session.id)"
        if table == "session"
        else ""
    )
    group = "group_id" if table in _SHOWN else "NULL"
    rows = await fetch_as(
        Erased,
        f"DELETE FROM {table} WHERE {key} IN ("
        f"SELECT {key} FROM {table} WHERE {column} <= $1 {unused} LIMIT $2)"
        f" RETURNING {group} AS group_id",
        before,
        _BATCH,
    )
    return rows, len(rows) == _BATCH
