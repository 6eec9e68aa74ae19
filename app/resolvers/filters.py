"""``where``: the same conditions on members, their count and anomalies (R15)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from tortoise.expressions import Q

from app.domain.anomalies import masks_with_any
from app.domain.health import HealthCode
from app.domain.statistics import TestWindow, window_starts


def members_where(where: Any, now: datetime, prefix: str = "") -> Q:
    """The condition of a ``MemberFilter``; ``prefix`` leads from an anomaly to its member."""
    given = {name: getattr(where, name) for name in _CONDITIONS} if where is not None else {}
    return Q(
        *(
            _CONDITIONS[name](prefix, value, now)
            for name, value in given.items()
            if value is not None
        )
    )


def _q(condition: str, value: Any) -> Q:
    conditions: dict[str, Any] = {condition: value}
    return Q(**conditions)


def _any_of(column: str, values: list[Any], missing: Any) -> Q:
    """One of the values; ``missing`` is what someone without a record counts as."""
    listed = _q(f"{column}__in", values)
    return listed | _q(f"{column}__isnull", True) if missing in values else listed


def _in_window(column: str, window: TestWindow, now: datetime) -> Q:
    if window is TestWindow.NONE:
        return _q(f"{column}__isnull", True)
    starts = dict(window_starts(now))
    shorter = [start for other, start in starts.items() if start > starts.get(window, start)]
    if window is TestWindow.OLDER:
        return _q(f"{column}__lte", min(starts.values()))
    inside = _q(f"{column}__gt", starts[window])
    return inside & _q(f"{column}__lte", min(shorter)) if shorter else inside


def _either(parts: list[Q]) -> Q:
    return Q(*parts, join_type=Q.OR) if parts else Q(id__in=[])


def _anomaly(prefix: str) -> str:
    """The way to the anomaly; it is the queried row itself where that one leads to a member.

    Tortoise joins no table to itself.
    """
    return "" if prefix else "anomaly__"


_RECORD: Final = "person__record__"
_CONDITIONS: Final[dict[str, Callable[[str, Any, datetime], Q]]] = {
    "health_codes": lambda prefix, codes, now: _any_of(
        f"{prefix}{_RECORD}health_code", codes, HealthCode.UNKNOWN
    ),
    "test_windows": lambda prefix, windows, now: _either(
        [_in_window(f"{prefix}{_RECORD}newest_result_at", window, now) for window in windows]
    ),
    "test_results": lambda prefix, results, now: _q(f"{prefix}{_RECORD}newest_result__in", results),
    "doses": lambda prefix, doses, now: _any_of(f"{prefix}{_RECORD}doses", doses, 0),
    "anomaly_reasons": lambda prefix, reasons, now: _q(
        f"{_anomaly(prefix)}reason_mask__in", masks_with_any(reasons)
    ),
    "anomalous": lambda prefix, anomalous, now: _q(f"{_anomaly(prefix)}id__isnull", not anomalous),
    "roles": lambda prefix, roles, now: _q(f"{prefix}role__in", roles),
    "student": lambda prefix, student, now: _q(f"{prefix}student", student),
    "leaving": lambda prefix, leaving, now: _q(f"{prefix}leave_request__id__isnull", not leaving),
}
