"""What is shown of days, added up for each organisation as its groups are refreshed (R47, R49).

Ninety days of ten thousand groups are too many to be added up when somebody looks. So each
organisation has a row a day with the sums of the groups that are attached to it itself, which moves
by what a group's shown counts move. Whoever looks adds up a tree's organisations.
"""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from tortoise import Model, fields

from app.domain.disclosure import Sums
from app.models.inserting import insert_rows
from app.models.shown_counts import NAMES


class OrganisationDay(Model):
    """The sums of one day; no foreign key: that would wait for who dissolves the organisation."""

    id = fields.UUIDField(primary_key=True)
    organisation_id = fields.UUIDField()
    day = fields.DateField(db_index=True)
    refreshed_at = fields.DatetimeField()
    refreshed = fields.IntField()  # groups
    counted = fields.IntField()
    code_green = fields.IntField()
    code_yellow = fields.IntField()
    code_red = fields.IntField()
    code_unknown = fields.IntField()
    test_h24_negative = fields.IntField()
    test_h24_positive = fields.IntField()
    test_h48_negative = fields.IntField()
    test_h48_positive = fields.IntField()
    test_h72_negative = fields.IntField()
    test_h72_positive = fields.IntField()
    test_d7_negative = fields.IntField()
    test_d7_positive = fields.IntField()
    test_older_negative = fields.IntField()
    test_older_positive = fields.IntField()
    test_none = fields.IntField()
    doses_0 = fields.IntField()
    doses_1 = fields.IntField()
    doses_2 = fields.IntField()
    doses_3 = fields.IntField()
    doses_4 = fields.IntField()

    class Meta:
        table = "organisation_day"
        unique_together = (("organisation_id", "day"),)


_ADDED: Final = ", ".join(
    f"{name} = organisation_day.{name} + excluded.{name}"
    for name in ("refreshed", "counted", *NAMES)
)
_ADD: Final = f"""
    ON CONFLICT (organisation_id, day) DO UPDATE SET {_ADDED}, refreshed_at = CASE
        WHEN excluded.refreshed_at > organisation_day.refreshed_at
        THEN excluded.refreshed_at ELSE organisation_day.refreshed_at
    END
"""


async def add_to_day(
    row_id: UUID, organisation_id: UUID, day: date, at: datetime, change: Sums
) -> None:
    """Add what changed of a group's shown counts to the day of what it is attached to.

    It locks the day's row, the last one of its transaction but for due work.
    """
    row: dict[str, object] = {"id": row_id, "organisation_id": organisation_id, "day": day}
    row |= {"refreshed_at": at, "refreshed": change.groups, "counted": change.counted}
    row |= dict(zip(NAMES, change.counts, strict=True))
    await insert_rows(OrganisationDay, [row], _ADD)
