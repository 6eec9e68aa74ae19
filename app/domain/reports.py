"""Reports: which days are kept, and as what they are exported (R36-R38)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from app.domain.health import HealthCode, TestResult
from app.domain.judging import MemberState
from app.domain.limits import COUNT_DAYS, REPORT_DAYS


class ReportFormat(StrEnum):
    """What a report is exported as (R37)."""

    XLSX = "XLSX"
    CSV = "CSV"


@dataclass(frozen=True, slots=True)
class ReportChoice:
    """Which report is exported: a group's of one day, in a format (R37)."""

    group_id: UUID
    day: date
    format: ReportFormat


@dataclass(frozen=True, slots=True)
class ReportedMember:
    """A member in the report of a day. Name and remark are not kept: they join on export."""

    member_id: UUID
    health_code: HealthCode
    result: TestResult | None
    tested_at: datetime | None
    doses: int


def reported(member: MemberState) -> ReportedMember:
    """Return a member as the report of the day keeps them: code, newest result, doses (R37)."""
    tests = member.facts.tests
    return ReportedMember(
        member_id=member.facts.member_id,
        health_code=member.facts.health_code,
        result=tests.newest_result,
        tested_at=tests.newest_result_at,
        doses=member.doses,
    )


def first_day_kept(today: date) -> date:
    """Return the oldest day whose report is kept: of today and the six days before (R38)."""
    return today - timedelta(days=REPORT_DAYS - 1)


def is_kept(day: date, today: date) -> bool:
    """Return whether a day may have a report: neither erased yet nor in the future (R36, R38)."""
    return first_day_kept(today) <= day <= today


def first_day_counted(today: date) -> date:
    """Return the oldest day whose counts are kept: of ninety days, today among them (R49)."""
    return today - timedelta(days=COUNT_DAYS - 1)
