"""The release before goes on working while and after a database is migrated (PostgreSQL).

What it reads and writes are the columns that there were at its last migration, which
docs/migration-released.txt names: no history of the code is needed to try that.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any, Final

import asyncpg
import pytest
from tortoise import Tortoise, connections
from tortoise.migrations.executor import MigrationTarget

from app.models import migrating
from app.models.gently import GentleEditor
from app.models.migrating import migrate, pending_migrations
from app.models.noting import NOTES
from app.models.postgres import connect
from tests.support.processes import ROOT
from tests.support.servers import PostgresServer

RELEASED: Final = (ROOT / "docs/migration-released.txt").read_text().strip()
# Columns that the marked release has in its tables and no longer names: these may be taken away.
FORGOTTEN: Final[frozenset[str]] = frozenset()
ADDED: Final = re.compile(r"ADD COLUMN (?P<column>.*?)(?:, ADD FOREIGN KEY .* NOT VALID)?;?$", re.S)

Columns = dict[str, dict[str, str]]  # of each table, with their types


def harm(statement: str, made: set[str]) -> str | None:
    """What a migration's statement does to those who use a table; None for no harm.

    ``made``: tables that the same upgrade makes, which nobody uses yet.
    """
    table = re.search(r'(?:TABLE|ON|INTO|UPDATE|FROM)\s+"?(\w+)', statement)
    if statement.lstrip().startswith("CREATE TABLE"):
        made.update(re.findall(r'CREATE TABLE "(\w+)"', statement))
    if table and table[1] in made:
        return None
    dropped = re.search(r'DROP COLUMN "(\w+)"', statement)
    forgotten = dropped and table and f"{table[1]}.{dropped[1]}" in FORGOTTEN
    if forgotten or statement.lstrip().startswith(("DROP INDEX", "--")):
        return None
    added = ADDED.search(statement)
    if not added:
        return "rewrites, locks, or takes away what the release before uses"
    column = added["column"].upper()
    if "UNIQUE" in column or "REFERENCES" in column:
        return "reads the whole table while nobody else may"
    if "NOT NULL" in column and "DEFAULT" not in column:
        return "fails where there are rows, and on what the release before writes"
    return None


@pytest.mark.parametrize(
    "statement",
    [
        'ALTER TABLE "sms" ALTER COLUMN "text" TYPE TEXT',
        'ALTER TABLE "sms" ALTER COLUMN "text" SET NOT NULL',
        'ALTER TABLE "sms" ADD COLUMN "tries" INT NOT NULL',
        'ALTER TABLE "sms" ADD COLUMN "token" VARCHAR(64) UNIQUE',
        'ALTER TABLE "sms" ADD COLUMN "by_id" UUID REFERENCES "person" ("id") ON DELETE CASCADE',
        'ALTER TABLE "sms" ADD CONSTRAINT "short" CHECK (length(text) < 70)',
        'ALTER TABLE "sms" DROP COLUMN "text" CASCADE',
        'ALTER TABLE "sms" RENAME COLUMN "text" TO "words"',
        'CREATE INDEX "idx_sms" ON "sms" ("text");',
        "UPDATE sms SET text = NULL",
    ],
)
def test_what_rewrites_or_locks_is_known(statement: str) -> None:
    assert harm(statement, set())
    assert harm('ALTER TABLE "sms" ADD COLUMN "tries" INT NOT NULL DEFAULT 0', set()) is None
    assert harm('ALTER TABLE "sms" ADD COLUMN "tries" INT', set()) is None


async def migrated_to(url: str, name: str) -> None:
    async with migrating._executor(url) as executor:
        await executor.migrate([MigrationTarget("app", name)])


async def columns_of(connection: Any) -> Columns:
    found: Columns = {}
    for row in await connection.fetch(
        "SELECT table_name, column_name, data_type FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name <> 'tortoise_migrations'"
    ):
        found.setdefault(row["table_name"], {})[row["column_name"]] = row["data_type"]
    return found


VALUES: Final = {
    "uuid": "'00000000-0000-4000-8000-00000000000{n}'::uuid",
    "character varying": "'{n}'",
    "text": "'{n}'",
    "bytea": "'\\x0{n}'::bytea",
    "timestamp with time zone": "'2022-09-0{n}'::timestamptz",
    "date": "'2022-09-0{n}'::date",
    "boolean": "false",
    "jsonb": "'[]'::jsonb",
}


async def insert(connection: Any, table: str, types: dict[str, str], number: int) -> str:
    """Insert a row into a table, naming these columns only; return what tells it from others."""
    names = [f'"{name}"' for name in types]
    values = [VALUES.get(one, "{n}").format(n=number) for one in types.values()]
    into = f'INSERT INTO "{table}" ({", ".join(names)})'
    await connection.execute(f"{into} VALUES ({', '.join(values)})")
    return f"{names[0]} = {values[0]}"


async def write(connection: Any, columns: Columns, number: int) -> None:
    """Insert a row into each table, and change it."""
    await connection.execute("SET session_replication_role = replica")  # keys of rows in any order
    for table, types in columns.items():
        it = await insert(connection, table, types, number)
        changed = await connection.execute(f'UPDATE "{table}" SET {it} WHERE {it}')
        assert changed != "UPDATE 0", table


async def read(connection: Any, columns: Columns) -> dict[str, list[tuple[Any, ...]]]:
    found = {}
    for table, types in columns.items():
        names = ", ".join(f'"{name}"' for name in types)
        found[table] = [
            tuple(row) for row in await connection.fetch(f'SELECT {names} FROM "{table}"')
        ]
    return found


@pytest.fixture
def empty(postgres: PostgresServer) -> Iterator[str]:
    """An empty database."""
    yield postgres.create_database("upgrading")
    postgres.drop_database("upgrading")


@pytest.fixture
def url(postgres: PostgresServer, postgres_template: str) -> Iterator[str]:
    """A database of the newest shape."""
    yield postgres.create_database("upgraded", postgres_template)
    postgres.drop_database("upgraded")


@pytest.fixture
async def connection(url: str) -> AsyncIterator[Any]:
    opened = await connect(url)
    yield opened
    await opened.close()


async def test_the_release_before_reads_and_writes_the_new_tables(
    empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = await connect(empty)
    await migrated_to(empty, RELEASED)
    columns = await columns_of(connection)
    await write(connection, columns, 1)
    before = await read(connection, columns)

    ran: list[str] = []
    run = GentleEditor._run_sql

    async def noting(editor: GentleEditor, statement: str) -> None:
        if NOTES not in statement:  # where a migration notes itself, which nobody else uses
            ran.append(statement)
        await run(editor, statement)

    monkeypatch.setattr(GentleEditor, "_run_sql", noting)
    await migrate(empty)
    made: set[str] = set()
    assert [(one, why) for one in ran if (why := harm(one, made))] == []
    assert await read(connection, columns) == before
    await write(connection, columns, 2)
    assert all(len(rows) == 2 for rows in (await read(connection, columns)).values())
    await connection.close()
    assert await pending_migrations(empty) == []


async def test_a_migration_gives_way_to_who_uses_a_table(
    connection: Any, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrating, "_PAUSE", 0.2)
    other = await connect(url)
    reading = connection.transaction()
    await reading.start()
    await connection.fetch("SELECT * FROM due_work")
    async with migrating._executor(url) as executor:

        async def change(progress: object) -> None:
            await executor.connection.execute_script("ALTER TABLE due_work ADD COLUMN more INT")

        monkeypatch.setattr(executor, "migrate", change)
        upgrade = asyncio.create_task(migrating._insist(executor, lambda *_: None))
        while not await other.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
            await asyncio.sleep(0.01)
        # Who comes now waits behind the migration until that gives way, and not for the reader.
        await asyncio.wait_for(other.fetch("SELECT * FROM due_work"), 20)
        assert not upgrade.done()
        await reading.commit()
        await upgrade
    assert "more" in (await columns_of(other))["due_work"]
    await other.close()


async def test_an_index_is_made_while_others_write_and_made_anew_if_it_broke(
    connection: Any, url: str
) -> None:
    [name] = await connection.fetchrow(
        "SELECT indexrelid::regclass::text FROM pg_index"
        " WHERE indrelid = 'account'::regclass AND indexrelid::regclass::text LIKE 'idx%person%'"
    )
    await connection.execute(
        f"UPDATE pg_index SET indisvalid = false WHERE indexrelid = '{name}'::regclass"
    )
    other = await connect(url)
    try:
        writing = connection.transaction()
        await writing.start()
        await connection.execute("UPDATE account SET language = 'zh'")
        making = asyncio.create_task(migrate(url))
        await asyncio.sleep(0.1)
        await other.execute("UPDATE account SET language = 'en'")
        await writing.commit()
        assert await making == []
        assert await other.fetchval(
            f"SELECT indisvalid FROM pg_index WHERE indexrelid = '{name}'::regclass"
        )
    finally:
        await other.close()


async def test_a_foreign_key_is_not_looked_for_in_rows_that_cannot_have_it(
    connection: Any, url: str
) -> None:
    async with migrating._executor(url):
        assert Tortoise.apps is not None
        membership = Tortoise.apps["app"]["Membership"]
        editor = GentleEditor(connections.get("default"), collect_sql=True)
        await editor.add_field(membership, "enrolled_by")
    [statement] = editor.collected_sql
    assert harm(statement, set()) is None
    assert statement.endswith("NOT VALID")
    await connection.execute("ALTER TABLE membership DROP COLUMN enrolled_by_id CASCADE")
    await connection.execute(statement)
    columns = await columns_of(connection)
    await connection.execute("SET session_replication_role = DEFAULT")
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await insert(connection, "membership", columns["membership"], 1)
