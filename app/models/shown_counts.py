"""The counts of groups as those above them are shown them (R47).

No column here is a true count: cells are rounded before they are written, and null where nothing
of a group is shown. So whatever is read of these tables may be told to overseers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from tortoise import Model, fields

from app.domain.disclosure import CELLS, Counts
from app.models.groups import Group
from app.models.inserting import insert_rows
from app.models.statements import fetch, placeholders


class Cells(Model):
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


class ShownCount(Cells):
    """A group's shown counts as its newest judgement left them."""

    id = fields.UUIDField(primary_key=True)
    group_id: UUID
    group: fields.OneToOneRelation[Group] = fields.OneToOneField(
        "app.Group", related_name="shown_count"
    )

    class Meta:
        table = "shown_count"


class ShownDay(Cells):
    """A group's shown counts at the last refresh of one day, and what it was attached to then.

    Kept while the day's report is: until then it may be counted anew (R42).
    """

    id = fields.UUIDField(primary_key=True)
    group_id: UUID
    group: fields.ForeignKeyRelation[Group] = fields.ForeignKeyField(
        "app.Group", related_name="shown_days"
    )
    day = fields.DateField(db_index=True)
    organisation_id = fields.UUIDField()  # no foreign key: it would wait for who dissolves that

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
    WHERE ({_OLD}) IS DISTINCT FROM ({_NEW})
    RETURNING group_id
"""
_PUT: Final = f"""
    INSERT INTO shown_count (id, group_id, {", ".join(NAMES)})
    VALUES ({placeholders(len(NAMES) + 2)}) {_REPLACE}
"""
_REPLACE_DAY: Final = f"""
    ON CONFLICT (group_id, day) DO UPDATE SET organisation_id = excluded.organisation_id, {_SET}
"""


@dataclass(frozen=True, slots=True)
class DayShown:
    """What is shown of a group on a day, None where nothing is, and to what it was attached."""

    organisation_id: UUID
    shown: Counts | None


async def put_shown_count(row_id: UUID, group_id: UUID, shown: Counts | None) -> bool:
    """Write what is shown of a group now, None: nothing is; return whether that is anything new."""
    return bool(await fetch(_PUT, row_id, group_id, *(shown or _NONE)))


async def read_shown_day(group_id: UUID, day: date) -> DayShown | None:
    """Return what is shown of a group on a day so far; None where it wasn't counted."""
    row = await ShownDay.get_or_none(group_id=group_id, day=day)
    if row is None:
        return None
    cells = [getattr(row, name) for name in NAMES]
    return DayShown(row.organisation_id, None if cells[0] is None else tuple(cells))


async def put_shown_day(row_id: UUID, group_id: UUID, day: date, shown: DayShown) -> None:
    """Write what is shown of a group on a day, replacing what was before."""
    row = {"id": row_id, "group_id": group_id, "day": day}
    row |= {"organisation_id": shown.organisation_id, **_columns(shown.shown)}
    await insert_rows(ShownDay, [row], _REPLACE_DAY)


def _columns(shown: Counts | None) -> dict[str, int | None]:
    return dict(zip(NAMES, shown or _NONE, strict=True))
