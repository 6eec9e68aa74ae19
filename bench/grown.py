"""A database of any size: a hundred groups of ten, multiplied within PostgreSQL.

Of each copy the keys and hashes are others, the ciphertexts the same. The manager's groups, of 10,
100 and 500, come on top, once.
"""

from dataclasses import dataclass
from typing import Any, Final

import asyncpg

from app.models.database import database
from app.models.migrating import migrate
from app.models.people import Person
from bench.data import Filler
from bench.ground import Cast

SEED_GROUPS: Final = 100
SEED_PEOPLE: Final = 10  # of each
OWN_GROUPS: Final = (10, 100, 500)
_TABLES: Final = (
    "person",
    "account",
    "session",
    "groups",
    "membership",
    "consent",
    "health_record",
    "anomaly",
    "group_event",
)
_COLUMNS: Final = """SELECT column_name, data_type FROM information_schema.columns
  WHERE table_schema = 'public' AND table_name = $1 ORDER BY ordinal_position"""
_REFRESHES: Final = """INSERT INTO due_work (key, kind, subject_id, due_at, attempts, stamp)
  SELECT 'START_REFRESH:' || id, 'START_REFRESH', id,
    now() + interval '3 hours' + random() * interval '3 hours', 0, gen_random_uuid()
  FROM groups ON CONFLICT DO NOTHING"""


@dataclass
class GrowingDatabase:
    """One that grows; ``copies`` of the seed are in it."""

    url: str
    cast: Cast
    connection: Any  # of PostgreSQL's driver
    copies: int = 1

    async def grow(self, copies: int) -> None:
        """Make copies until there are so many, the seed itself included."""
        # Keys point to copies of what they pointed to: there is nothing to check.
        await self.connection.execute("SET session_replication_role = replica")
        if copies > self.copies:
            for table in _TABLES:
                await self._copy(table, self.copies + 1, copies)
            await self.connection.execute(_REFRESHES)
            self.copies = copies
        await self.connection.execute("VACUUM ANALYZE")

    async def _copy(self, table: str, first: int, last: int) -> None:
        columns = await self.connection.fetch(_COLUMNS, table)
        names = ", ".join(f'"{name}"' for name, _ in columns)
        values = ", ".join(_copied(name, kind) for name, kind in columns)
        await self.connection.execute(
            f"INSERT INTO {table} ({names}) SELECT {values}"
            f" FROM seed_{table} s, generate_series($1::int, $2::int) n",
            first,
            last,
        )


def _copied(name: str, kind: str) -> str:
    value = f's."{name}"'
    if kind == "uuid":
        return f"md5({value}::text || n)::uuid"
    if name.endswith("_hash"):
        return f"md5({value} || n) || md5(n || {value})"
    return value


async def create(url: str) -> GrowingDatabase:
    """Fill a new database with the seed and the manager's groups."""
    await migrate(url)
    connection = await asyncpg.connect(url)
    async with database(url):
        filler = Filler()
        for number in range(SEED_GROUPS):
            filler.group(f"企业 {number}", filler.people(SEED_PEOPLE))
        await filler.write()
        for table in _TABLES:
            await connection.execute(f"CREATE TABLE seed_{table} AS SELECT * FROM {table}")
        manager = filler.people(1)[0]
        groups = {
            f"of {size}": filler.group(f"第一小学 {size}", [manager, *filler.people(size - 1)])
            for size in OWN_GROUPS
        }
        joiners = [filler.someone(real_named=False)]
        await filler.write()
        await Person.filter(id=manager.person_id).update(owned_groups=len(groups))
    return GrowingDatabase(url, Cast(manager, groups, joiners=joiners), connection)
