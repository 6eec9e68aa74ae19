"""Reports: which days are kept, and as what they are exported (R36-R38)."""

from datetime import date, timedelta
from enum import StrEnum

from app.domain.limits import REPORT_DAYS


class ReportFormat(StrEnum):
    """What a report is exported as (R37)."""

    XLSX = "XLSX"
    CSV = "CSV"


def first_day_kept(today: date) -> date:
    """Return the oldest day whose report is kept: of today and the six days before (R38)."""
    return today - timedelta(days=REPORT_DAYS - 1)


def is_kept(day: date, today: date) -> bool:
    """Return whether a day may have a report: neither erased yet nor in the future (R36, R38)."""
    return first_day_kept(today) <= day <= today
