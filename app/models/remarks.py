"""Writing the remarks of many members by one statement."""

from collections.abc import Mapping
from uuid import UUID

from app.models.members import Membership
from app.models.statements import dialect, fetch


async def put_remarks(remarks: Mapping[UUID, str]) -> None:
    """Give these members their new remarks."""
    if not remarks:
        return
    field = Membership._meta.fields_map["remark"]
    written = [field.to_db_value(remark, Membership) for remark in remarks.values()]
    if dialect() == "postgres":
        given = "unnest($1::uuid[], $2::bytea[]) AS given(id, remark)"
        values: list[object] = [list(remarks), written]
    else:
        places = ", ".join(f"(${at}, ${at + 1})" for at in range(1, 2 * len(remarks), 2))
        columns = "SELECT column1 AS id, column2 AS remark"
        given = f"({columns} FROM (VALUES {places})) AS given"
        values = [value for pair in zip(remarks, written, strict=True) for value in pair]
    await fetch(
        f"UPDATE membership SET remark = given.remark FROM {given} WHERE membership.id = given.id",
        *values,
    )
