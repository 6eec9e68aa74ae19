"""Reports: kept at the last refresh of each day, erased after seven days (R36-R38)."""

from collections.abc import Sequence
from uuid import UUID

from app.domain.judging import MemberState
from app.domain.reports import reported
from app.domain.statistics import add_up, tally_of
from app.models.reports import put_day_report
from app.services.kernel.unit import Unit


async def keep_report(unit: Unit, group_id: UUID, members: Sequence[MemberState]) -> None:
    """Keep the group, as this refresh judged it, as the report of the day (R36, R37).

    It replaces the report of an earlier refresh of the day.
    """
    statistics = add_up(tally_of(member, unit.now) for member in members)
    rows = [reported(member) for member in members]
    await put_day_report(unit.new_id(), group_id, unit.today, unit.now, statistics, rows)
