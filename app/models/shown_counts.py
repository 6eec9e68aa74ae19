"""The counts of groups as those above them are shown them, summed over organisations.

No column here is a true count: cells are rounded before they are written, and null where nothing
of a group is shown. So whatever is read of these tables may be told to overseers.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from tortoise import Model, fields

from app.domain.disclosure import CELLS, Counts
from app.models.groups import Group
from app.models.inserting import insert_rows


class _Cells(Model):
    """A column for each cell, in the order of ``CELLS``."""

    code_green = fields.SmallIntField(null=True)
    code_yellow = fields.SmallIntField(null=True)
    code_red = fields.SmallIntField(null=True)
    code_unknown = fields.SmallIntField(null=True)
    test_h24_negative = fields.SmallIntField(null=True)
    test_h24_positive = fields.SmallIntField(null=True)
    test_h48_negative = fields.SmallIntField(null=True)
    test_h48_positive = fields.SmallIntField(null=True)
    test_h72_negative = fields.SmallIntField(null=True)
    test_h72_positive = fields.SmallIntField(null=True)
    test_d7_negative = fields.SmallIntField(null=True)
    test_d7_positive = fields.SmallIntField(null=True)
    test_older_negative = fields.SmallIntField(null=True)
    test_older_positive = fields.SmallIntField(null=True)
    test_none = fields.SmallIntField(null=True)
    doses_0 = fields.SmallIntField(null=True)
    doses_1 = fields.SmallIntField(null=True)
    doses_2 = fields.SmallIntField(null=True)
    doses_3 = fields.SmallIntField(null=True)
    doses_4 = fields.SmallIntField(null=True)  # and more

    class Meta:
        abstract = True


class ShownCount(_Cells):
    """A group's shown counts as its newest judgement left them."""

    id = fields.UUIDField(primary_key=True)
    group_id: UUID
    group: fields.OneToOneRelation[Group] = fields.OneToOneField(
        "app.Group", related_name="shown_count"
    )

    class Meta:
        table = "shown_count"


class ShownDay(_Cells):
    """A group's shown counts at the last refresh of one day."""

    id = fields.UUIDField(primary_key=True)
    group_id: UUID
    group: fields.ForeignKeyRelation[Group] = fields.ForeignKeyField(
        "app.Group", related_name="shown_days"
    )
    day = fields.DateField(db_index=True)

    class Meta:
        table = "shown_day"
        unique_together = (("group", "day"),)


NAMES: Final = tuple(cell.name for cell in CELLS)
_NONE: Final[Sequence[int | None]] = (None,) * len(NAMES)
_SET: Final = ", ".join(f"{name} = excluded.{name}" for name in NAMES)
_OLD: Final = ", ".join(f"shown_count.{name}" for name in NAMES)
_NEW: Final = ", ".join(f"excluded.{name}" for name in NAMES)
_REPLACE: Final = f"""
    ON CONFLICT (group_id) DO UPDATE SET {_SET}
    WHERE ({_OLD}) IS DISTINCT FROM ({_NEW}) RETURNING group_id
"""
_REPLACE_DAY: Final = f"ON CONFLICT (group_id, day) DO UPDATE SET {_SET}"


async def put_shown_count(row_id: UUID, group_id: UUID, shown: Counts | None) -> bool:
    """Write what is shown of a group now; return whether it is anything new. None: nothing is."""
    row = {"id": row_id, "group_id": group_id, **_columns(shown)}
    return await insert_rows(ShownCount, [row], _REPLACE) > 0


async def put_shown_day(row_id: UUID, group_id: UUID, day: date, shown: Counts | None) -> None:
    """Write what is shown of a group on a day, replacing what an earlier refresh left."""
    row = {"id": row_id, "group_id": group_id, "day": day, **_columns(shown)}
    await insert_rows(ShownDay, [row], _REPLACE_DAY)


def _columns(shown: Counts | None) -> dict[str, int | None]:
    return dict(zip(NAMES, shown or _NONE, strict=True))
