"""Memberships: who is in which group, with what role and remark."""

from typing import Final
from uuid import UUID

from tortoise import Model, fields
from tortoise.expressions import Q

from app.domain.roles import Role, Standing
from app.models.fields import encrypted_text, enum_field
from app.models.groups import Group
from app.models.guardians import Guardianship
from app.models.people import Person

NOWHERE: Final = ""  # the phone of who lost theirs to somebody else (R6)


class Membership(Model):
    """One person in one group. Leaving it deletes the row.

    ``awaited_until`` is set until the person's first data came (R14). ``enrolled_by`` is the
    guardian who enrolled them; None for who joined themselves or ended the guardians' hold.
    """

    id = fields.UUIDField(primary_key=True)
    group_id: UUID
    group: fields.ForeignKeyRelation[Group] = fields.ForeignKeyField(
        "app.Group", related_name="members"
    )
    person_id: UUID
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "app.Person", related_name="memberships"
    )
    role = enum_field(Role, 8)
    remark = encrypted_text()
    phone = encrypted_text()
    student = fields.BooleanField(default=False)
    enrolled_by_id: UUID | None
    enrolled_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "app.Person", related_name="enrolled", null=True, on_delete=fields.SET_NULL
    )
    joined_at = fields.DatetimeField()
    alerts = fields.BooleanField(default=True)  # a manager's own switch (R28)
    reminded_at = fields.DatetimeField(null=True)
    awaited_until = fields.DatetimeField(null=True)

    class Meta:
        table = "membership"
        unique_together = (("group", "person"),)
        indexes = (("person_id",), ("group_id", "joined_at", "id"))


async def standing_in(group_id: UUID, person_id: UUID | None) -> Standing:
    """How a person stands towards a group: by their own membership, or as a guardian."""
    if person_id is None:
        return Standing.OUTSIDER
    own = await Membership.filter(group_id=group_id, person_id=person_id).values_list("role")
    if own:
        role: Role = own[0][0]
        return Standing(role.value)
    guards = await Guardianship.filter(member__group_id=group_id, guardian_id=person_id).exists()
    return Standing.GUARDIAN if guards else Standing.OUTSIDER


async def move_phone(person_id: UUID, old: str, new: str) -> None:
    """Have a person be reached at ``new`` wherever it was ``old``, also as a guardian (R6)."""
    seats = Q(person_id=person_id, enrolled_by_id=None) | Q(enrolled_by_id=person_id)
    tables: tuple[tuple[type[Model], Q], ...] = (
        (Membership, seats),
        (Guardianship, Q(guardian_id=person_id)),
    )
    for table, whose in tables:
        rows = await table.filter(whose).values_list("id", "phone")
        moved = [key for key, phone in rows if phone == old]
        if moved:
            await table.filter(id__in=moved).update(phone=new)
