"""Reports of the last refresh of a day, kept seven; their counts are kept ninety (R36, R49)."""

from collections.abc import Collection, Sequence
from uuid import UUID

from app.domain.health import HealthCode
from app.domain.judging import MemberState
from app.domain.reports import reported
from app.domain.statistics import add_up, statistics_of, tally_of_reported
from app.models.groups import Group
from app.models.reports import DayReport, dump_statistics, put_day_report, read_member
from app.services.health.counts import keep_day
from app.services.kernel.unit import Unit


async def keep_report(unit: Unit, group: Group, members: Sequence[MemberState]) -> None:
    """Keep the group, as this refresh judged it, as the report of the day (R36, R37).

    It replaces that of an earlier refresh of the day. Its counts remain when it is erased.
    """
    sharing = [one for one in members if one.facts.health_code is not HealthCode.WITHHELD]
    statistics = statistics_of(sharing, unit.now)
    rows = [reported(member) for member in sharing]
    await put_day_report(unit.new_id(), group.id, unit.today, unit.now, statistics, rows)
    await keep_day(unit, group, unit.today, unit.now, statistics)


async def forget_in_reports(unit: Unit, group_id: UUID, member_ids: Collection[UUID]) -> None:
    """Take members out of the reports that are kept of a group, and out of their counts (R42).

    Of earlier days nobody knows any more who was counted.
    """
    group = await Group.get(id=group_id)
    out = set(map(str, member_ids))
    for report in await DayReport.filter(group_id=group_id):
        left = [stored for stored in report.members if stored[0] not in out]
        if len(left) == len(report.members):
            continue
        kept = map(read_member, left)
        found = add_up(tally_of_reported(member, report.refreshed_at) for member in kept)
        report.members = left
        report.statistics = dump_statistics(found)
        await report.save(update_fields=["members", "statistics"])
        await keep_day(unit, group, report.day, report.refreshed_at, found)
