"""Organisations and the groups below them, as owners and overseers see them (R46)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from app.domain.groups import GroupColour, GroupType
from app.domain.organisations import OrganisationRole, OrganisationStanding
from app.models.overseen import OverseenGroup
from app.models.oversight import SeenOrganisation


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """An organisation that the viewer sees; ``standing`` is theirs to it."""

    typename: ClassVar[str] = "Organisation"

    id: UUID
    name: str
    version: int
    parent_id: UUID | None
    owner_id: UUID
    offered_to: UUID | None
    offered_until: datetime | None
    standing: OrganisationStanding

    @classmethod
    def of(cls, seen: SeenOrganisation) -> "OrganisationRow":
        """Return the row of an organisation as it was read."""
        return cls(
            seen.id,
            seen.name,
            seen.version,
            seen.parent_id,
            seen.owner_id,
            seen.offered_to,
            seen.offered_until,
            seen.standing,
        )

    @property
    def viewer_role(self) -> OrganisationRole | None:
        """What the viewer is in it; None for who sees it from above."""
        return self.standing.role


@dataclass(frozen=True, slots=True)
class OverseenGroupRow:
    """A group as it is seen from above: nothing of it is about a person."""

    typename: ClassVar[str] = "OverseenGroup"

    id: UUID
    name: str
    type: GroupType
    colour: GroupColour
    turned_at: datetime | None
    visited_on: date | None
    created_at: datetime
    organisation_id: UUID

    @classmethod
    def of(cls, group: OverseenGroup) -> "OverseenGroupRow":
        """Return the row of a group as it was read."""
        return cls(
            group.id,
            group.name,
            group.type,
            group.colour,
            group.turned_at,
            group.visited_on,
            group.created_at,
            group.organisation_id,
        )


@dataclass(frozen=True, slots=True)
class OrganisationAboveRow:
    """An organisation as those below it see it."""

    name: str
