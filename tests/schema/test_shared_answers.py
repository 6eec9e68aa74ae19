"""Which fields of a group are the same for all whose rows are alike."""

from typing import Any
from uuid import uuid4

from app.domain.groups import GroupColour
from app.domain.roles import Role
from app.resolvers.group_row import GROUP_COLUMNS, GroupRow
from app.schema import build_schema
from app.schema.shared_answers import _reads_its_row
from app.services.kernel.env import Viewer

# What depends on more than the row: on the viewer, on the time, on other rows, on arguments.
OF_MORE = {
    "accesses",
    "activity",
    "members",
    "offer",
    "refresh",
    "viewerMember",
    "viewerMembers",
}


def group_fields() -> dict[str, Any]:
    types: Any = build_schema()._schema.type_map
    fields: dict[str, Any] = types["Group"].fields
    return fields


def test_only_fields_of_the_row_are_shared() -> None:
    shared = {name for name, field in group_fields().items() if _reads_its_row(field)}
    assert shared & OF_MORE == set()
    assert shared - {"id", "viewerRole", "version", "memberLimit"} <= GROUP_COLUMNS.keys()
    assert {"id", "name", "colour", "colourReasons", "viewerRole"} <= shared


def test_rows_that_are_alike_differ_in_nothing_that_is_shared() -> None:
    values: dict[str, Any] = {"id": uuid4(), "version": 1, "admins_may_invite": True}
    values |= {"bound_to": None}
    values |= {"role": Role.MEMBER, "name": "甲", "colour": GroupColour.RED}
    rows = []
    for _ in range(2):
        person_id = uuid4()
        rows.append(
            GroupRow(values | {"person_id": person_id}, Viewer(uuid4(), uuid4(), person_id))
        )
    one, other = (
        {name: value for name, value in vars(row).items() if name != "person_id"} for row in rows
    )
    assert one == other
