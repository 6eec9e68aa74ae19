"""What the model knows: people, members and groups, as plain as they come."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

DAY = timedelta(days=1)
ZONE = timezone(timedelta(hours=8))  # Asia/Shanghai has had no other offset in our time
FOREVER = datetime.max.replace(tzinfo=ZONE)
WINDOWS = {"H24": 24, "H48": 48, "H72": 72, "D7": 168}  # hours


@dataclass
class Record:
    """What the provider says of someone."""

    code: str
    tests: list[tuple[datetime | None, str]]  # tested at, result
    doses: int


@dataclass
class Known:
    """What was fetched of someone, and when; ``first`` is when what lay ahead was first fetched."""

    record: Record
    as_of: datetime
    first: dict[tuple[datetime, str], datetime]

    def _results(self) -> list[tuple[datetime, str]]:
        """The tests that have a result, with the time from which each counts (R20)."""
        results = []
        for when, result in self.record.tests:
            if when is None or result == "PENDING":
                continue
            first = self.first.get((when, result), when)
            at_once = result == "POSITIVE" or when <= first + timedelta(minutes=10)
            results.append((min(when, first) if at_once else when, result))
        return results

    def newest(self, now: datetime) -> tuple[datetime, str] | None:
        """The newest result; of two at once the positive (R20)."""
        results = [one for one in self._results() if one[0] <= now]
        return max(results, key=lambda one: (one[0], one[1] == "POSITIVE"), default=None)

    def negative_at(self, now: datetime) -> datetime | None:
        """When the newest negative was."""
        times = [when for when, result in self._results() if result == "NEGATIVE" and when <= now]
        return max(times, default=None)

    def coming(self, now: datetime) -> list[datetime]:
        """When results come to count that don't yet."""
        return [when for when, _ in self._results() if when > now]


@dataclass
class Person:
    """Someone, and what the provider would say of them now (None: it doesn't know them)."""

    number: int
    name: str
    phone: str
    provider: Record | None = None
    known: Known | None = None


@dataclass(eq=False)
class Anomaly:
    """An open anomaly; ``alert_at`` while the group's managers are still to be told.

    ``is_told`` unless a changed requirement alone opened it; ``heard`` are the managers who were.
    Two are never the same, though they say the same.
    """

    reasons: list[str]
    alert_at: datetime | None
    is_told: bool
    heard: set[str] = field(default_factory=set)


@dataclass
class Member:
    """A membership, with the phone by which they are reached (R41)."""

    id: str
    person: Person
    role: str
    joined_at: datetime
    phone: str
    enrolled: bool = False  # by a guardian, whose phone it is
    alerts: bool = True
    alert_time: str | None = None  # at which what can wait is told
    alert_next: datetime = FOREVER
    excuse: tuple[datetime, datetime] | None = None  # from tests
    anomaly: Anomaly | None = None
    leave_due: datetime | None = None
    leave_reason: str = ""
    withheld: bool = False  # consent was withdrawn: nothing of their health is read (R42)


@dataclass
class Former:
    """Someone who is out, as they were."""

    id: str
    name: str
    cause: str
    code: str
    left_at: datetime


@dataclass
class Run:
    """The last refresh run."""

    started_at: datetime
    status: str
    missing: list[str]


@dataclass
class Counted:
    """How one member is counted in a report."""

    code: str
    test: tuple[str, str | None]  # window, result
    doses: int


@dataclass
class Report:
    """A day's last refresh, with the members' ids."""

    at: datetime
    members: dict[str, Counted] = field(default_factory=dict)


@dataclass
class Group:
    """A group as the rules have it."""

    id: str
    number: int
    members: dict[str, Member] = field(default_factory=dict)
    former: list[Former] = field(default_factory=list)
    validity: str = "NONE"
    lists: set[str] = field(default_factory=lambda: {"YELLOW", "UNKNOWN"})
    visited_on: date = date.min
    run: Run | None = None
    last_start: datetime | None = None  # of the last run that didn't fail (R25)
    scheduled_at: datetime = FOREVER
    by_time_alert: datetime | None = None
    judge_at: datetime | None = None  # news wait to be judged
    reports: dict[date, Report] = field(default_factory=dict)
    reminded: dict[int, datetime] = field(default_factory=dict)  # people's numbers: when last
    dissolved: bool = False
    attached: bool = False  # to the one organisation there is (R45)
    colour: str = "GREEN"
    reasons: Counter[str] = field(default_factory=Counter)

    def creator(self) -> Member:
        """Who owns it."""
        return next(one for one in self.members.values() if one.role == "CREATOR")

    def managers(self) -> list[Member]:
        """Creator and admins."""
        return [one for one in self.members.values() if one.role != "MEMBER"]


def local_day(at: datetime) -> date:
    """The day in the configured zone."""
    return at.astimezone(ZONE).date()
