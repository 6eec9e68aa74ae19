"""Guardianships: who enrolled a member, sees them and acts for them (R12, R31, R35)."""

from uuid import UUID

from tortoise import Model, fields
from tortoise.expressions import Q

from app.domain.roles import OUTSIDE, GroupRights, rights_of
from app.models.fields import encrypted_text
from app.models.members import Membership
from app.models.people import Person


class Guardianship(Model):
    """One guardian's hold on one membership; ``phone`` is the one they proved."""

    id = fields.UUIDField(primary_key=True)
    member_id: UUID
    member: fields.ForeignKeyRelation[Membership] = fields.ForeignKeyField(
        "app.Membership", related_name="guardianships"
    )
    guardian_id: UUID
    guardian: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "app.Person", related_name="guardianships"
    )
    phone = encrypted_text()
    phone_changed_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "guardianship"
        unique_together = (("member", "guardian"),)
        indexes = (("guardian_id",),)


async def rights_in(
    group_id: UUID, person_id: UUID | None, *, admins_may_invite: bool = True
) -> GroupRights:
    """Return a person's rights in a group: by their own membership, or as a guardian."""
    if person_id is None:
        return OUTSIDE
    own = Membership.filter(group_id=group_id, person_id=person_id)
    for role, bound_to in await own.values_list("role", "bound_to"):
        return rights_of(role, guards=False, bound_to=bound_to, admins_may_invite=admins_may_invite)
    guards = await Guardianship.filter(member__group_id=group_id, guardian_id=person_id).exists()
    return rights_of(None, guards=guards)


async def move_phone(person_id: UUID, old: str, new: str) -> set[UUID]:
    """Have a person reached at ``new`` wherever it was ``old``, also as a guardian (R6).

    Return the groups that this is news in.
    """
    whose_members = Q(person_id=person_id, enrolled_by_id=None) | Q(enrolled_by_id=person_id)
    tables: tuple[tuple[type[Model], Q, str], ...] = (
        (Membership, whose_members, "group_id"),
        (Guardianship, Q(guardian_id=person_id), "member__group_id"),
    )
    groups: set[UUID] = set()
    for table, whose, group in tables:
        rows = await table.filter(whose).values_list("id", "phone", group)
        moved = [key for key, phone, _ in rows if phone == old]
        groups |= {group_id for _, phone, group_id in rows if phone == old}
        if moved:
            await table.filter(id__in=moved).update(phone=new)
    return groups
