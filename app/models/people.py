"""People and what the provider last said of them.

A person's row holds who they are, encrypted; their health record stands beside it under
the person's random key, its judged columns in the clear so that SQL can count them.
"""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from tortoise import Model, fields

from app.domain.health import HealthCode, TestResult
from app.domain.identity import IdType
from app.models.database import fetch, placeholders
from app.models.fields import EncryptedJson, EncryptedText, enum_field


class Person(Model):
    """A real person, known by the keyed hash of their document (R6)."""

    id = fields.UUIDField(primary_key=True)
    identity_hash = fields.CharField(64, unique=True)
    id_type = enum_field(IdType, 24)
    id_number = EncryptedText()
    name = EncryptedText()
    owned_groups = fields.IntField(default=0)
    created_at = fields.DatetimeField()

    class Meta:
        table = "person"


class HealthRecord(Model):
    """The provider's last answer about a person; ``as_of`` is when it was given."""

    id = fields.UUIDField(primary_key=True)
    person_id: UUID
    person: Any = fields.OneToOneField("app.Person", related_name="record")
    health_code = enum_field(HealthCode, 8)
    health_code_at = fields.DatetimeField(null=True)
    newest_result = enum_field(TestResult, 8, null=True)
    newest_result_at = fields.DatetimeField(null=True)
    newest_negative_at = fields.DatetimeField(null=True)
    doses = fields.IntField()
    tests = EncryptedJson()
    vaccinations = EncryptedJson()
    as_of = fields.DatetimeField()

    class Meta:
        table = "health_record"


_COLUMNS: Final = (
    "id",
    "person_id",
    "health_code",
    "health_code_at",
    "newest_result",
    "newest_result_at",
    "newest_negative_at",
    "doses",
    "tests",
    "vaccinations",
    "as_of",
)
_REPLACED: Final = ", ".join(f"{column} = excluded.{column}" for column in _COLUMNS[2:])


async def replace_records(records: Sequence[HealthRecord]) -> None:
    """Store these records in one statement; one that is newer already stays.

    An answer asked for earlier may arrive later: ``as_of`` decides, not the order of arrival.
    """
    width = len(_COLUMNS)
    rows = ", ".join(
        f"({placeholders(width, start=index * width + 1)})" for index in range(len(records))
    )
    await fetch(
        f"INSERT INTO health_record ({', '.join(_COLUMNS)}) VALUES {rows}"
        f" ON CONFLICT (person_id) DO UPDATE SET {_REPLACED}"
        " WHERE health_record.as_of <= excluded.as_of",
        *(
            HealthRecord._meta.fields_map[column].to_db_value(getattr(record, column), record)
            for record in sorted(records, key=lambda record: str(record.person_id))
            for column in _COLUMNS
        ),
    )
