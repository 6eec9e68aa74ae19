"""The roster of a group: whom its managers expect, by name, and which of them are members (R15)."""

from datetime import datetime
from typing import Final
from uuid import UUID

from tortoise import Model, fields

from app.models.due import SCHEDULED_AGAIN, new_stamp
from app.models.fields import encrypted_text
from app.models.groups import Group
from app.models.members import Membership
from app.models.sections import Section
from app.models.statements import dialect, fetch


class RosterEntry(Model):
    """One name of a roster; ``member`` is who they are in the group, None who hasn't joined.

    ``name_hash`` is a keyed hash of the group and the folded name: a name is matched without being
    decrypted, and is another hash in another group. ``of_section`` is the group's section that is
    meant by ``section``, as imported; it follows a renaming.
    """

    id = fields.UUIDField(primary_key=True)
    group_id: UUID
    group: fields.ForeignKeyRelation[Group] = fields.ForeignKeyField(
        "app.Group", related_name="roster"
    )
    member_id: UUID | None
    member: fields.ForeignKeyNullableRelation[Membership] = fields.ForeignKeyField(
        "app.Membership", related_name="listed_as", null=True, on_delete=fields.SET_NULL
    )
    name_hash = fields.CharField(64)
    name = encrypted_text()
    remark = encrypted_text()
    section = encrypted_text()
    of_section_id: UUID | None
    of_section: fields.ForeignKeyNullableRelation[Section] = fields.ForeignKeyField(
        "app.Section", related_name="expects", null=True, on_delete=fields.SET_NULL
    )
    imported_at = fields.DatetimeField()

    class Meta:
        table = "roster_entry"
        indexes = (("group_id", "imported_at", "id"), ("member_id",), ("of_section_id",))


_OF_PERSON: Final = """
    INSERT INTO due_work (key, kind, subject_id, due_at, attempts, stamp)
    SELECT 'MATCH_ROSTER:' || group_id, 'MATCH_ROSTER', group_id, $1{time}, 0, $2{uuid}
    FROM membership JOIN groups ON groups.id = membership.group_id
    WHERE membership.person_id = $3{uuid} AND roster_count > 0 ORDER BY 1
"""


async def schedule_matching_of_person(due_at: datetime, person_id: UUID) -> None:
    """Have the rosters matched of every group that a person is in, whose name is another now."""
    postgres = dialect() == "postgres"
    casts = {"time": "::timestamptz", "uuid": "::uuid"} if postgres else {"time": "", "uuid": ""}
    await fetch(_OF_PERSON.format(**casts) + SCHEDULED_AGAIN, due_at, new_stamp(), person_id)
