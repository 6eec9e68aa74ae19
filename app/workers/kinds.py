"""The kinds of work: about what, done by which function, how many at once, how often tried.

One row a kind; how many pieces are done at once, leases and retries are read from here. No kind has
more pieces in hand than its threads, so one that hangs, or has a backlog, holds up no other.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from app.domain.limits import FIRST_FETCH_GRACE
from app.models.due import LEASE, Claim, WorkKind
from app.services.accounts.newcomers import fetch_families, fetch_family
from app.services.groups.attaching import tell_overseen
from app.services.groups.erasure import erase_former, erase_group, erase_old
from app.services.groups.leaves import end_leave
from app.services.groups.members import end_roles
from app.services.groups.rosters import match_roster
from app.services.health.alerts import alert_managers
from app.services.health.digests import send_digest
from app.services.health.excuses import lapse_excuse
from app.services.health.fetching import fetch_people, fetch_person
from app.services.health.judging import judge_group
from app.services.health.own_alerts import alert_at_time
from app.services.health.records import count_record
from app.services.health.refresh import start_refresh
from app.services.health.reminder_schedules import remind_by_schedule
from app.services.health.runs import fail_run, run_refresh
from app.services.kernel.env import SMS_AT_ONCE, Env
from app.services.kernel.unit import Unit
from app.services.sms.outbox import fail_sms, note_messages, requeue_sms
from app.services.sms.sending import send_code, send_sms

_FIRST_PAUSE: Final = timedelta(seconds=5)
_FETCHED_TOGETHER: Final = 16  # people who joined at once: one question is about all of them


@dataclass(frozen=True, slots=True)
class Kind:
    """All there is to know about one kind of work.

    ``subject``: what the id of the work is the id of. ``do``: the function that does it; it
    ends the work itself (``finish``, ``repeat``, ``forget``), may run twice, and raises when it
    is to be tried again. ``do_all``: does several pieces at once, where that takes less than one
    after another; it returns those that are to be tried again, and why. ``threads``: how many
    pieces a process does at once. ``lease``: how long a claim lasts unless it is renewed.
    ``attempts``: how often a piece is claimed before it is dead. A claim whose process was killed
    counts, so there are enough of them to outlast minutes in which processes are killed again and
    again. ``outlasts``: it gives up by itself when an outside system is away too long, which uses
    up no attempts. ``longest_pause``: between attempts.
    ``on_dead``: changes the subject, in the transaction that marks its work as dead.
    ``on_retry``: the same, in the transaction that has dead work tried again; it returns the group
    that shows it.
    """

    subject: str
    do: Callable[[Env, Claim], Awaitable[None]]
    threads: int
    lease: timedelta = LEASE
    attempts: int = 20
    outlasts: bool = False
    longest_pause: timedelta = timedelta(hours=1)
    do_all: Callable[[Env, Sequence[Claim]], Awaitable[Mapping[Claim, Exception]]] | None = None
    on_dead: Callable[[Unit, UUID], Awaitable[None]] | None = None
    on_retry: Callable[[UUID], Awaitable[UUID | None]] | None = None

    def pause_after(self, attempts: int) -> timedelta:
        """Return how long to wait after so many attempts: 5 s, then twice as long each time."""
        return min(_FIRST_PAUSE * (1 << min(attempts - 1, 16)), self.longest_pause)


KINDS: Final[dict[WorkKind, Kind]] = {
    WorkKind.SEND_CODE: Kind(
        "sms",
        send_code,
        threads=4,
        lease=timedelta(seconds=10),  # someone waits to sign in
        outlasts=True,
        longest_pause=timedelta(seconds=20),
        on_dead=fail_sms,
        on_retry=requeue_sms,
    ),
    WorkKind.SEND_SMS: Kind(
        "sms",
        send_sms,
        threads=2 * SMS_AT_ONCE,  # half of them read or end theirs meanwhile
        outlasts=True,
        longest_pause=timedelta(minutes=5),
        on_dead=fail_sms,
        on_retry=requeue_sms,
    ),
    WorkKind.NOTE_MESSAGES: Kind("group", note_messages, threads=1),
    WorkKind.FETCH_PERSON: Kind(
        "person",
        fetch_person,
        threads=_FETCHED_TOGETHER,
        do_all=fetch_people,
        longest_pause=FIRST_FETCH_GRACE / 4,
    ),
    WorkKind.FETCH_FAMILY: Kind(
        "person", fetch_family, threads=_FETCHED_TOGETHER, do_all=fetch_families
    ),
    WorkKind.COUNT_RECORD: Kind("person", count_record, threads=2),
    WorkKind.JUDGE_GROUP: Kind("group", judge_group, threads=4),
    WorkKind.MATCH_ROSTER: Kind("group", match_roster, threads=1),
    WorkKind.ALERT_MANAGERS: Kind("group", alert_managers, threads=2),
    WorkKind.ALERT_AT_TIME: Kind("member", alert_at_time, threads=2),
    WorkKind.REMIND_GROUP: Kind("group", remind_by_schedule, threads=2),
    WorkKind.SEND_DIGEST: Kind("member", send_digest, threads=2),
    WorkKind.START_REFRESH: Kind("group", start_refresh, threads=2),
    WorkKind.RUN_REFRESH: Kind(
        "refresh run",
        run_refresh,
        threads=8,
        longest_pause=timedelta(minutes=1),  # dead before the next run may begin (R25)
        on_dead=fail_run,
    ),
    WorkKind.END_LEAVE: Kind("member", end_leave, threads=2),
    WorkKind.END_EXCUSE: Kind("member", lapse_excuse, threads=1),
    WorkKind.END_ROLES: Kind("person", end_roles, threads=1),
    WorkKind.TELL_OVERSEEN: Kind("group", tell_overseen, threads=1),
    WorkKind.ERASE_FORMER: Kind("former member", erase_former, threads=1),
    WorkKind.ERASE_GROUP: Kind("group", erase_group, threads=1),
    WorkKind.ERASE_OLD: Kind("nothing in particular", erase_old, threads=1),
}
