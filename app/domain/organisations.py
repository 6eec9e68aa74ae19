"""Organisations: trees over groups, and who may see or change what of one (R44-R46, R48)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.groups import GroupColour
from app.domain.languages import Language
from app.domain.limits import GROUPS_BELOW_ROOT, ORGANISATION_LEVELS, ORGANISATIONS_IN_TREE
from app.domain.refusals import Forbidden, NotFound, Refusal, RefusalCode


class OrganisationRole(StrEnum):
    """What a person is in an organisation."""

    OWNER = "OWNER"
    OVERSEER = "OVERSEER"


class OrganisationStanding(StrEnum):
    """How someone signed in stands to an organisation.

    ABOVE: an owner or overseer of one that it is below of, at whatever distance.
    """

    OWNER = "OWNER"
    OVERSEER = "OVERSEER"
    ABOVE = "ABOVE"
    OUTSIDER = "OUTSIDER"

    @property
    def role(self) -> OrganisationRole | None:
        """The role in the organisation itself; None for who has none."""
        own = self in {OrganisationStanding.OWNER, OrganisationStanding.OVERSEER}
        return OrganisationRole(self.value) if own else None


class OrganisationRight(StrEnum):
    """A right in an organisation, as the table of rights names them."""

    VIEW_NUMBERS = "VIEW_NUMBERS"
    VIEW_PEOPLE = "VIEW_PEOPLE"  # who owns and oversees it: nobody of a group
    EDIT_ORGANISATION = "EDIT_ORGANISATION"
    ACCEPT_ORGANISATION = "ACCEPT_ORGANISATION"


_OWNER = frozenset({OrganisationStanding.OWNER})
_OVERSEER = frozenset({OrganisationStanding.OVERSEER})
ORGANISATION_RIGHTS: Final[Mapping[OrganisationRight, frozenset[OrganisationStanding]]] = {
    OrganisationRight.VIEW_NUMBERS: _OWNER | _OVERSEER | {OrganisationStanding.ABOVE},
    OrganisationRight.VIEW_PEOPLE: _OWNER | _OVERSEER,
    OrganisationRight.EDIT_ORGANISATION: _OWNER,
    OrganisationRight.ACCEPT_ORGANISATION: _OVERSEER,  # and only whom the owner offered it to
}


def demand(standing: OrganisationStanding, right: OrganisationRight) -> None:
    """Raise the denial of whoever hasn't the right; outsiders don't learn that it exists."""
    if standing not in ORGANISATION_RIGHTS[right]:
        raise NotFound if standing is OrganisationStanding.OUTSIDER else Forbidden


def colour_over(reds: int, yellows: int) -> GroupColour:
    """Return the colour of an organisation below which so many groups are red or yellow (R48)."""
    if reds:
        return GroupColour.RED
    return GroupColour.YELLOW if yellows else GroupColour.GREEN


@dataclass(frozen=True, slots=True)
class TreeSize:
    """How large a tree of organisations is, or a part of it: levels, organisations, groups."""

    levels: int
    organisations: int
    groups: int


def why_not_attached(upper_level: int, tree: TreeSize, added: TreeSize) -> Refusal | None:
    """Return why something isn't attached to an organisation; None when it may be (R44).

    ``upper_level``: of that organisation, a root's being 1; ``tree``: the whole one that it is of.
    """
    if upper_level + added.levels > ORGANISATION_LEVELS:
        return Refusal(RefusalCode.ORGANISATION_TOO_DEEP, "token")
    if tree.organisations + added.organisations > ORGANISATIONS_IN_TREE:
        return Refusal(RefusalCode.TREE_FULL, "token")
    if tree.groups + added.groups > GROUPS_BELOW_ROOT:
        return Refusal(RefusalCode.ORGANISATION_FULL, "token")
    return None


# What who is to join is told of the organisations above a group (R45).
SEEN_FROM_ABOVE: Final[Mapping[Language, str]] = {
    "zh": "这些组织只能看到本团体的名称、类型、颜色、活跃状态和人数统计，看不到任何个人。",
    "en": "These organisations see the group's name, type, colour, activity and numbers only: "
    "never a person.",
}
