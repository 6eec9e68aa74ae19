"""Memberships: who is in which group, with what role and remark."""

from typing import Final
from uuid import UUID

from tortoise import Model, fields

from app.domain.roles import Role
from app.models.fields import encrypted_text, enum_field
from app.models.groups import Group
from app.models.people import Person
from app.models.sections import Section

NOWHERE: Final = ""  # the phone of who lost theirs to somebody else (R6)


class Membership(Model):
    """One person in one group. Leaving it deletes the row.

    ``awaited_until`` is set until the person's first data came (R14). ``enrolled_by`` is the
    guardian who enrolled them; None for who joined themselves or ended the guardians' hold.
    ``section_at`` is when they last came into their section or out of one (R50). ``bound_to`` are
    the sections to which an admin is bound; None: they have charge of the whole group (R51).
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
    phone_changed_at = fields.DatetimeField(null=True)
    student = fields.BooleanField(default=False)
    enrolled_by_id: UUID | None
    enrolled_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "app.Person", related_name="enrolled", null=True, on_delete=fields.SET_NULL
    )
    joined_at = fields.DatetimeField()
    alerts = fields.BooleanField(default=True)  # a manager's own switch (R28)
    alert_minute = fields.IntField(null=True)  # of the day, when the rest comes; None: at once
    alerted_version = fields.BigIntField(null=True)  # what is new by a later one, they weren't told
    digest_minute = fields.IntField(null=True)  # of the day; a manager's own digest (R28)
    digest_on = fields.DateField(null=True)  # the last day that had its turn
    reminded_at = fields.DatetimeField(null=True)
    awaited_until = fields.DatetimeField(null=True)
    excused_from = fields.DatetimeField(null=True)  # from tests, until the other (R20)
    excused_until = fields.DatetimeField(null=True)
    excuse_reason = encrypted_text(null=True)
    withheld_at = fields.DatetimeField(null=True)  # since when consent is withdrawn (R42)
    section_id: UUID | None
    section: fields.ForeignKeyNullableRelation[Section] = fields.ForeignKeyField(
        "app.Section", related_name="members", null=True, on_delete=fields.SET_NULL
    )
    section_at = fields.DatetimeField(null=True)
    bound_to = fields.JSONField[list[str]](null=True)

    class Meta:
        table = "membership"
        unique_together = (("group", "person"),)
        indexes = (
            ("person_id",),
            ("enrolled_by_id",),
            ("group_id", "joined_at", "id"),
            ("section_id",),
        )
