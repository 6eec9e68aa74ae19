"""The tree of organisations: how large a part of it is, and moving parts of it (R44).

Each function is called by who holds the rows of the roots (``organisations.lock_roots``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from app.domain.organisations import TreeSize
from app.models.inserting import insert_rows
from app.models.organisations import OrganisationAbove
from app.models.statements import fetch, fetch_as, fetch_value

_SIZE: Final = """
    SELECT MAX(distance) + 1 AS levels, COUNT(*) AS organisations,
           (SELECT COUNT(*) FROM organisation_above AS below
            JOIN groups ON groups.organisation_id = below.organisation_id
            WHERE below.above_id = $1 AND groups.dissolved_at IS NULL) AS groups
    FROM organisation_above WHERE above_id = $1
"""


@dataclass(frozen=True, slots=True)
class _Size:
    levels: int
    organisations: int
    groups: int


async def size_below(organisation_id: UUID) -> TreeSize:
    """Return how large the part of a tree is whose topmost organisation is this one."""
    [row] = await fetch_as(_Size, _SIZE, organisation_id)
    return TreeSize(row.levels, row.organisations, row.groups)


async def level_of(organisation_id: UUID) -> int:
    """Return on which level an organisation stands, a root on the first."""
    found = await fetch_value(
        int,
        "SELECT MAX(distance) AS above FROM organisation_above WHERE organisation_id = $1",
        organisation_id,
    )
    return 1 + (found or 0)


async def attach_below(
    organisation_id: UUID, upper_id: UUID, now: datetime, new_id: Callable[[], UUID]
) -> None:
    """Have a root, and all below it, stand below another organisation."""
    lower = await OrganisationAbove.filter(above_id=organisation_id).values_list(
        "organisation_id", "distance"
    )
    upper = await OrganisationAbove.filter(organisation_id=upper_id).values_list(
        "above_id", "distance"
    )
    rows = [
        {
            "id": new_id(),
            "organisation_id": below_id,
            "above_id": above_id,
            "distance": down + up + 1,
            "since": now,
        }
        for below_id, down in lower
        for above_id, up in upper
    ]
    await insert_rows(OrganisationAbove, rows)
    await fetch("UPDATE organisation SET parent_id = $2 WHERE id = $1", organisation_id, upper_id)


async def stand_alone(organisation_id: UUID) -> None:
    """Have an organisation, and all below it, stand below no other any more."""
    await fetch(
        """
        DELETE FROM organisation_above
        WHERE organisation_id IN (
            SELECT organisation_id FROM organisation_above WHERE above_id = $1
        ) AND above_id IN (
            SELECT above_id FROM organisation_above WHERE organisation_id = $1 AND distance > 0
        )
        """,
        organisation_id,
    )
    await fetch("UPDATE organisation SET parent_id = NULL WHERE id = $1", organisation_id)


async def advance_versions(organisation_id: UUID) -> None:
    """Move the versions of an organisation and of those above it: what is below them changed."""
    await fetch(
        """
        UPDATE organisation SET version = version + 1
        WHERE id IN (SELECT above_id FROM organisation_above WHERE organisation_id = $1)
        """,
        organisation_id,
    )


async def groups_below(organisation_id: UUID) -> list[UUID]:
    """Return the groups below an organisation, at whatever depth, that aren't dissolved."""
    rows = await fetch_as(
        _Key,
        """
        SELECT groups.id AS id FROM organisation_above
        JOIN groups ON groups.organisation_id = organisation_above.organisation_id
        WHERE above_id = $1 AND groups.dissolved_at IS NULL
        """,
        organisation_id,
    )
    return [row.id for row in rows]


@dataclass(frozen=True, slots=True)
class _Key:
    id: UUID
