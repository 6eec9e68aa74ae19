"""Who may be removed, and how a membership ends (R16, R32-R34)."""

from enum import StrEnum

from app.domain.refusals import RefusalCode
from app.domain.roles import Role


class DepartureCause(StrEnum):
    """How a former member came to be out (R16, R33)."""

    LEAVE_COMPLETED = "LEAVE_COMPLETED"
    LEAVE_EXPIRED = "LEAVE_EXPIRED"
    REMOVED = "REMOVED"


def why_not_removed(role: Role, own: bool) -> RefusalCode | None:
    """Why someone can't be removed: the creator, an admin before dismissal, oneself (R16)."""
    if role is Role.CREATOR:
        return RefusalCode.MEMBER_IS_CREATOR
    if own:
        return RefusalCode.MEMBER_IS_SELF
    return RefusalCode.MEMBER_IS_ADMIN if role is Role.ADMIN else None
