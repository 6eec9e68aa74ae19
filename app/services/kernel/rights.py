"""Rights checked again inside the transaction: roles and policy may have changed since."""

from uuid import UUID

from app.domain.refusals import Denied, NotFound
from app.domain.roles import GroupRights, Right, denial_of
from app.models.groups import Group, lock_group
from app.models.guardians import standing_in
from app.services.kernel.env import Viewer


async def require(viewer: Viewer, group_id: UUID, right: Right) -> Group:
    """Lock the group's row for a viewer who has the right, and return it.

    Raise ``NotFound`` to outsiders and for a group that is dissolved (R8), ``Forbidden`` to
    whoever is in it without the right.
    """
    group = await lock_group(group_id)
    standing = await standing_in(group_id, viewer.person_id)
    if group is None:
        raise NotFound
    GroupRights(standing, group.admins_may_invite).demand(right)
    return group


async def denial(viewer: Viewer, group_id: UUID) -> Denied:
    """Return what is raised to someone who reaches for a member that isn't theirs (R17)."""
    return denial_of(await standing_in(group_id, viewer.person_id))
