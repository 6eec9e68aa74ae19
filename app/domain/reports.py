"""Reports as files (R37)."""

from enum import StrEnum


class ReportFormat(StrEnum):
    """What a report is exported as."""

    XLSX = "XLSX"
    CSV = "CSV"
