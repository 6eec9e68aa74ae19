"""Finding a section, and the group that it is of."""

from uuid import UUID

from app.domain.refusals import NotFound
from app.models.sections import Section


async def group_of_section(section_id: UUID) -> UUID:
    """Return the group of a section. Raise ``NotFound`` when there is no such section."""
    section = await Section.get_or_none(id=section_id).only("group_id")
    if section is None:
        raise NotFound
    return section.group_id
