"""How people stand to organisations: one statement for any number of these (R46)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import orjson

from app.domain.organisations import OrganisationStanding
from app.models.statements import dialect, fetch_as

_STANDINGS: Final = (
    OrganisationStanding.OWNER,
    OrganisationStanding.OVERSEER,
    OrganisationStanding.ABOVE,
)
# By the nearest role: in the organisation itself, as its owner or not, or in one above it.
_READ: Final = """
    SELECT organisation.id AS id, organisation.name AS name, organisation.version AS version,
           organisation.parent_id AS parent_id, organisation.owner_id AS owner_id,
           organisation.offered_to AS offered_to, organisation.offered_until AS offered_until,
           seen.place AS place
    FROM organisation JOIN (
        SELECT organisation_above.organisation_id AS id, MIN(CASE
                   WHEN distance > 0 THEN 2 WHEN upper.owner_id = $1 THEN 0 ELSE 1
               END) AS place
        FROM organisation_above
        JOIN organisation AS upper ON upper.id = organisation_above.above_id
        LEFT JOIN overseer
            ON overseer.organisation_id = upper.id AND overseer.person_id = $1
        WHERE organisation_above.organisation_id {those}
          AND (upper.owner_id = $1 OR overseer.id IS NOT NULL)
        GROUP BY organisation_above.organisation_id
    ) AS seen ON seen.id = organisation.id
"""


@dataclass(frozen=True, slots=True)
class SeenOrganisation:
    """An organisation, and how somebody stands to it."""

    id: UUID
    name: str
    version: int
    parent_id: UUID | None
    owner_id: UUID
    offered_to: UUID | None
    offered_until: datetime | None
    place: int

    @property
    def standing(self) -> OrganisationStanding:
        """How they stand to it."""
        return _STANDINGS[self.place]


async def seen_by(
    person_id: UUID | None, organisation_ids: Collection[UUID]
) -> dict[UUID, SeenOrganisation]:
    """Return those of some organisations that a person has any standing to."""
    if person_id is None or not organisation_ids:
        return {}
    those, given = among(organisation_ids, 2)
    rows = await fetch_as(SeenOrganisation, _READ.format(those=those), person_id, given)
    return {row.id: row for row in rows}


def among(keys: Collection[UUID], place: int) -> tuple[str, object]:
    """Return that what stands before is one of these keys, given as one parameter."""
    if dialect() == "postgres":
        return f"= ANY(${place}::uuid[])", list(keys)
    listed = orjson.dumps([str(key) for key in keys]).decode()
    return f"IN (SELECT value FROM json_each(${place}))", listed


async def standing_of_person(person_id: UUID | None, organisation_id: UUID) -> OrganisationStanding:
    """Return how a person stands to an organisation; an outsider to one that isn't there."""
    found = (await seen_by(person_id, [organisation_id])).get(organisation_id)
    return found.standing if found else OrganisationStanding.OUTSIDER
