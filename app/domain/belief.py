"""What of a provider's answer is believed: times that lie ahead, and records that differ (R20)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from app.domain.health import UNDATED, ProviderRecord
from app.domain.ordering import severity_of

CLOCKS_DIFFER_BY: Final = timedelta(minutes=10)  # a time further ahead isn't a clock's fault
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


def believed_at(at: datetime, first_fetched_at: datetime) -> datetime:
    """Return since when something counts that an answer dates ``at``.

    ``first_fetched_at`` is when the first answer that said so was asked for. A clock may run
    ahead: what lies up to ten minutes after that moment counts as of it. What lies further
    ahead doesn't count until its time has come.
    """
    ahead = at - first_fetched_at
    return first_fetched_at if timedelta() < ahead <= CLOCKS_DIFFER_BY else at


def one_record(records: Sequence[ProviderRecord], fetched_at: datetime) -> ProviderRecord:
    """Return what one answer says of a person of whom it holds these records.

    The later code counts, at the same time the worse; a code without a time, or with one that
    isn't believed, comes before all others. Tests and doses are those of all the records.
    """
    if len(records) == 1:
        return records[0]

    def rank(record: ProviderRecord) -> tuple[datetime, int]:
        at = believed_at(record.health_code_at or UNDATED, fetched_at)
        return (at if at <= fetched_at else _LONG_AGO, severity_of(record.health_code))

    return replace(
        max(records, key=rank),
        tests=tuple(dict.fromkeys(test for one in records for test in one.tests)),
        vaccinations=tuple(dict.fromkeys(dose for one in records for dose in one.vaccinations)),
        partly_read=any(one.partly_read for one in records),
    )
