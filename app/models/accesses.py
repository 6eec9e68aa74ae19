"""Who looked at whose details: a row a viewer, group and day, never one a member and poll."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from tortoise import Model, fields
from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from app.domain.accesses import AccessedPeople, AccessKind, Stay
from app.domain.limits import FORMER_KEPT
from app.domain.sections import EVERYONE, Charge
from app.models.fields import enum_field
from app.models.groups import Group
from app.models.people import Person
from app.models.statements import fetch, fetch_value


class AccessDay(Model):
    """One manager's access to one group's members on one day of the configured zone."""

    id = fields.UUIDField(primary_key=True)
    group_id: UUID
    group: fields.ForeignKeyRelation[Group] = fields.ForeignKeyField(
        "app.Group", related_name="accesses"
    )
    viewer_id: UUID
    viewer: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "app.Person", related_name="accesses_made"
    )
    day = fields.DateField()
    kind = enum_field(AccessKind, 8)
    first_at = fields.DatetimeField()
    last_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "access_day"
        unique_together = (("group", "viewer", "day", "kind"),)
        indexes = (("viewer_id",),)


class AccessSpell(Model):
    """A part of such a day in which the group's people stayed the same.

    It is about who had joined by ``joined_by`` and was still in at ``people_at``, when somebody
    last came or went before it; of former members, about who had left by then. ``sections``: the
    keys of those whose people alone it is about, None for everyone (R51).
    """

    id = fields.UUIDField(primary_key=True)
    access_id: UUID
    access: fields.ForeignKeyRelation[AccessDay] = fields.ForeignKeyField(
        "app.AccessDay", related_name="spells"
    )
    people = enum_field(AccessedPeople, 8)
    people_at = fields.DatetimeField()
    joined_by = fields.DatetimeField()
    first_at = fields.DatetimeField()
    last_at = fields.DatetimeField()
    sections = fields.TextField(null=True)

    class Meta:
        table = "access_spell"
        unique_together = (("access", "people", "people_at", "joined_by"),)


@dataclass(frozen=True, slots=True)
class NewAccess:
    """An access to be noted; an export is of a report, about who was in it at ``report_at``.

    It is about those in the viewer's ``charge`` alone (R51).
    """

    group_id: UUID
    viewer_id: UUID
    day: date
    at: datetime
    kind: AccessKind = AccessKind.VIEWED
    people: AccessedPeople = AccessedPeople.MEMBERS
    report_at: datetime | None = None
    charge: Charge = EVERYONE


async def note_access(access: NewAccess, new_id: Callable[[], UUID]) -> None:
    """Write that a viewer read the details of a group's members or former members."""
    day_id = await fetch_value(
        UUID,
        "INSERT INTO access_day (id, group_id, viewer_id, day, kind, first_at, last_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $6)"
        " ON CONFLICT (group_id, viewer_id, day, kind) DO UPDATE SET last_at = excluded.last_at"
        " RETURNING id",
        new_id(),
        access.group_id,
        access.viewer_id,
        access.day,
        access.kind,
        access.at,
    )
    await _note_spell(access, new_id(), day_id)


# When somebody last came or went: what is read until the next one does is about the same people.
_PEOPLE_AT: Final = """(
    SELECT MAX(at) FROM (
        SELECT MAX(joined_at) AS at FROM membership WHERE group_id = $3
        UNION ALL SELECT MAX(left_at) FROM former_member WHERE group_id = $3
    ) AS changes)"""


async def _note_spell(access: NewAccess, spell_id: UUID, day_id: UUID | None) -> None:
    report_at = () if access.report_at is None else (access.report_at,)
    joined_by = "$7" if report_at else _PEOPLE_AT
    charge = access.charge
    await fetch(
        "INSERT INTO access_spell"
        " (id, access_id, people, people_at, joined_by, first_at, last_at, sections)"
        f" VALUES ($1, $2, $4, {_PEOPLE_AT}, {joined_by}, $5, $5, $6)"
        " ON CONFLICT (access_id, people, people_at, joined_by)"
        # Where somebody's charge changed meanwhile, it was about the people of both.
        " DO UPDATE SET last_at = excluded.last_at, sections = CASE"
        " WHEN access_spell.sections LIKE '%' || excluded.sections || '%'"
        " THEN access_spell.sections"
        " ELSE access_spell.sections || ',' || excluded.sections END",
        spell_id,
        day_id,
        access.group_id,
        access.people,
        access.at,
        None if charge is None else ",".join(map(str, sorted(charge))),
        *report_at,
    )


def spells_about(stays: Collection[Stay]) -> QuerySet[AccessSpell]:
    """Return the spells that are about someone who was in groups at these times.

    Of the members, those in which they were one; of the former ones, those in which they were
    listed (R34); of exports, those of a report that they are in (R37).
    """
    about = [part for stay in stays for part in _about(stay)]
    return AccessSpell.filter(Q(*about, join_type=Q.OR) if about else Q(id__in=[]))


def is_about(spell: AccessSpell, stay: Stay) -> bool:
    """Return whether a spell, of the stay's group, is among ``spells_about`` that stay."""
    if not _is_of_section(spell, stay):
        return False
    if spell.people is AccessedPeople.MEMBERS:
        was_in = stay.left_at is None or spell.people_at < stay.left_at
        return was_in and spell.joined_by >= stay.joined_at
    if stay.left_at is None or spell.people_at < stay.left_at:
        return False
    return spell.first_at < stay.left_at + FORMER_KEPT


def _is_of_section(spell: AccessSpell, stay: Stay) -> bool:
    if spell.sections is None or str(stay.section_id) in spell.sections:
        return True
    # Before that they were in another section, or in none: which one, nobody knows any more.
    return stay.section_at is not None and spell.first_at < stay.section_at


def _about(stay: Stay) -> list[Q]:
    of_section = Q(sections=None) | Q(sections__contains=str(stay.section_id))
    if stay.section_at is not None:
        of_section |= Q(first_at__lt=stay.section_at)
    of_group = Q(access__group_id=stay.group_id) & of_section
    as_member = of_group & Q(people=AccessedPeople.MEMBERS, joined_by__gte=stay.joined_at)
    if stay.left_at is None:
        return [as_member]
    as_former = Q(
        people=AccessedPeople.FORMER,
        people_at__gte=stay.left_at,
        first_at__lt=stay.left_at + FORMER_KEPT,
    )
    return [as_member & Q(people_at__lt=stay.left_at), of_group & as_former]
