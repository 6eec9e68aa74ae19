"""Sections that who joins may choose among, and the one that they come into (R50, R51)."""

from collections.abc import Sequence
from uuid import UUID

from app.domain.joining import people_path
from app.domain.refusals import Refusal
from app.domain.sections import why_not_joined
from app.models.groups import Group
from app.models.sections import Section
from app.services.groups.invitations import FoundInvitation


async def offered_sections(invitation: FoundInvitation, *, by_group: bool) -> dict[UUID, str]:
    """Return the names of the sections that an invitation offers, in the order of their making.

    Of one that a section admin made, theirs; of another, all, where they are offered ``by_group``.
    """
    if invitation.sections is None and not by_group:
        return {}
    offered = Section.filter(group_id=invitation.group_id)
    if invitation.sections is not None:
        offered = offered.filter(id__in=list(invitation.sections))
    return dict(await offered.order_by("created_at", "id").values_list("id", "name"))


async def sections_joined(
    invitation: FoundInvitation, group: Group, chosen: Sequence[UUID | None]
) -> list[UUID | None]:
    """Return the section into which each joiner comes, under the group's row.

    Who joins by a section admin's invitation comes into a section of theirs, so has to choose
    where there are several. Refused: none then, and one that isn't offered.
    """
    by_admin = invitation.sections is not None
    if not by_admin and not any(chosen):
        return list(chosen)
    offered = await offered_sections(invitation, by_group=group.offers_sections)
    joined = [*chosen]
    for index, section_id in enumerate(chosen):
        refusal = why_not_joined(section_id, offered.keys(), required=by_admin)
        if refusal is not None:
            raise Refusal(refusal, *people_path(index, "sectionId"))
        if section_id is None and by_admin:
            joined[index] = next(iter(offered), None)
    return joined
