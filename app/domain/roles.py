"""Who may do what in a group: the table of rights on one page (R7, R9, R15-R17)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.refusals import Denied, Forbidden, NotFound


class Role(StrEnum):
    """What a member is in a group."""

    CREATOR = "CREATOR"
    ADMIN = "ADMIN"
    MEMBER = "MEMBER"


class Standing(StrEnum):
    """How someone signed in stands to a group: their role in it, a guardian, or an outsider."""

    CREATOR = "CREATOR"
    ADMIN = "ADMIN"
    MEMBER = "MEMBER"
    GUARDIAN = "GUARDIAN"  # of a member, and not a member of it
    OUTSIDER = "OUTSIDER"

    @property
    def role(self) -> Role | None:
        """The role of their own membership; None for who has none."""
        return None if self in {Standing.GUARDIAN, Standing.OUTSIDER} else Role(self.value)


def standing_of(own_role: Role | None, *, guards: bool) -> Standing:
    """Return how someone stands towards a group: by their own role in it, else as a guardian.

    ``guards`` says whether they enrolled one of its members (R12, R17).
    """
    if own_role is not None:
        return Standing(own_role.value)
    return Standing.GUARDIAN if guards else Standing.OUTSIDER


class Right(StrEnum):
    """A right in a group, as the table of rights names them."""

    VIEW_PAGE = "VIEW_PAGE"
    EDIT_GROUP = "EDIT_GROUP"
    ACCEPT_GROUP = "ACCEPT_GROUP"
    INVITE = "INVITE"
    VIEW_MEMBERS = "VIEW_MEMBERS"
    MANAGE_MEMBERS = "MANAGE_MEMBERS"
    REFRESH = "REFRESH"
    SWITCH_ALERTS = "SWITCH_ALERTS"


_EVERYONE = frozenset({Standing.CREATOR, Standing.ADMIN, Standing.MEMBER, Standing.GUARDIAN})
_MANAGERS = frozenset({Standing.CREATOR, Standing.ADMIN})
_CREATOR = frozenset({Standing.CREATOR})
_ADMIN = frozenset({Standing.ADMIN})

RIGHTS: Final[Mapping[Right, frozenset[Standing]]] = {
    Right.VIEW_PAGE: _EVERYONE,
    Right.EDIT_GROUP: _CREATOR,
    Right.ACCEPT_GROUP: _ADMIN,  # and only whom the creator offered it to (R16)
    Right.INVITE: _MANAGERS,  # an admin only where the policy allows (R9)
    Right.VIEW_MEMBERS: _MANAGERS,
    Right.MANAGE_MEMBERS: _MANAGERS,
    Right.REFRESH: _MANAGERS,
    Right.SWITCH_ALERTS: _MANAGERS,
}


def denial_of(standing: Standing) -> Denied:
    """Return the denial for someone without a right: outsiders don't learn that a group exists."""
    return NotFound() if standing is Standing.OUTSIDER else Forbidden()


@dataclass(frozen=True, slots=True)
class GroupRights:
    """Someone's standing in one group, and the policy that bears on it."""

    standing: Standing
    admins_may_invite: bool = True

    def allows(self, right: Right) -> bool:
        """Say whether the right is theirs."""
        if right is Right.INVITE and self.standing is Standing.ADMIN:
            return self.admins_may_invite
        return self.standing in RIGHTS[right]

    def demand(self, right: Right) -> None:
        """Raise the denial of whoever hasn't the right."""
        if not self.allows(right):
            raise denial_of(self.standing)


OUTSIDE: Final = GroupRights(Standing.OUTSIDER)
