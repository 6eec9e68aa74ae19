"""Leave requests and former members (R32-R34)."""

from uuid import UUID

from tortoise import Model, fields

from app.domain.health import HealthCode
from app.domain.members import DepartureCause
from app.models.details import StoredTest
from app.models.fields import encrypted_json, encrypted_text, enum_field
from app.models.groups import Group
from app.models.members import Membership
from app.models.people import Person
from app.models.sections import Section


class LeaveRequest(Model):
    """A member's request to leave while it waits; cancelling it or leaving deletes the row."""

    id = fields.UUIDField(primary_key=True)
    group_id: UUID
    group: fields.ForeignKeyRelation[Group] = fields.ForeignKeyField(
        "app.Group", related_name="leave_requests"
    )
    member_id: UUID
    member: fields.OneToOneRelation[Membership] = fields.OneToOneField(
        "app.Membership", related_name="leave_request"
    )
    requested_by = fields.UUIDField()
    reason = encrypted_text()
    requested_at = fields.DatetimeField()
    due_at = fields.DatetimeField()

    class Meta:
        table = "leave_request"
        indexes = (("group_id", "requested_at", "id"),)


class FormerMember(Model):
    """Someone who is out, as they were at that moment; under the membership's own id.

    Their name is the person's, the newest verified (R6).
    """

    id = fields.UUIDField(primary_key=True)
    group_id: UUID
    group: fields.ForeignKeyRelation[Group] = fields.ForeignKeyField(
        "app.Group", related_name="former_members"
    )
    person_id: UUID
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "app.Person", related_name="former_memberships"
    )
    section_id: UUID | None  # the one that they were in last (R50), since ``section_at``
    section: fields.ForeignKeyNullableRelation[Section] = fields.ForeignKeyField(
        "app.Section", related_name="former_members", null=True, on_delete=fields.SET_NULL
    )
    section_at = fields.DatetimeField(null=True)
    remark = encrypted_text()
    cause = enum_field(DepartureCause, 16)
    reason = encrypted_text(null=True)
    health_code = enum_field(HealthCode, 8)
    latest_test: fields.Field[StoredTest | None] = encrypted_json(null=True)
    doses = fields.IntField()
    as_of = fields.DatetimeField(null=True)
    joined_at = fields.DatetimeField()
    reminded_at = fields.DatetimeField(null=True)
    left_at = fields.DatetimeField()
    # The persons who were the guardians then, and go on being told what becomes of it (R43).
    guardian_ids = fields.JSONField[list[str]](null=True)

    def is_told(self, person_id: UUID) -> bool:
        """Return whether someone is the person themself, or was a guardian when they left."""
        return person_id == self.person_id or str(person_id) in (self.guardian_ids or ())

    class Meta:
        table = "former_member"
        indexes = (("group_id", "left_at", "id"), ("person_id",), ("section_id",))


async def withhold_former(group_id: UUID, person_id: UUID) -> list[UUID]:
    """Forget the health in someone's entries among a group's former members; return their ids."""
    entries = FormerMember.filter(group_id=group_id, person_id=person_id)
    await entries.update(health_code=HealthCode.WITHHELD, latest_test=None, doses=0, as_of=None)
    return [former.id for former in await entries.only("id")]
