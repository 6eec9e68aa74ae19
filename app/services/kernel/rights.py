"""Rights checked again inside the transaction: roles and policy may have changed since."""

from uuid import UUID

from app.domain.refusals import Denied, NotFound
from app.domain.roles import GroupRights, Right, denial_of
from app.models.groups import Group, lock_group
from app.models.guardians import rights_in
from app.services.kernel.env import Viewer


async def require(viewer: Viewer, group_id: UUID, right: Right) -> Group:
    """Lock the group's row for a viewer who has the right, and return it.

    Raise ``NotFound`` to outsiders and for a group that is dissolved (R8), ``Forbidden`` to
    whoever is in it without the right.
    """
    group, _ = await require_charge(viewer, group_id, right)
    return group


async def require_charge(viewer: Viewer, group_id: UUID, right: Right) -> tuple[Group, GroupRights]:
    """Do the same for what concerns members; return the viewer's rights with their charge, too.

    Whoever reads or writes members by it leaves out whom the viewer isn't in charge of (R51).
    """
    group = await lock_group(group_id)
    if group is None:
        raise NotFound
    may_invite = group.admins_may_invite
    rights = await rights_in(group_id, viewer.person_id, admins_may_invite=may_invite)
    rights.demand(right)
    return group, rights


async def denial(viewer: Viewer, group_id: UUID) -> Denied:
    """Return what is raised to someone who reaches for a member that isn't theirs (R17)."""
    return denial_of((await rights_in(group_id, viewer.person_id)).standing)
