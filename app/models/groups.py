"""Groups, and the conditional updates that hold their limits."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from tortoise import Model, fields
from tortoise.expressions import F

from app.domain.groups import GroupColour, GroupType, NatValidity, Requirement, requirement_codes
from app.domain.limits import GROUP_ADMINS, OWNED_GROUPS
from app.models.fields import enum_field
from app.models.objects import Objects
from app.models.organisations import Organisation
from app.models.people import Person
from app.models.statements import fetch_value


class Group(Model):
    """An organisation's group; ``version`` is the number of its newest event."""

    id = fields.UUIDField(primary_key=True)
    creator_id: UUID
    creator: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "app.Person", related_name="groups_created"
    )
    name = fields.CharField(60)
    type = enum_field(GroupType, 24)
    address = fields.CharField(200)
    organisation_id: UUID | None  # what it is attached to (R45)
    organisation: fields.ForeignKeyNullableRelation[Organisation] = fields.ForeignKeyField(
        "app.Organisation", related_name="groups", null=True, on_delete=fields.SET_NULL
    )
    colour = enum_field(GroupColour, 8, default=GroupColour.GREEN)
    attached_at = fields.DatetimeField(null=True)  # to the organisation that it is attached to now
    turned_at = fields.DatetimeField(null=True)  # when its colour changed last, or it dissolved
    reason_counts = fields.JSONField[dict[str, int]](default=dict)
    nat_validity = enum_field(NatValidity, 8, default=NatValidity.NONE)
    lists_yellow = fields.BooleanField(default=True)
    lists_unknown = fields.BooleanField(default=True)
    admins_may_invite = fields.BooleanField(default=True)
    joining_open = fields.BooleanField(default=True)
    remark_prompt = fields.CharField(60, default="")
    remark_required = fields.BooleanField(default=False)
    offers_sections = fields.BooleanField(default=False, db_default=False)  # to who joins (R50)
    member_count = fields.IntField(default=1)
    admin_count = fields.IntField(default=0)
    pending_leaves = fields.IntField(default=0)
    roster_count = fields.IntField(default=0, db_default=0)
    not_joined_count = fields.IntField(default=0, db_default=0)  # of the roster (R15)
    offered_to = fields.UUIDField(null=True)  # the member who may take the group over (R16)
    offered_until = fields.DatetimeField(null=True)
    version = fields.BigIntField(default=0)
    refresh_run_id = fields.UUIDField(null=True)
    refresh_started_at = fields.DatetimeField(null=True)
    refreshed_at = fields.DatetimeField(null=True)
    visited_on = fields.DateField(null=True)  # the last day of a refresh by hand (R27)
    alerted_at = fields.DatetimeField(null=True)  # of what time alone opened (R28)
    count_seed = fields.UUIDField(null=True)  # by which its counts are rounded; told nobody (R47)
    created_at = fields.DatetimeField()
    dissolved_at = fields.DatetimeField(null=True)

    class Meta:
        table = "groups"
        indexes = (
            ("creator_id",),
            ("organisation_id", "colour"),
            ("organisation_id", "turned_at"),
        )

    @property
    def requirement(self) -> Requirement:
        """What the group asks of its members (R19)."""
        codes = requirement_codes(self.lists_yellow, self.lists_unknown)
        return Requirement(self.nat_validity, codes)


async def lock_group(group_id: UUID) -> Group | None:
    """Lock the row of a group until the transaction ends, and return it.

    Return None where there is no group, or it is dissolved (R8). SQLite knows no row locks and
    needs none: its transactions take the one write lock.
    """
    return await _LOCKED.first(group_id)


# Objects, not values: Tortoise drops the lock of a query for values. It is no lock of the key:
# rows that point to the group are written meanwhile, as by whoever reads (R17).
_LOCKED: Final = Objects[Group](
    lambda group_id: Group.filter(id=group_id, dissolved_at=None).select_for_update(no_key=True)
)


async def reserve_admin(group_id: UUID) -> bool:
    """Reserve one of the five admins a group may have; False when all are taken (R3)."""
    taken = await Group.filter(id=group_id, admin_count__lt=GROUP_ADMINS).update(
        admin_count=F("admin_count") + 1
    )
    return taken == 1


async def adjust_counts(group_id: UUID, **by: int) -> None:
    """Add to the group's counters, or take from them; the caller holds the row."""
    await Group.filter(id=group_id).update(
        **{column: F(column) + number for column, number in by.items()}
    )


async def reserve_ownership(person_id: UUID) -> bool:
    """Reserve one of the five groups a person may own; False when all are taken (R1)."""
    taken = await Person.filter(id=person_id, owned_groups__lt=OWNED_GROUPS).update(
        owned_groups=F("owned_groups") + 1
    )
    return taken == 1


async def release_ownership(person_id: UUID) -> None:
    """Release one of the groups that a person may own (R1)."""
    await Person.filter(id=person_id).update(owned_groups=F("owned_groups") - 1)


async def advance_version(group_id: UUID, by: int, changes: Mapping[str, object]) -> int:
    """Reserve the next ``by`` event numbers of a group; return the last of them.

    ``changes`` to the group's other columns are made in the same statement.
    """
    sets = "".join(f", {name} = ${number}" for number, name in enumerate(changes, start=3))
    version = await fetch_value(
        int,
        f"UPDATE groups SET version = version + $1{sets} WHERE id = $2 RETURNING version",
        by,
        group_id,
        *stored_columns(changes),
    )
    if version is None:
        raise LookupError("the group of these events is gone")
    return version


def stored_columns(changes: Mapping[str, object]) -> list[object]:
    """Return the values of some of the group's columns as the database takes them."""
    columns = Group._meta.fields_map
    return [columns[name].to_db_value(value, Group) for name, value in changes.items()]
