"""``where``: the same conditions on members, their count and anomalies (R15)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from tortoise.expressions import Q

from app.domain.anomalies import AnomalyReason, masks_with_any
from app.domain.health import HealthCode, TestResult
from app.domain.roles import Role
from app.domain.statistics import TestWindow, window_starts
from app.resolvers.rows import condition

_RECORD: Final = "person__record__"


@dataclass(frozen=True, slots=True)
class MemberFilter:
    """Which members are wanted: all that isn't None must hold."""

    health_codes: tuple[HealthCode, ...] | None = None
    anomalous: bool | None = None
    anomaly_reasons: tuple[AnomalyReason, ...] | None = None
    test_windows: tuple[TestWindow, ...] | None = None
    test_results: tuple[TestResult, ...] | None = None
    doses: tuple[int, ...] | None = None
    roles: tuple[Role, ...] | None = None
    student: bool | None = None
    leaving: bool | None = None
    sections: tuple[UUID | None, ...] | None = None  # None among them: who is in none
    within: tuple[UUID, ...] | None = None  # what the viewer is in charge of (R51)


EVERYONE: Final = MemberFilter()


def members_where(where: MemberFilter, now: datetime, prefix: str = "") -> Q:
    """Return the condition of a filter; ``prefix`` leads from an anomaly to its member."""
    of_health = _of_health(where, now, prefix)
    conditions = [
        _code_in(prefix, where.health_codes),
        *of_health,
        _in(f"{prefix}role", where.roles),
        None if where.student is None else condition(f"{prefix}student", where.student),
        _present(f"{prefix}leave_request__id", where.leaving),
        _in_sections(f"{prefix}section_id", where.sections),
        _in(f"{prefix}section_id", where.within),
    ]
    if any(one is not None for one in of_health):
        # Whoever withdrew consent meets no condition on their health (R42).
        conditions.append(condition(f"{prefix}withheld_at__isnull", True))
    return Q(*(one for one in conditions if one is not None))


def tables_behind(where: MemberFilter) -> Iterator[str]:
    """Return the paths from a member to the tables that the condition of a filter looks at."""
    by_record = (where.health_codes, where.test_windows, where.test_results, where.doses)
    if any(values is not None for values in by_record):
        yield "person__record"
    if where.anomalous is not None or where.anomaly_reasons is not None:
        yield "anomaly"
    if where.leaving is not None:
        yield "leave_request"


def _of_health(where: MemberFilter, now: datetime, prefix: str) -> list[Q | None]:
    # From an anomaly's row it is the row itself: Tortoise joins no table to itself.
    anomaly = "" if prefix else "anomaly__"
    record = f"{prefix}{_RECORD}"
    reasons = where.anomaly_reasons
    return [
        _in_any_window(f"{record}newest_result_at", where.test_windows, now),
        _in(f"{record}newest_result", where.test_results),
        _any_of(f"{record}doses", where.doses, 0),
        _in(f"{anomaly}reason_mask", None if reasons is None else masks_with_any(reasons)),
        _present(f"{anomaly}id", where.anomalous),
    ]


def _code_in(prefix: str, codes: Collection[HealthCode] | None) -> Q | None:
    """One of the codes; WITHHELD is who withdrew consent, whatever the record says (R42)."""
    found = _any_of(f"{prefix}{_RECORD}health_code", codes, HealthCode.UNKNOWN)
    if codes is None or found is None:
        return None
    found &= condition(f"{prefix}withheld_at__isnull", True)
    if HealthCode.WITHHELD in codes:
        found |= condition(f"{prefix}withheld_at__isnull", False)
    return found


def _in(column: str, values: Collection[object] | None) -> Q | None:
    return None if values is None else condition(f"{column}__in", values)


def _in_sections(column: str, sections: Collection[UUID | None] | None) -> Q | None:
    if sections is None:
        return None
    listed = condition(f"{column}__in", [one for one in sections if one is not None])
    return listed | condition(f"{column}__isnull", True) if None in sections else listed


def _any_of(column: str, values: Collection[object] | None, missing: object) -> Q | None:
    """Return that it is one of the values; who has no record counts as ``missing``."""
    if values is None:
        return None
    listed = condition(f"{column}__in", values)
    return listed | condition(f"{column}__isnull", True) if missing in values else listed


def _present(column: str, wanted: bool | None) -> Q | None:
    return None if wanted is None else condition(f"{column}__isnull", not wanted)


def _in_any_window(column: str, windows: Collection[TestWindow] | None, now: datetime) -> Q | None:
    if windows is None:
        return None
    parts = [_in_window(column, window, now) for window in windows]
    return Q(*parts, join_type=Q.OR) if parts else Q(id__in=[])


def _in_window(column: str, window: TestWindow, now: datetime) -> Q:
    if window is TestWindow.NONE:
        return condition(f"{column}__isnull", True)
    starts = dict(window_starts(now))
    shorter = [start for start in starts.values() if start > starts.get(window, start)]
    if window is TestWindow.OLDER:
        return condition(f"{column}__lte", min(starts.values()))
    inside = condition(f"{column}__gt", starts[window])
    return inside & condition(f"{column}__lte", min(shorter)) if shorter else inside
