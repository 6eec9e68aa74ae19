"""Sections: made, renamed, removed, and who is in which (R50)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.domain.events import Event, EventType
from app.domain.limits import SECTION_NAME_LENGTH
from app.domain.refusals import NotFound, Refusal, RefusalCode
from app.domain.roles import GroupRights, Right, Role
from app.domain.sections import folded_section, is_in_charge, why_no_more, why_not_named
from app.models.leaves import FormerMember
from app.models.members import Membership
from app.models.sections import Section, sections_by_name
from app.services.groups.rosters import expect_matching
from app.services.kernel.env import Env, Viewer
from app.services.kernel.parsing import read_text
from app.services.kernel.rights import require, require_charge
from app.services.kernel.sections import group_of_section
from app.services.kernel.unit import Unit, unit_of_work

_LEFT: Final[dict[str, object]] = {"section_id": None}


async def create_section(env: Env, viewer: Viewer, group_id: UUID, name: str) -> UUID:
    """Make a section, as a manager of the whole group, and return its id.

    Refused: a bad name, one that another section has, a fifty-first section.
    """
    name = _read_name(name)
    async with unit_of_work(env, group_id) as unit:
        group = await require(viewer, group_id, Right.MANAGE_MEMBERS)
        expect_matching(unit, group)
        return unit.returns(await create_in(unit, viewer, group_id, name))


async def create_in(unit: Unit, viewer: Viewer, group_id: UUID, name: str) -> UUID:
    """Make a section of a name that was read, under the group's row, and return its id."""
    others = await sections_by_name(group_id)
    folded = folded_section(name)
    refusal = why_not_named(folded, others) or why_no_more(len(others))
    if refusal is not None:
        raise Refusal(refusal, "name")
    section_id = unit.new_id()
    await Section.create(
        id=section_id, group_id=group_id, name=name, folded=folded, created_at=unit.now
    )
    await unit.log(group_id, _event(EventType.SECTION_CREATED, viewer, section_id))
    return section_id


async def update_section(env: Env, viewer: Viewer, section_id: UUID, name: str) -> UUID:
    """Give a section another name, as a manager of the whole group; return the group's id.

    Refused as a new section's name is.
    """
    name = _read_name(name)
    group_id = await group_of_section(section_id)
    async with unit_of_work(env, group_id) as unit:
        group = await require(viewer, group_id, Right.MANAGE_MEMBERS)
        section = await _find(section_id)
        others = await sections_by_name(group_id)
        folded = folded_section(name)
        refusal = why_not_named(folded, others.keys() - {section.folded})
        if refusal is not None:
            raise Refusal(refusal, "name")
        if section.name != name:
            await Section.filter(id=section_id).update(name=name, folded=folded)
            expect_matching(unit, group)
            await unit.log(group_id, _event(EventType.SECTION_UPDATED, viewer, section_id))
        return unit.returns(group_id)


async def remove_section(env: Env, viewer: Viewer, section_id: UUID) -> UUID:
    """Remove a section, as a manager of the whole group; its members are in none then.

    An admin who was bound to it stays bound to the others, to none if there are none (R51). Return
    the group's id.
    """
    group_id = await group_of_section(section_id)
    async with unit_of_work(env, group_id) as unit:
        await require(viewer, group_id, Right.MANAGE_MEMBERS)
        await _find(section_id)
        moved = {**_LEFT, "section_at": unit.now}
        await Membership.filter(section_id=section_id).update(**moved)
        await FormerMember.filter(section_id=section_id).update(**moved)
        await _unbind(group_id, section_id)
        await Section.filter(id=section_id).delete()
        await unit.log(group_id, _event(EventType.SECTION_REMOVED, viewer, section_id))
        return unit.returns(group_id)


async def _unbind(group_id: UUID, section_id: UUID) -> None:
    admins = Membership.filter(group_id=group_id, role=Role.ADMIN)
    for admin_id, bound_to in await admins.values_list("id", "bound_to"):
        if bound_to is not None and str(section_id) in bound_to:
            left = [key for key in bound_to if key != str(section_id)]
            await Membership.filter(id=admin_id).update(bound_to=left)


@dataclass(frozen=True, slots=True)
class Assigned:
    """What became of members that were to come into a section: each stands in one of these."""

    moved: list[UUID]
    unchanged: list[UUID]
    missing: list[UUID]  # not members, or not in the charge of who assigns them


async def assign_section(
    env: Env,
    viewer: Viewer,
    group_id: UUID,
    member_ids: Collection[UUID],
    section_id: UUID | None,
) -> Assigned:
    """Put members into a section, as a manager; into none: None.

    A section admin does so among the sections in their charge (R51). Refused: a section that isn't
    one of the group's, or not in their charge.
    """
    async with unit_of_work(env, group_id) as unit:
        _, rights = await require_charge(viewer, group_id, Right.MANAGE_CHARGE)
        await _refuse_other(rights, group_id, section_id)
        assigned = await assign_in(unit, viewer, rights, group_id, member_ids, section_id)
        return unit.returns(assigned)


async def assign_in(
    unit: Unit,
    viewer: Viewer,
    rights: GroupRights,
    group_id: UUID,
    member_ids: Collection[UUID],
    section_id: UUID | None,
) -> Assigned:
    """Put members into one of the group's sections, or into none, under the group's row."""
    rows = Membership.filter(group_id=group_id, id__in=list(member_ids))
    before = {
        key: section
        for key, section in await rows.values_list("id", "section_id")
        if is_in_charge(rights.charge, section)
    }
    moved = [key for key in member_ids if key in before and before[key] != section_id]
    if moved:
        found = Membership.filter(id__in=moved)
        await found.update(section_id=section_id, section_at=unit.now)
        events = [_event(EventType.MEMBER_MOVED, viewer, key) for key in moved]
        await unit.log(group_id, *events)
    return Assigned(
        moved,
        [key for key in member_ids if key in before and before[key] == section_id],
        [key for key in member_ids if key not in before],
    )


async def _refuse_other(rights: GroupRights, group_id: UUID, section_id: UUID | None) -> None:
    """Refuse a section that who assigns can't choose."""
    there = section_id is None or await Section.exists(id=section_id, group_id=group_id)
    if not there or not is_in_charge(rights.charge, section_id):
        raise Refusal(RefusalCode.SECTION_NOT_FOUND, "sectionId")


async def _find(section_id: UUID) -> Section:
    """Return a section under its group's row. Raise ``NotFound`` when it is no more."""
    section = await Section.get_or_none(id=section_id)
    if section is None:
        raise NotFound
    return section


def _read_name(name: str) -> str:
    return read_text(name, RefusalCode.NAME_INVALID, SECTION_NAME_LENGTH, "name")


def _event(event: EventType, viewer: Viewer, subject_id: UUID) -> Event:
    return Event(event, actor_id=viewer.person_id, subject_id=subject_id)
