"""Moving what is stored to the newest key, in batches, while servers run.

A batch takes the rows that nobody has locked and waits for none, so no use case waits for it
longer than a batch takes, and none can wait for it in a circle. What was locked comes with the
next pass. A row that changed meanwhile was written under the newest key.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from tortoise import Model
from tortoise.exceptions import IntegrityError

from app import models
from app.domain.identity import Document, IdType
from app.models.database import transaction
from app.models.fields import EncryptedText
from app.models.statements import dialect, fetch, placeholders

_BATCH: Final = 200
Lookup = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Found:
    """A hash that rows are found by: of which kind of value, made of which columns."""

    kind: str
    column: str
    parts: tuple[str, ...]


_DOCUMENT: Final = Found("identity", "identity_hash", ("id_type", "id_number"))
_PHONE: Final = Found("phone", "phone_hash", ("phone",))
FOUND_BY: Final[dict[type[Model], Found]] = {
    models.Account: _PHONE,
    models.Sms: _PHONE,
    models.Person: _DOCUMENT,
    models.Relative: _DOCUMENT,
    models.Verification: _DOCUMENT,
}
# What is made anew when it is missing: the hash of what an answer said, by which it is skipped.
_FORGOTTEN: Final = {"health_record": "digest"}


@dataclass(frozen=True, slots=True)
class Table:
    """A table with encrypted columns, and the hash that its rows are found by."""

    model: type[Model]
    columns: tuple[str, ...]
    found: Found | None

    @property
    def name(self) -> str:
        """Its name in the database."""
        return self.model._meta.db_table


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of some rows, and where the next ones begin; None at the end."""

    seen: int
    moved: int
    unreadable: Sequence[str]
    last: UUID | None


def encrypted_tables() -> Iterator[Table]:
    """Yield every table that holds something encrypted."""
    for name in models.__all__:
        model: type[Model] = getattr(models, name)
        columns = tuple(
            name
            for name, field in model._meta.fields_map.items()
            if isinstance(field, EncryptedText)
        )
        if columns:
            yield Table(model, columns, FOUND_BY.get(model))


async def count_rows(table: Table) -> int:
    """Return how many rows a table has."""
    return await table.model.all().count()


async def count_left(table: Table, prefix: bytes) -> int:
    """Return how many rows hold something that doesn't begin with ``prefix``."""
    (row,) = await fetch(
        f"SELECT count(*) AS rows FROM {table.name} WHERE {_not_under(table.columns)}", prefix
    )
    return int(str(row["rows"]))


async def move_batch(table: Table, prefix: bytes, after: UUID | None, lookup: Lookup) -> Batch:
    """Move the next rows to the key whose ciphertexts begin with ``prefix``.

    ``lookup`` makes the hash of a kind of value under that key.
    """
    async with transaction():
        rows = await _next_rows(table, after)
        moved, unreadable = 0, []
        for row in rows:
            try:
                changes = _changes(table, prefix, row, lookup)
            except ValueError:
                unreadable.append(f"{table.name} {row['id']}")
                continue
            if changes:
                await _write(table, str(row["id"]), changes)
                moved += 1
    last = UUID(str(rows[-1]["id"])) if len(rows) == _BATCH else None
    return Batch(len(rows), moved, unreadable, last)
