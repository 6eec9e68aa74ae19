"""Finding a member, and the group that they are or were in."""

from uuid import UUID

from app.domain.refusals import NotFound
from app.models.leaves import FormerMember
from app.models.members import Membership


async def group_of_member(member_id: UUID) -> UUID:
    """Return the group that a member is in, or was in until they left.

    Raise ``NotFound`` when there is, or was, no such member. Membership is asked before the
    former one, in the order in which the one becomes the other.
    """
    member = await Membership.get_or_none(id=member_id).only("group_id")
    if member is not None:
        return member.group_id
    former = await FormerMember.get_or_none(id=member_id).only("group_id")
    if former is None:
        raise NotFound
    return former.group_id


async def find_member(member_id: UUID) -> Membership:
    """Return a member with their person. Raise ``NotFound`` when they aren't in any more.

    What it says stays true for a caller who holds the group's row.
    """
    member = await Membership.get_or_none(id=member_id).select_related("person")
    if member is None:
        raise NotFound
    return member
