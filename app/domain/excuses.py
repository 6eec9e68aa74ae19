"""Excused members: for how long a group asks no test of one, and what that pauses (R20)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.domain.anomalies import AnomalyReason
from app.domain.limits import EXCUSE_LONGEST
from app.domain.refusals import RefusalCode

# What the requirement asks for. A positive result isn't asked for, it is found: it counts always.
PAUSED: Final = frozenset({AnomalyReason.TEST_MISSING, AnomalyReason.TEST_EXPIRED})


@dataclass(frozen=True, slots=True)
class Excuse:
    """From when until when no test is asked of a member; at ``until`` it is again."""

    since: datetime
    until: datetime

    def holds(self, at: datetime) -> bool:
        """Whether they are excused at a moment."""
        return self.since <= at < self.until

    def next_bound(self, after: datetime) -> datetime | None:
        """Return when it begins or ends next, after a moment; None once it is over."""
        return next((bound for bound in (self.since, self.until) if bound > after), None)


def why_no_excuse(excuse: Excuse, now: datetime) -> RefusalCode | None:
    """Return why a member can't be excused so: it is over, turned round, or too far from now."""
    if excuse.until <= max(excuse.since, now) or excuse.until > now + EXCUSE_LONGEST:
        return RefusalCode.PERIOD_INVALID
    return None


def opened_by_its_end(
    reasons: Collection[AnomalyReason],
    excuse: Excuse | None,
    as_of: datetime | None,
    now: datetime,
) -> bool:
    """Return whether an anomaly opened because an excuse ended by time, and nothing else came.

    ``as_of`` is when the provider was last queried.
    """
    if excuse is None or excuse.until > now or not set(reasons) <= PAUSED:
        return False
    return as_of is None or as_of < excuse.until
