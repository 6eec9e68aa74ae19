"""A database comes into being, once, and is what the models say."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from tortoise import Model
from tortoise.exceptions import IntegrityError
from tortoise.migrations.graph import MigrationKey

from app import models
from app.domain.events import EventType
from app.domain.groups import GroupType
from app.domain.identity import IdType
from app.domain.roles import Role
from app.models.database import database
from app.models.fields import use_cipher
from app.models.gently import GentleExecutor
from app.models.migrating import migrate
from app.models.statements import dialect, fetch, fetch_as
from app.ports.cipher import Cipher
from tests.support.in_process import SECRET
from tests.support.processes import ROOT, environment, groupcode
from tests.support.processes import migrate as migrate_by_command
from tests.support.servers import PostgresServer

MODELS: list[type[Model]] = [getattr(models, name) for name in models.__all__]
AT = datetime(2022, 9, 1, tzinfo=UTC)
POSTGRES_INDEXES = """
    SELECT indisunique AS "unique", array_agg(attname ORDER BY place) AS columns
    FROM pg_index, unnest(indkey) WITH ORDINALITY AS keys(number, place), pg_attribute
    WHERE indrelid = $1::text::regclass AND attrelid = indrelid AND attnum = number
    GROUP BY indexrelid, indisunique
"""


@dataclass(frozen=True, slots=True)
class PostgresIndex:
    """An index as PostgreSQL's own tables describe it."""

    unique: bool
    columns: tuple[str, ...]


@pytest.fixture(scope="module")
async def applied(empty_database_url: str) -> AsyncIterator[list[str]]:
    """The migrations that made the database, which is open now; who made the first died then."""
    applied = [await apply_one_and_die(empty_database_url)]
    applied += await migrate(empty_database_url)
    assert await migrate(empty_database_url) == []
    use_cipher(Cipher(SECRET))
    async with database(empty_database_url):
        yield applied


async def apply_one_and_die(url: str) -> str:
    """Be killed as soon as a migration's transaction is over; return its name."""

    class Killed(BaseException):
        """Nothing is done any more."""

    def kill(progress: object, event: str, key: MigrationKey) -> None:
        if event == "apply_done":
            raise Killed(key.name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(GentleExecutor, "_emit", staticmethod(kill))
        with pytest.raises(Killed) as killed:
            await migrate(url)
    return str(killed.value)


async def columns_of(table: str) -> dict[str, bool]:
    """The columns of a table, and whether they may be empty."""
    if dialect() == "sqlite":
        query = 'SELECT name, "notnull" = 0 AS empty FROM pragma_table_info($1)'
    else:
        query = """SELECT column_name AS name, is_nullable = 'YES' AS empty
                   FROM information_schema.columns WHERE table_name = $1"""
    return {str(row["name"]): bool(row["empty"]) for row in await fetch(query, table)}


async def indexes_of(table: str) -> dict[tuple[str, ...], bool]:
    """The columns of each index, and whether they are unique."""
    if dialect() == "postgres":
        found = await fetch_as(PostgresIndex, POSTGRES_INDEXES, table)
        return {index.columns: index.unique for index in found}
    indexes: dict[tuple[str, ...], bool] = {}
    for row in await fetch('SELECT name, "unique" FROM pragma_index_list($1)', table):
        columns = await fetch("SELECT name FROM pragma_index_info($1) ORDER BY seqno", row["name"])
        indexes[tuple(str(column["name"]) for column in columns)] = bool(row["unique"])
    return indexes


def in_database(model: type[Model], *names: str) -> tuple[str, ...]:
    """The columns of fields; a relation's is that of its key."""
    fields = [model._meta.fields_map[name] for name in names]
    return tuple(field.source_field or name for field, name in zip(fields, names, strict=True))


def test_every_migration_is_applied_once_whoever_is_killed(applied: list[str]) -> None:
    files = (ROOT / "app/models/migrations").glob("[0-9]*.py")
    assert [name.rpartition(".")[2] for name in applied] == sorted(file.stem for file in files)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
async def test_a_table_has_the_columns_and_indexes_of_its_model(
    applied: list[str], model: type[Model]
) -> None:
    meta = model._meta
    columns = {
        meta.fields_db_projection[name]: meta.fields_map[name].null for name in meta.db_fields
    }
    assert await columns_of(meta.db_table) == columns
    indexes = await indexes_of(meta.db_table)
    fields = meta.fields_map.items()
    unique = {in_database(model, name) for name, field in fields if field.unique}
    unique |= {in_database(model, *names) for names in meta.unique_together}
    assert unique <= {columns for columns, is_unique in indexes.items() if is_unique}
    plain = {in_database(model, name) for name, field in fields if field.index}
    plain |= {
        tuple(index.fields) if hasattr(index, "fields") else tuple(index) for index in meta.indexes
    }
    assert plain <= set(indexes)


async def a_person() -> UUID:
    person = await models.Person.create(
        id=uuid4(), identity_hash=uuid4().hex, id_type=IdType.PASSPORT, id_number="E1", name="张三",
        created_at=AT,
    )  # fmt: skip
    return person.id


async def a_group(creator: UUID) -> UUID:
    group = await models.Group.create(
        id=uuid4(), creator_id=creator, name="第一小学", type=GroupType.SCHOOL, address="广州",
        created_at=AT,
    )  # fmt: skip
    return group.id


async def refused(model: type[Model], **values: Any) -> bool:
    """Whether the same row, but for its key, can't be written twice."""
    await model.create(id=uuid4(), **values)
    try:
        await model.create(id=uuid4(), **values)
    except IntegrityError:
        return True
    return False


async def test_a_person_is_in_a_group_once(applied: list[str]) -> None:  # R13
    person = await a_person()
    group = await a_group(person)
    member: dict[str, Any] = {"role": Role.MEMBER, "remark": "", "phone": "+86", "joined_at": AT}
    assert await refused(models.Membership, group_id=group, person_id=person, **member)
    another = await a_group(person)
    await models.Membership.create(id=uuid4(), group_id=another, person_id=person, **member)


async def test_a_number_of_the_event_log_is_given_once(applied: list[str]) -> None:
    group = await a_group(await a_person())
    event = {"seq": 1, "type": EventType.GROUP_CREATED, "at": AT}
    assert await refused(models.GroupEvent, group_id=group, **event)


async def test_a_document_is_one_person_and_a_phone_one_account(applied: list[str]) -> None:  # R6
    person = {"id_type": IdType.PASSPORT, "id_number": "E1", "name": "张三", "created_at": AT}
    assert await refused(models.Person, identity_hash="a document", **person)
    account = {"phone": "+86", "language": "zh", "created_at": AT, "last_seen_at": AT}
    assert await refused(models.Account, phone_hash="a phone", **account)


async def test_what_names_something_that_is_not_there_is_refused(applied: list[str]) -> None:
    with pytest.raises(IntegrityError):
        await models.Session.create(id=uuid4(), account_id=uuid4(), created_at=AT)


def test_no_change_of_the_models_lacks_its_migration() -> None:
    done = groupcode(ROOT, "check-migrations")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


async def test_four_processes_that_migrate_at_once_migrate_once(postgres: PostgresServer) -> None:
    url = postgres.create_database("four_at_once")

    env = environment(database_url=url, secret_key=SECRET)
    applied, *others = sorted(await asyncio.gather(*(migrate_by_command(env) for _ in range(4))))
    postgres.drop_database("four_at_once")
    assert applied.startswith("applied ")
    assert others == ["the database is up to date\n"] * 3
