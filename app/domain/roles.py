"""Who may do what in a group: the table of rights on one page (R7, R9, R15-R17, R51)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final
from uuid import UUID

from app.domain.refusals import Denied, Forbidden, NotFound
from app.domain.sections import EVERYONE, Charge, is_in_charge
from app.domain.words import Word


class Role(Word):
    """What a member is in a group."""

    CREATOR = "CREATOR"
    ADMIN = "ADMIN"
    MEMBER = "MEMBER"


class Standing(Word):
    """How someone signed in stands to a group: their role in it, a guardian, or an outsider."""

    CREATOR = "CREATOR"
    ADMIN = "ADMIN"
    SECTION_ADMIN = "SECTION_ADMIN"  # an admin who is bound to sections
    MEMBER = "MEMBER"
    GUARDIAN = "GUARDIAN"  # of a member, and not a member of it
    OUTSIDER = "OUTSIDER"

    @property
    def role(self) -> Role | None:
        """The role of their own membership; None for who has none."""
        if self is Standing.SECTION_ADMIN:
            return Role.ADMIN
        return None if self in {Standing.GUARDIAN, Standing.OUTSIDER} else Role(self.value)


def standing_of(own_role: Role | None, *, guards: bool) -> Standing:
    """Return how someone stands towards a group: by their own role in it, else as a guardian.

    ``guards`` says whether they enrolled one of its members (R12, R17).
    """
    if own_role is not None:
        return Standing(own_role.value)
    return Standing.GUARDIAN if guards else Standing.OUTSIDER


class Right(Word):
    """A right in a group, as the table of rights names them."""

    VIEW_PAGE = "VIEW_PAGE"
    EDIT_GROUP = "EDIT_GROUP"
    ACCEPT_GROUP = "ACCEPT_GROUP"
    INVITE = "INVITE"
    VIEW_CHARGE = "VIEW_CHARGE"
    MANAGE_CHARGE = "MANAGE_CHARGE"
    VIEW_MEMBERS = "VIEW_MEMBERS"
    MANAGE_MEMBERS = "MANAGE_MEMBERS"
    REFRESH = "REFRESH"
    SWITCH_ALERTS = "SWITCH_ALERTS"


_CREATOR = frozenset({Standing.CREATOR})
_ADMINS = frozenset({Standing.ADMIN, Standing.SECTION_ADMIN})
_MANAGERS = _CREATOR | _ADMINS
_UNBOUND = _CREATOR | {Standing.ADMIN}
_EVERYONE = _MANAGERS | {Standing.MEMBER, Standing.GUARDIAN}

RIGHTS: Final[Mapping[Right, frozenset[Standing]]] = {
    Right.VIEW_PAGE: _EVERYONE,
    Right.EDIT_GROUP: _CREATOR,
    Right.ACCEPT_GROUP: _ADMINS,  # and only whom the creator offered it to (R16)
    Right.INVITE: _MANAGERS,  # an admin only where the policy allows (R9)
    Right.VIEW_CHARGE: _MANAGERS,  # a section admin: just the members in their charge (R51)
    Right.MANAGE_CHARGE: _MANAGERS,  # likewise
    Right.VIEW_MEMBERS: _UNBOUND,
    Right.MANAGE_MEMBERS: _UNBOUND,
    Right.REFRESH: _MANAGERS,
    Right.SWITCH_ALERTS: _MANAGERS,
}


def denial_of(standing: Standing) -> Denied:
    """Return the denial for someone without a right: outsiders don't learn that a group exists."""
    return NotFound() if standing is Standing.OUTSIDER else Forbidden()


@dataclass(frozen=True, slots=True)
class GroupRights:
    """Someone's standing in one group, the policy that bears on it, and their charge (R51)."""

    standing: Standing
    admins_may_invite: bool = True
    charge: Charge = EVERYONE

    def allows(self, right: Right) -> bool:
        """Say whether the right is theirs."""
        if right is Right.INVITE and self.standing in _ADMINS:
            return self.admins_may_invite
        return self.standing in RIGHTS[right]

    def demand(self, right: Right) -> None:
        """Raise the denial of whoever hasn't the right."""
        if not self.allows(right):
            raise denial_of(self.standing)

    def demand_charge(self, section_id: UUID | None) -> None:
        """Raise the denial of who isn't in charge of the members of a section, or of none."""
        if not is_in_charge(self.charge, section_id):
            raise Forbidden

    @property
    def is_bound(self) -> bool:
        """Whether they are bound to sections (R51)."""
        return self.standing is Standing.SECTION_ADMIN


def rights_of(
    own_role: Role | None,
    *,
    guards: bool,
    bound_to: Collection[str] | None = None,
    admins_may_invite: bool = True,
) -> GroupRights:
    """Return someone's rights in a group; ``bound_to``: the keys of an admin's sections (R51)."""
    if bound_to is not None and own_role is Role.ADMIN:
        charge = frozenset(map(UUID, bound_to))
        return GroupRights(Standing.SECTION_ADMIN, admins_may_invite, charge)
    return _unbound_rights(own_role, guards, admins_may_invite)


@cache  # there are few, and each of a viewer's groups asks for them in every answer
def _unbound_rights(own_role: Role | None, guards: bool, admins_may_invite: bool) -> GroupRights:
    return GroupRights(standing_of(own_role, guards=guards), admins_may_invite)


OUTSIDE: Final = GroupRights(Standing.OUTSIDER)
