"""After the storm: everything that was answered is there, and nothing that nobody requested."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.events import EventType
from tools.storm.limit_checks import Limits
from tools.storm.recorder import GroupState, Recorder
from tools.storm.report import Check
from tools.storm.rows import Database, Row
from tools.storm.subscribers import Subscriber

_OF_MEMBERS = (
    EventType.MEMBER_JOINED,
    EventType.MEMBER_LEFT,
    EventType.MEMBER_REMOVED,
    EventType.LEAVE_REQUESTED,
    EventType.LEAVE_CANCELLED,
    EventType.REMARK_CHANGED,
    EventType.MEMBER_MOVED,
    EventType.PHONE_CHANGED,
    EventType.CONSENT_WITHDRAWN,
    EventType.ADMIN_APPOINTED,
    EventType.ADMIN_DISMISSED,
)
_OF_GROUPS = (
    EventType.GROUP_CREATED,
    EventType.GROUP_DISSOLVED,
    EventType.GROUP_ATTACHED,
    EventType.GROUP_DETACHED,
)


@dataclass
class Log:
    """The event logs of all groups, and the groups' rows."""

    events: dict[str, list[Row]]
    groups: dict[str, Row]

    def count(self, event: EventType, group_id: str, subject_id: str = "") -> int:
        """Return how often an event is in a group's log."""
        return sum(
            one["type"] == event and subject_id in ("", one["subject_id"])
            for one in self.events.get(group_id, ())
        )


async def read_log(database: Database) -> Log:
    """Read the logs of all groups."""
    events: dict[str, list[Row]] = {}
    sql = "SELECT group_id, seq, type, subject_id, details FROM group_event ORDER BY group_id, seq"
    for row in await database.read(sql):
        events.setdefault(row["group_id"], []).append(row)
    groups = await database.read("SELECT id, name, version, dissolved_at FROM groups")
    return Log(events, {row["id"]: row for row in groups})


def check_log(recorder: Recorder, log: Log) -> Iterator[Check]:
    """Each answered change is in the log, as often as it was answered; no other is."""
    for event in (*_OF_MEMBERS, *_OF_GROUPS):
        yield _check_event(recorder, log, event)
    made = [key for key in recorder.events if key[0] is EventType.INVITATION_CREATED]
    missing = [str(key) for key in made if log.count(*key) != 1]
    yield Check("invitations answered", len(made), len(made) - len(missing), missing)


def _check_event(recorder: Recorder, log: Log, event: EventType) -> Check:
    answered = Counter(
        {key[1:]: number for key, number in recorder.events.items() if key[0] is event}
    )
    logged: Counter[tuple[str, str]] = Counter(
        (group_id, row["subject_id"] or "")
        for group_id, rows in log.events.items()
        for row in rows
        if row["type"] == event
    )
    unseen = Counter(recorder.unseen_joins if event is EventType.MEMBER_JOINED else ())
    for key in [*answered, *logged]:
        if key[1] in recorder.doubtful_members or _is_doubtful(recorder.groups.get(key[0])):
            answered.pop(key, None)
            logged.pop(key, None)
        elif unseen[key[0]] and key not in answered and _is_dissolved(recorder, key[0]):
            unseen[key[0]] -= 1
            logged.pop(key)
    wrong = [
        f"{key}: answered {answered[key]}, logged {logged[key]}"
        for key in {*answered, *logged}
        if answered[key] != logged[key]
    ]
    return Check(f"{event} answered, in the log", answered.total(), logged.total(), wrong)


def _is_doubtful(group: GroupState | None) -> bool:
    return group is not None and group.doubtful


def _is_dissolved(recorder: Recorder, group_id: str) -> bool:
    return group_id in recorder.groups and recorder.groups[group_id].dissolved


def check_numbers(log: Log) -> Check:
    """Each group's events are numbered from 1 to its version, without a gap."""
    wrong = [
        f"{group['name']}: version {group['version']}, numbers {numbers[:3]}…{numbers[-3:]}"
        for group_id, group in log.groups.items()
        for numbers in [[row["seq"] for row in log.events.get(group_id, ())]]
        if numbers != list(range(1, group["version"] + 1))
    ]
    found = sum(map(len, log.events.values()))
    return Check("events without gaps", sum(_versions(log)), found, wrong)


def _versions(log: Log) -> list[int]:
    return [group["version"] for group in log.groups.values()]


def check_subscribers(
    log: Log, subscribers: dict[str, list[Subscriber]], behind: list[str]
) -> Check:
    """Each subscriber that came back with its last number saw each event once."""
    wrong = list(behind)
    for group_id, some in subscribers.items():
        version = log.groups[group_id]["version"]
        for one in some:
            if one.seen != list(range(1, version + 1)) or one.lagged:
                twice = len(one.seen) - len(set(one.seen))
                wrong.append(f"{group_id}: {len(one.seen)} of {version}, {twice} twice")
    expected = sum(len(some) * log.groups[key]["version"] for key, some in subscribers.items())
    seen = sum(len(one.seen) for some in subscribers.values() for one in some)
    return Check("events to subscribers", expected, seen, wrong)


def check_limits(limits: Limits) -> Iterator[Check]:
    """No limit was broken at any moment looked at, and every counter told the truth."""
    highest = f"{limits.people} people, {limits.admins} admins, {limits.owned} owned"
    yield Check("limits (highest seen)", highest, highest, limits.broken)
    yield Check("looks at the counters", limits.looks, limits.looks, limits.wrongs)


def check_answers(recorder: Recorder) -> Check:
    """No answer contradicted an earlier one; nothing stayed unknown is held against it."""
    return Check("answers that can't be", 0, len(recorder.wrongs), recorder.wrongs)


async def check_leaves(database: Database, log: Log) -> Check:
    """Everyone who left is one former member, left once, and is no member any more."""
    former = await database.read("SELECT id, group_id FROM former_member")
    members = {row["id"] for row in await database.read("SELECT id FROM membership")}
    out = (EventType.MEMBER_LEFT, EventType.MEMBER_REMOVED)
    wrong = [
        row["id"]
        for row in former
        if row["id"] in members
        or sum(log.count(event, row["group_id"], row["id"]) for event in out) != 1
    ]
    ends = sum(log.count(event, group_id) for event in out for group_id in log.groups)
    return Check("departures, once each", ends, len(former), wrong)


_ORPHANS = {
    "anomaly": "member_id NOT IN (SELECT id FROM membership)",
    "leave_request": "member_id NOT IN (SELECT id FROM membership)",
    "guardianship": "member_id NOT IN (SELECT id FROM membership)",
    "due_work": """kind = 'END_LEAVE'
        AND subject_id NOT IN (SELECT member_id FROM leave_request)""",
}


async def check_orphans(database: Database) -> Check:
    """Nothing is kept of members who aren't there, and each request has its 24 hours."""
    wrong = []
    for table, condition in _ORPHANS.items():
        sql = f"SELECT COUNT(*) AS count FROM {table} WHERE {condition}"  # noqa: S608
        if count := (await database.read(sql))[0]["count"]:
            wrong.append(f"{count} in {table}")
    waiting = "SELECT COUNT(*) AS count FROM leave_request"
    timed = "SELECT COUNT(*) AS count FROM due_work WHERE kind = 'END_LEAVE'"
    requests, times = [(await database.read(sql))[0]["count"] for sql in (waiting, timed)]
    return Check("leave requests with their end", requests, times, wrong)


async def check_runs(recorder: Recorder, database: Database) -> Check:
    """Every refresh that was answered has ended well."""
    rows = await database.read("SELECT id, status FROM refresh_run")
    ended = {row["id"] for row in rows if row["status"] == "DONE"}
    answered = {run for group in recorder.groups.values() for run in group.runs}
    return Check("refreshes answered, done", len(answered), len(answered & ended))
