"""The groups of the demo's tree, before anything is known of anybody's health.

What the provider says of their people, and all that follows from it, isn't here: they are refreshed
by the server.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app.demo.cast import group_name, section_names, somebody, validity_of
from app.demo.rows import Rows
from app.domain.groups import GroupType
from app.domain.roles import Role
from app.domain.sections import folded_section
from app.domain.terms import CURRENT
from app.models import Consent, DueWork, Group, Membership, Section
from app.models.due import WorkKind, new_stamp, work_key
from app.services.health.schedules import schedule_of
from app.services.kernel.env import Viewer

_CREATOR, _ADMIN, _BOUND_ADMIN = 0, 1, 2  # places; admins are where one may be bound to a section
_ADMINS: Final = (_ADMIN, _BOUND_ADMIN)


@dataclass(frozen=True, slots=True)
class Planted:
    """A group as it was added: its creator, and when it is refreshed first."""

    id: UUID
    organisation_id: UUID
    creator: Viewer
    refreshed_first_at: datetime


def plant_group(rows: Rows, number: int, people: int, organisation_id: UUID) -> Planted:
    """Add a group with all its people, attached to an organisation."""
    group_id = rows.new_id()
    everyone = [somebody(number, place) for place in range(people)]
    creator_id, account_id = rows.person(everyone[_CREATOR], owned_groups=1)
    persons = [creator_id, *(rows.person(one)[0] for one in everyone[1:])]
    group = _group(rows, number, group_id, creator_id, organisation_id)
    sections = _plant_sections(rows, group_id, section_names(people))
    admins = _ADMINS if sections[1:] else ()
    group.member_count, group.admin_count = people, len(admins)
    group.version = people + 2  # created, joined, attached: events that are erased by now
    rows.add(group)
    for place, (who, person_id) in enumerate(zip(everyone, persons, strict=True)):
        member = Membership(
            group_id=group_id,
            person_id=person_id,
            role=_role(place, admins),
            remark=f"{number + 1:03}{place + 1:03}",
            phone=who.phone,
            section_id=sections[place % len(sections)],
            bound_to=[str(sections[0])] if admins and place == _BOUND_ADMIN else None,
        )
        _plant_member(rows, member)
    first = schedule_of(rows.env, group).next_time(rows.now)
    _plant_refresh(rows, group_id, first)
    creator = Viewer(account_id, rows.new_id(), creator_id)
    return Planted(group_id, organisation_id, creator, first)


def _role(place: int, admins: Sequence[int]) -> Role:
    if place == _CREATOR:
        return Role.CREATOR
    return Role.ADMIN if place in admins else Role.MEMBER


def _group(
    rows: Rows, number: int, group_id: UUID, creator_id: UUID, organisation_id: UUID
) -> Group:
    return Group(
        id=group_id,
        creator_id=creator_id,
        name=group_name(number),
        type=GroupType.SCHOOL,
        address=f"广州市{group_name(number)} {number + 1} 号",
        organisation_id=organisation_id,
        attached_at=rows.since,
        nat_validity=validity_of(number),
        visited_on=rows.env.today(),
        created_at=rows.since,
    )


def _plant_sections(rows: Rows, group_id: UUID, names: Sequence[str]) -> list[UUID]:
    keys = [rows.new_id() for _ in names]
    for place, (key, name) in enumerate(zip(keys, names, strict=True)):
        made_at = rows.since + timedelta(seconds=place)
        folded = folded_section(name)
        rows.add(Section(id=key, group_id=group_id, name=name, folded=folded, created_at=made_at))
    return keys


def _plant_member(rows: Rows, member: Membership) -> None:
    member.id = rows.new_id()
    member.joined_at = member.section_at = rows.since
    rows.add(member)
    rows.add(
        Consent(
            id=rows.new_id(),
            person_id=member.person_id,
            group_id=member.group_id,
            given_by_id=member.person_id,
            terms_version=CURRENT.version,
            given_at=rows.since,
        )
    )


def _plant_refresh(rows: Rows, group_id: UUID, at: datetime) -> None:
    kind = WorkKind.START_REFRESH
    key = work_key(kind, group_id)
    rows.add(DueWork(key=key, kind=kind, subject_id=group_id, due_at=at, stamp=new_stamp()))
