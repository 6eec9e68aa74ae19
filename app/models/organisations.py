"""Organisations: their tree, who oversees them, and the codes that attach to them (R44, R45).

Of every organisation there is a row for itself and for each one above it, so that all groups below
one are found by one indexed statement, at whatever depth. Whoever changes a tree holds the row of
its root: ``lock_roots``.
"""

from collections import defaultdict
from collections.abc import Collection
from typing import Final
from uuid import UUID

from tortoise import Model, fields

from app.models.fields import encrypted_text
from app.models.people import Person
from app.models.statements import fetch


class Organisation(Model):
    """One organisation; ``version`` moves with what is shown of it, but for its groups' health."""

    id = fields.UUIDField(primary_key=True)
    owner_id: UUID
    owner: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "app.Person", related_name="organisations_owned"
    )
    name = fields.CharField(60)
    parent_id: UUID | None
    parent: fields.ForeignKeyNullableRelation["Organisation"] = fields.ForeignKeyField(
        "app.Organisation", related_name="children", null=True, on_delete=fields.SET_NULL
    )
    version = fields.BigIntField(default=1)
    offered_to = fields.UUIDField(null=True)  # the overseer who may take it over (R44)
    offered_until = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "organisation"
        indexes = (("owner_id", "created_at", "id"), ("parent_id", "created_at", "id"))


class OrganisationAbove(Model):
    """That an organisation is ``above`` another since a moment; the same one at no distance."""

    id = fields.UUIDField(primary_key=True)
    organisation_id: UUID
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "app.Organisation", related_name="above"
    )
    above_id: UUID
    above: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "app.Organisation", related_name="below"
    )
    distance = fields.SmallIntField()
    since = fields.DatetimeField()

    class Meta:
        table = "organisation_above"
        unique_together = (("organisation", "above"),)
        indexes = (("above_id", "organisation_id"),)


class Overseer(Model):
    """Someone who oversees an organisation, or is asked to until ``asked_until`` (R44).

    Who is asked is known by the phone alone, which is forgotten once they accept.
    """

    id = fields.UUIDField(primary_key=True)
    organisation_id: UUID
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "app.Organisation", related_name="overseers"
    )
    person_id: UUID | None
    person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "app.Person", related_name="oversights", null=True
    )
    phone = encrypted_text(null=True)
    phone_hash = fields.CharField(64, null=True)
    asked_until = fields.DatetimeField(null=True)
    appointed_at = fields.DatetimeField()

    class Meta:
        table = "overseer"
        unique_together = (("organisation", "person"), ("organisation", "phone_hash"))
        indexes = (("person_id",), ("phone_hash",), ("asked_until",))


class OrganisationCode(Model):
    """A code that attaches groups and organisations for 24 hours, known by its hash (R45)."""

    id = fields.UUIDField(primary_key=True)
    organisation_id: UUID
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "app.Organisation", related_name="codes"
    )
    created_by_id: UUID
    created_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "app.Person", related_name="organisation_codes"
    )
    token_hash = fields.CharField(64, unique=True)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()

    class Meta:
        table = "organisation_code"
        indexes = (("organisation_id", "expires_at"), ("created_by_id",), ("expires_at",))


async def roots_of(organisation_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return the topmost organisation above each of these; those that are gone are left out."""
    rows = OrganisationAbove.filter(
        organisation_id__in=list(organisation_ids), above__parent_id=None
    )
    return dict(await rows.values_list("organisation_id", "above_id"))


async def lock_roots(root_ids: Collection[UUID]) -> None:
    """Lock the rows of these organisations in the order of their ids, ahead of any group's."""
    rows = Organisation.filter(id__in=list(root_ids)).order_by("id")
    await rows.select_for_update(no_key=True)


_ABOVE: Final = (
    "SELECT above_id FROM organisation_above WHERE organisation_id = $1 ORDER BY distance"
)


async def above_of(organisation_id: UUID) -> list[UUID]:
    """Return an organisation and those above it, the nearest first."""
    return [UUID(str(row["above_id"])) for row in await fetch(_ABOVE, organisation_id)]


async def names_above(organisation_ids: Collection[UUID]) -> dict[UUID, list[str]]:
    """Return the names of organisations and of those above each, the nearest first."""
    rows = OrganisationAbove.filter(organisation_id__in=list(organisation_ids))
    names: defaultdict[UUID, list[str]] = defaultdict(list)
    ordered = rows.order_by("organisation_id", "distance")
    for organisation_id, name in await ordered.values_list("organisation_id", "above__name"):
        names[organisation_id].append(name)
    return names
