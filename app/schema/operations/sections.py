"""Sections: made, renamed, removed, and who is in which (R50)."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

import strawberry

from app.domain.limits import GROUP_PEOPLE, SECTION_NAME_LENGTH
from app.domain.refusals import BadInput
from app.resolvers.context import Info
from app.resolvers.ids import decode_id, encode_id
from app.resolvers.sections import find_section
from app.schema.once import once
from app.schema.operations.reading import Input, group_now
from app.schema.section_payloads import (
    AssignSectionPayload,
    RemoveSectionPayload,
    SectionPayload,
)
from app.services.groups import sections

_NAME: Final = f"1 to {SECTION_NAME_LENGTH} characters; no other section of the group has it."


@strawberry.input(description="A new section of a group.")
class CreateSectionInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")
    name: str = strawberry.field(description=_NAME)


async def create_section(info: Info, input: Input[CreateSectionInput]) -> SectionPayload:
    """Make a section (R50)."""
    group_id = decode_id(input.group_id, "Group")
    viewer = await info.context.viewer()
    section_id = await once(info, sections.create_section, viewer, group_id, input.name)
    group = await group_now(info, group_id)
    return SectionPayload(section=await find_section(info, section_id), group=group)


@strawberry.input(description="Which section gets another name.")
class UpdateSectionInput:
    section_id: strawberry.ID = strawberry.field(description="Which section.")
    name: str = strawberry.field(description=_NAME)


async def update_section(info: Info, input: Input[UpdateSectionInput]) -> SectionPayload:
    """Give a section another name (R50)."""
    section_id = decode_id(input.section_id, "Section")
    viewer = await info.context.viewer()
    group_id = await once(info, sections.update_section, viewer, section_id, input.name)
    group = await group_now(info, group_id)
    return SectionPayload(section=await find_section(info, section_id), group=group)


@strawberry.input(description="Which section is removed.")
class RemoveSectionInput:
    section_id: strawberry.ID = strawberry.field(description="Which section.")


async def remove_section(info: Info, input: Input[RemoveSectionInput]) -> RemoveSectionPayload:
    """Remove a section (R50)."""
    section_id = decode_id(input.section_id, "Section")
    viewer = await info.context.viewer()
    group_id = await once(info, sections.remove_section, viewer, section_id)
    return RemoveSectionPayload(
        group=await group_now(info, group_id), removed_section_id=input.section_id
    )


@strawberry.input(description="Which members come into which section.")
class AssignSectionInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")
    member_ids: list[strawberry.ID] = strawberry.field(
        description=f"Which members, {GROUP_PEOPLE} at most."
    )
    section_id: strawberry.ID | None = strawberry.field(
        default=None, description="Into which section; null or left out: into none."
    )


async def assign_section(info: Info, input: Input[AssignSectionInput]) -> AssignSectionPayload:
    """Put members into a section, or into none (R50)."""
    if len(input.member_ids) > GROUP_PEOPLE:
        raise BadInput("PAGE_TOO_LARGE", largest=GROUP_PEOPLE)
    group_id = decode_id(input.group_id, "Group")
    members = list(dict.fromkeys(decode_id(one, "Member") for one in input.member_ids))
    section_id = decode_id(input.section_id, "Section") if input.section_id else None
    viewer = await info.context.viewer()
    done = await once(info, sections.assign_section, viewer, group_id, members, section_id)
    return AssignSectionPayload(
        group=await group_now(info, group_id),
        moved_member_ids=_ids(done.moved),
        unchanged_member_ids=_ids(done.unchanged),
        missing_member_ids=_ids(done.missing),
    )


def _ids(keys: Iterable[UUID]) -> list[strawberry.ID]:
    return [strawberry.ID(encode_id("Member", key)) for key in keys]
