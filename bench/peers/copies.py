"""Unencrypted copies of the people, in a schema ``plain`` of the same database."""

from collections.abc import Sequence
from typing import Any, Final

import asyncpg

from app.models import Anomaly, Group, HealthRecord, Membership, Person
from app.models.database import database
from app.models.details import read_tests

_TABLES: Final = """
CREATE SCHEMA plain;
CREATE TABLE plain.person (id uuid PRIMARY KEY, name text NOT NULL, id_number text NOT NULL);
CREATE TABLE plain.groups (id uuid PRIMARY KEY, name text NOT NULL, colour text NOT NULL,
  member_count int NOT NULL);
CREATE TABLE plain.membership (id uuid PRIMARY KEY, group_id uuid NOT NULL REFERENCES plain.groups,
  person_id uuid NOT NULL REFERENCES plain.person, role text NOT NULL, remark text NOT NULL,
  phone text NOT NULL, joined_at timestamptz NOT NULL);
CREATE TABLE plain.health_record (person_id uuid PRIMARY KEY REFERENCES plain.person,
  health_code text NOT NULL, health_code_at timestamptz, doses int NOT NULL,
  as_of timestamptz NOT NULL);
CREATE TABLE plain.test (id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  person_id uuid NOT NULL REFERENCES plain.person, result text NOT NULL,
  sampled_at timestamptz NOT NULL, tested_at timestamptz);
CREATE TABLE plain.anomaly (member_id uuid PRIMARY KEY REFERENCES plain.membership,
  reasons text[] NOT NULL);
CREATE INDEX ON plain.membership (group_id, joined_at, id);
CREATE INDEX ON plain.membership (person_id);
CREATE INDEX ON plain.test (person_id, tested_at DESC NULLS LAST);
"""
_HEALTH: Final = ("person_id", "health_code", "health_code_at", "doses", "as_of")
_MEMBER: Final = ("id", "group_id", "person_id", "role", "remark", "phone", "joined_at")


async def copy_plainly(url: str) -> None:
    """Make the copies."""
    connection = await asyncpg.connect(url)
    await connection.execute(_TABLES)

    async def write(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        await connection.copy_records_to_table(
            table, records=rows, columns=columns, schema_name="plain"
        )

    async with database(url):
        person = ("id", "name", "id_number")
        await write("person", person, await Person.all().values_list(*person))
        group = ("id", "name", "colour", "member_count")
        await write("groups", group, await Group.all().values_list(*group))
        await write("membership", _MEMBER, await Membership.all().values_list(*_MEMBER))
        await write("health_record", _HEALTH, await HealthRecord.all().values_list(*_HEALTH))
        tests = [
            (person_id, test.result, test.sampled_at, test.tested_at)
            for person_id, stored in await HealthRecord.all().values_list("person_id", "tests")
            for test in read_tests(stored)
        ]
        await write("test", ("person_id", "result", "sampled_at", "tested_at"), tests)
        anomaly = ("member_id", "reasons")
        await write("anomaly", anomaly, await Anomaly.all().values_list(*anomaly))
    await connection.execute("ANALYZE")
    await connection.close()
