"""Moving what is stored to the newest key, in batches, while servers run.

A batch takes the rows that nobody has locked and waits for none: no use case can wait for it in a
circle. What was locked comes with the next pass. What servers write meanwhile is under the newest
key already.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from tortoise import Model

from app import models
from app.domain.identity import Document, IdType
from app.domain.rosters import name_key
from app.models.database import transaction
from app.models.fields import EncryptedText, FieldCipher
from app.models.statements import dialect, fetch, fetch_value

_BATCH: Final = 200
_PHONE: Final = "phone_hash"
_DOCUMENT: Final = "identity_hash"
_NAME: Final = "name_hash"
FOUND_BY: Final[dict[type[Model], str]] = {
    models.Account: _PHONE,
    models.Sms: _PHONE,
    models.Overseer: _PHONE,
    models.Person: _DOCUMENT,
    models.Relative: _DOCUMENT,
    models.Verification: _DOCUMENT,
    models.RosterEntry: _NAME,
}
_BESIDE: Final = {_DOCUMENT: ["id_type"], _NAME: ["group_id"]}  # what a hash is of, in the clear
Row = dict[str, object]


class RekeyingCipher(FieldCipher, Protocol):
    """A cipher that knows the newest key, which encrypts, and the others, which decrypt."""

    prefix: bytes

    def lookup(self, kind: str, value: str) -> str:
        """Return the hash by which a value of a kind is found, under the newest key."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with encrypted columns, by their associated data, and the hash it is found by."""

    model: type[Model]
    columns: dict[str, bytes]
    hashed: str | None

    @property
    def name(self) -> str:
        """Its name in the database."""
        return self.model._meta.db_table


@dataclass(frozen=True, slots=True)
class Batch:
    """How many rows were seen, which can't be read, and behind which to go on; None at the end."""

    seen: int
    unreadable: Sequence[str]
    last: UUID | None


def encrypted_tables() -> list[Table]:
    """Return every table that holds something encrypted."""
    tables = []
    for listed in models.__all__:
        model: type[Model] = getattr(models, listed)
        columns = {
            name: field.associated_data
            for name, field in model._meta.fields_map.items()
            if isinstance(field, EncryptedText)
        }
        if columns:
            tables.append(Table(model, columns, FOUND_BY.get(model)))
    return tables


async def count_rows(table: Table, prefix: bytes) -> int:
    """Return how many rows ``move_batch`` will look at, one after the other."""
    condition = "" if table.hashed else f"WHERE {_not_under(table, 1)}"
    given = () if table.hashed else (prefix,)
    found = await fetch_value(int, f"SELECT count(*) FROM {table.name} {condition}", *given)
    return found or 0


async def count_left(table: Table, cipher: RekeyingCipher) -> int:
    """Return how many rows hold something, or are found by a hash, that is under another key."""
    if not table.hashed:
        return await count_rows(table, cipher.prefix)
    left, after = 0, UUID(int=0)
    while rows := await _next_rows(table, cipher.prefix, after, locked=False):
        left += sum(_is_left(table, cipher, row) for row in rows)
        after = UUID(str(rows[-1]["id"]))
    return left


def _is_left(table: Table, cipher: RekeyingCipher, row: Row) -> bool:
    try:
        return _moved(table, cipher, row) != row
    except ValueError:
        return True


async def move_batch(table: Table, cipher: RekeyingCipher, after: UUID | None) -> Batch:
    """Move the next rows of a table, in the order of their ids, to the newest key."""
    async with transaction():
        rows = await _next_rows(table, cipher.prefix, after or UUID(int=0), locked=True)
        changed: list[Row] = []
        unreadable: list[str] = []
        for row in rows:
            try:
                moved = _moved(table, cipher, row)
            except ValueError:
                unreadable.append(f"{table.name} {row['id']}")
            else:
                changed += [moved] if moved != row else []
        if changed:
            await _write(table, changed)
    last = UUID(str(rows[-1]["id"])) if len(rows) == _BATCH else None
    return Batch(len(rows), unreadable, last)


async def _next_rows(table: Table, prefix: bytes, after: UUID, *, locked: bool) -> list[Row]:
    """Read rows: of tables that are found by a hash all, of others what is left.

    ``locked``: lock them, and leave out what somebody else has locked.
    """
    columns = ["id", *table.columns]
    columns += [table.hashed] if table.hashed else []
    columns += _BESIDE.get(table.hashed or "", [])
    condition = "id > $1" if table.hashed else f"id > $1 AND ({_not_under(table, 2)})"
    lock = "FOR UPDATE SKIP LOCKED" if locked and dialect() == "postgres" else ""
    return await fetch(
        f"SELECT {', '.join(columns)} FROM {table.name} WHERE {condition}"
        f" ORDER BY id LIMIT {_BATCH} {lock}",
        after,
        *([] if table.hashed else [prefix]),
    )


def _not_under(table: Table, place: int) -> str:
    return " OR ".join(f"substr({name}, 1, 4) <> ${place}" for name in table.columns)


def _moved(table: Table, cipher: RekeyingCipher, row: Row) -> Row:
    """Return a row as it is under the newest key. Raise ``ValueError`` if it can't be read."""
    moved, plain = dict(row), dict[str, bytes]()
    for name, data in table.columns.items():
        stored = row[name]
        if isinstance(stored, bytes):
            plain[name] = cipher.decrypt(stored, data)
            if not stored.startswith(cipher.prefix):
                moved[name] = cipher.encrypt(plain[name], data)
    if table.hashed and row[table.hashed] is not None:
        moved[table.hashed] = cipher.lookup(*_hashed(table.hashed, row, plain))
    return moved


def _hashed(column: str, row: Row, plain: Mapping[str, bytes]) -> tuple[str, str]:
    """Return of what the hash in a column is: the kind, and the value."""
    if column == _PHONE:
        return "phone", plain["phone"].decode()
    if column == _NAME:
        return "roster", name_key(UUID(str(row["group_id"])), plain["name"].decode())
    id_type = IdType(str(row["id_type"]))
    return "identity", Document(id_type, plain["id_number"].decode()).key


async def _write(table: Table, rows: Sequence[Row]) -> None:
    """Write encrypted columns and hashes of rows that are locked."""
    names = [*table.columns, *([table.hashed] if table.hashed else [])]
    forgotten = ", digest = NULL" if table.model is models.HealthRecord else ""
    if dialect() == "sqlite":
        places = ", ".join(f"{name} = ${place}" for place, name in enumerate(names, 2))
        for row in rows:
            values = [row["id"], *(row[name] for name in names)]
            await fetch(f"UPDATE {table.name} SET {places}{forgotten} WHERE id = $1", *values)
        return
    arrays = ["$1::uuid[]", *(f"${place}::bytea[]" for place in range(2, 2 + len(table.columns)))]
    arrays += [f"${len(arrays) + 1}::text[]"] if table.hashed else []
    changes = ", ".join(f"{name} = moved.{name}" for name in names)
    await fetch(
        f"UPDATE {table.name} SET {changes}{forgotten} FROM unnest({', '.join(arrays)})"
        f" AS moved (id, {', '.join(names)}) WHERE {table.name}.id = moved.id",
        [row["id"] for row in rows],
        *([row[name] for row in rows] for name in names),
    )


async def move_codes(cipher: RekeyingCipher) -> None:
    """Move the phones of verification codes, which the SMS tell; call it before these move."""
    last = ""
    while rows := await fetch(
        "SELECT DISTINCT phone_hash FROM verification_code WHERE phone_hash > $1"
        f" ORDER BY phone_hash LIMIT {_BATCH}",
        last,
    ):
        hashes = [str(row["phone_hash"]) for row in rows]
        last = hashes[-1]
        told = await models.Sms.filter(phone_hash__in=hashes).values_list("phone_hash", "phone")
        for old, new in {old: cipher.lookup("phone", phone) for old, phone in told}.items():
            if old != new:
                await models.VerificationCode.filter(phone_hash=old).update(phone_hash=new)


async def forget_counts(before: datetime) -> None:
    """Forget what was counted for limits: under another key nobody finds it again."""
    await models.Quota.filter(last_at__lt=before).delete()


async def keep_only(mac: str) -> None:
    """Note that everything is under one key: the others may be dropped."""
    await models.KeyCheck.exclude(mac=mac).delete()
