"""What managers look at to know how the group stands: activity, preview, audience, statistics."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.domain.activity import ActivityState, activity_on, last_visit_on, next_scheduled_at
from app.domain.groups import NatValidity
from app.domain.health import HealthCode, TestResult
from app.domain.limits import REPORT_DAYS
from app.domain.refusals import BadInput
from app.domain.reminders import ReminderCondition
from app.domain.statistics import Statistics, TestWindow, add_up
from app.models.members import Membership
from app.models.reports import DayReport, count_tallies, read_statistics
from app.resolvers.accesses import note
from app.resolvers.context import Info
from app.resolvers.members import member_columns, member_row
from app.resolvers.rows import Row
from app.services.health.previews import preview_requirement
from app.services.health.reminders import find_audience


def activity_state(root: Any, info: Info) -> ActivityState:
    """Whether the group is active today (R27)."""
    env = info.context.env
    last_visit = last_visit_on(root.visited_on, env.day_of(root.created_at))
    return activity_on(env.today(), last_visit)


def activity(root: Any, info: Info) -> Row:
    """Resolve ``activity`` (R27)."""
    state = activity_state(root, info)
    return Row(
        "Activity",
        state=state,
        refresh_due=state is ActivityState.INACTIVE,
        last_refreshed_at=root.refreshed_at,
    )


def scheduled_at(root: Any, info: Info) -> Any:
    """The group's next refresh by itself (R24)."""
    return next_scheduled_at(root.id, activity_state(root, info), info.context.env.clock.now())


async def requirement_preview(root: Any, info: Info, nat_validity: NatValidity) -> Row:
    """Resolve ``requirementPreview``: who would turn anomalous, before it is set (R19)."""
    preview = await preview_requirement(info.context.env, root.id, nat_validity)
    return Row(
        "RequirementPreview",
        count=len(preview.turning),
        anomalous_after=preview.anomalous_after,
        member_ids=preview.turning,
        group_id=root.id,
        version=root.version,
    )


async def preview_members(root: Any, info: Info) -> list[Row]:
    """Resolve ``requirementPreview.members``."""
    await note(info, root.group_id, root.version)
    return await _members(info, root.member_ids)


async def _members(info: Info, member_ids: list[UUID]) -> list[Row]:
    columns = member_columns(info)
    rows = await Membership.filter(id__in=member_ids).order_by("joined_at", "id").values(**columns)
    return [member_row(row) for row in rows]


def read_condition(condition: Any) -> ReminderCondition:
    """A ``ReminderCondition`` as it was entered."""
    return ReminderCondition(
        anomalous=bool(condition.anomalous),
        no_negative_within=condition.no_negative_within or NatValidity.NONE,
        health_codes=frozenset(condition.health_codes or ()),
    )


async def reminder_audience(root: Any, info: Info, condition: Any) -> Row:
    """Resolve ``reminderAudience``: the same people that a reminder would go to (R30)."""
    audience = await find_audience(info.context.env, root.id, read_condition(condition))
    return Row(
        "ReminderAudience", count=len(audience.members), already_reminded=len(audience.reminded)
    )


async def statistics(root: Any, info: Info) -> Row:
    """Resolve ``statistics`` now: counted by the database in one statement (R36)."""
    now = info.context.env.clock.now()
    return statistics_row(add_up(await count_tallies(root.id, now)))


def statistics_row(found: Statistics) -> Row:
    """Statistics as the API shows them, with a count for everything that can be."""
    return Row(
        "Statistics",
        total=found.total,
        by_health_code=[
            Row("HealthCodeCount", health_code=code, count=found.codes[code]) for code in HealthCode
        ],
        by_test=[
            Row("TestCount", window=window, result=result, count=found.tests[window, result])
            for window in TestWindow
            for result in _RESULTS[window is TestWindow.NONE]
        ],
        by_doses=[
            Row("DosesCount", doses=doses, count=found.doses[doses])
            for doses in sorted(found.doses)
        ],
    )


_RESULTS: dict[bool, tuple[TestResult | None, ...]] = {
    False: (TestResult.NEGATIVE, TestResult.POSITIVE),
    True: (None,),
}


async def reports(root: Any, info: Info, days: int) -> list[Row]:
    """Resolve ``reports``: today and the days before, newest first (R36)."""
    if not 1 <= days <= REPORT_DAYS:
        raise BadInput("DAYS_OUT_OF_RANGE", most=REPORT_DAYS)
    today = info.context.env.today()
    wanted = [today - timedelta(days=back) for back in range(days)]
    kept = await DayReport.filter(group_id=root.id, day__in=wanted).values(
        "day", "refreshed_at", "statistics"
    )
    found = {row["day"]: row for row in kept}
    return [_report_row(day, found.get(day)) for day in wanted]


def _report_row(day: date, kept: dict[str, Any] | None) -> Row:
    if kept is None:
        return Row("DayReport", date=day, refreshed_at=None, statistics=None)
    return Row(
        "DayReport",
        date=day,
        refreshed_at=kept["refreshed_at"],
        statistics=statistics_row(read_statistics(kept["statistics"])),
    )
