"""People: who they are, encrypted, and when they are erased."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from tortoise import Model, fields

from app.domain.identity import IdType
from app.models.fields import encrypted_text, enum_field
from app.models.statements import dialect, fetch, placeholders


class Person(Model):
    """A real person, known by the keyed hash of their document (R6)."""

    id = fields.UUIDField(primary_key=True)
    identity_hash = fields.CharField(64, unique=True)
    id_type = enum_field(IdType, 24)
    id_number = encrypted_text()
    name = encrypted_text()
    name_verified_at = fields.DatetimeField(null=True)
    owned_groups = fields.IntField(default=0)
    created_at = fields.DatetimeField()

    class Meta:
        table = "person"


async def erase_unneeded_people(person_ids: Collection[UUID]) -> None:
    """Erase people whom nothing needs any more: no account, no group, no family (R34)."""
    if not person_ids:
        return
    if dialect() != "sqlite":
        # In a statement of its own: the next one then sees who came to need them meanwhile.
        await fetch(
            f"SELECT id FROM person WHERE id IN ({placeholders(len(person_ids))})"
            " ORDER BY id FOR UPDATE",
            *person_ids,
        )
    needed = " ".join(
        f"AND NOT EXISTS (SELECT 1 FROM {table} WHERE {table}.{column} = person.id)"
        for table, column in _NEEDS
    )
    await fetch(
        f"DELETE FROM person WHERE id IN ({placeholders(len(person_ids))}) {needed}", *person_ids
    )


# Where a person is needed; what else refers to a person goes with them.
_NEEDS: Final = (
    ("account", "person_id"),
    ("membership", "person_id"),
    ("former_member", "person_id"),
    ("guardianship", "guardian_id"),
    ("groups", "creator_id"),
    ("consent", "given_by_id"),
    ("organisation", "owner_id"),
    ("overseer", "person_id"),
)
