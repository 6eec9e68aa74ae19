"""Relatives: the family list of a guardian (R12)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from tortoise import Model, fields

from app.domain.family import Relation
from app.domain.identity import IdType
from app.models.due import Claim
from app.models.fields import encrypted_text, enum_field
from app.models.finishing import pairs_of
from app.models.people import Person
from app.models.statements import dialect, fetch_as


class Relative(Model):
    """One relative of one guardian; a person of their own only once enrolled somewhere."""

    id = fields.UUIDField(primary_key=True)
    guardian_id: UUID
    guardian: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "app.Person", related_name="relatives"
    )
    identity_hash = fields.CharField(64)
    id_type = enum_field(IdType, 24)
    id_number = encrypted_text()
    name = encrypted_text()
    relation = enum_field(Relation, 16)
    student = fields.BooleanField()
    registered = fields.BooleanField()  # came from the registry, and goes with it
    verified_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "relative"
        unique_together = (("guardian", "identity_hash"),)
        indexes = (("guardian_id", "created_at", "id"), ("identity_hash",))


_WITHOUT: Final = """
    DELETE FROM due_work WHERE key IN (
        SELECT due_work.key FROM due_work
        JOIN unnest($1::text[], $2::uuid[], $3::uuid[]) AS done(key, stamp, person_id)
            ON due_work.key = done.key AND due_work.stamp = done.stamp
        WHERE NOT EXISTS (
            SELECT 1 FROM relative WHERE guardian_id = done.person_id AND registered
        )
        ORDER BY due_work.key FOR UPDATE OF due_work
    ) RETURNING subject_id
"""
_WITHOUT_ON_SQLITE: Final = """
    DELETE FROM due_work WHERE (key, stamp) IN (VALUES {pairs}) AND NOT EXISTS (
        SELECT 1 FROM relative WHERE guardian_id = due_work.subject_id AND registered
    ) RETURNING subject_id
"""


async def finish_without_relatives(claims: Sequence[Claim]) -> set[UUID]:
    """Forget claimed work about those who have no relatives of the registry's; return who."""
    if dialect() == "postgres":
        columns = zip(*((one.key, one.stamp, one.subject_id) for one in claims), strict=True)
        rows = await fetch_as(_Finished, _WITHOUT, *map(list, columns))
    else:
        pairs, values = pairs_of(claims)
        rows = await fetch_as(_Finished, _WITHOUT_ON_SQLITE.format(pairs=pairs), *values)
    return {row.subject_id for row in rows}


@dataclass(frozen=True, slots=True)
class _Finished:
    subject_id: UUID
