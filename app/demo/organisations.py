"""The organisations of the demo's tree, in three levels."""

from uuid import UUID

from app.demo.cast import OVERSEER, official, organisation_names
from app.demo.rows import Rows
from app.models import Organisation, OrganisationAbove, Overseer


def plant_organisations(rows: Rows) -> list[UUID]:
    """Add the organisations, each with an owner of its own; return their ids, the root's first.

    The second official oversees the root.
    """
    paths: list[list[UUID]] = []
    for place, (name, upper) in enumerate(organisation_names()):
        path = [rows.new_id(), *([] if upper is None else paths[upper])]
        paths.append(path)
        owner_id, _ = rows.person(official(place and place + 1))
        rows.add(
            Organisation(
                id=path[0],
                owner_id=owner_id,
                name=name,
                parent_id=path[1] if upper is not None else None,
                created_at=rows.since,
            )
        )
        for distance, above_id in enumerate(path):
            rows.add(_above(rows, path[0], above_id, distance))
    _oversee(rows, paths[0][0])
    return [path[0] for path in paths]


def _above(rows: Rows, organisation_id: UUID, above_id: UUID, distance: int) -> OrganisationAbove:
    return OrganisationAbove(
        id=rows.new_id(),
        organisation_id=organisation_id,
        above_id=above_id,
        distance=distance,
        since=rows.since,
    )


def _oversee(rows: Rows, organisation_id: UUID) -> None:
    person_id, _ = rows.person(OVERSEER)
    rows.add(
        Overseer(
            id=rows.new_id(),
            organisation_id=organisation_id,
            person_id=person_id,
            appointed_at=rows.since,
        )
    )
