"""Due work: everything that must happen later is a row here first, and the rows are the queue.

A process claims rows whose time has come by pushing their ``due_at`` ahead by a lease: if it
dies, the row comes due again by itself. ``stamp`` changes whenever the work is scheduled anew,
so that finishing an older claim never forgets a newer request; ``attempts`` counts the claims
since, so that a claim that lapsed is told from the one that followed. ``trace`` is the trace of
whatever scheduled it, which the worker goes on with.

Work that failed too often is dead: ``dead_at`` and ``error`` say so, and its ``due_at`` is out
of every claim's reach until it is scheduled anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from operator import itemgetter
from typing import Final
from uuid import UUID, uuid4

from tortoise import Model, fields
from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from app.models.fields import enum_field
from app.models.inserting import NewRows, insert_rows
from app.telemetry import traces

LEASE: Final = timedelta(seconds=30)  # how long a claim lasts unless it is renewed
TRACE_LENGTH: Final = 55  # of a ``traceparent``
_OF_ONE_TRACE: Final = timedelta(hours=1)  # what is due later has one of its own
NEVER: Final = datetime(9999, 12, 31, tzinfo=UTC)


class WorkKind(StrEnum):
    """What there is to do; ``app/workers/kinds.py`` says about what, and how it is done."""

    SEND_CODE = "SEND_CODE"
    SEND_SMS = "SEND_SMS"
    NOTE_MESSAGES = "NOTE_MESSAGES"
    FETCH_PERSON = "FETCH_PERSON"
    FETCH_FAMILY = "FETCH_FAMILY"
    COUNT_RECORD = "COUNT_RECORD"
    JUDGE_GROUP = "JUDGE_GROUP"
    MATCH_ROSTER = "MATCH_ROSTER"
    ALERT_MANAGERS = "ALERT_MANAGERS"
    ALERT_AT_TIME = "ALERT_AT_TIME"
    REMIND_GROUP = "REMIND_GROUP"
    SEND_DIGEST = "SEND_DIGEST"
    START_REFRESH = "START_REFRESH"
    RUN_REFRESH = "RUN_REFRESH"
    END_LEAVE = "END_LEAVE"
    END_EXCUSE = "END_EXCUSE"
    END_ROLES = "END_ROLES"
    TELL_OVERSEEN = "TELL_OVERSEEN"
    ERASE_FORMER = "ERASE_FORMER"
    ERASE_GROUP = "ERASE_GROUP"
    ERASE_OLD = "ERASE_OLD"


@dataclass(frozen=True, slots=True)
class Claim:
    """One piece of work taken by a process."""

    kind: WorkKind
    subject_id: UUID
    stamp: UUID
    attempts: int = 1
    trace: str | None = None  # of what had it done, as ``traceparent`` has it

    @property
    def key(self) -> str:
        """Return the row's key."""
        return work_key(self.kind, self.subject_id)


class DueWork(Model):
    """One piece of work and when it is due; scheduled twice, it is still one row."""

    key = fields.CharField(64, primary_key=True)
    kind = enum_field(WorkKind, 16)
    subject_id = fields.UUIDField()
    due_at = fields.DatetimeField()
    attempts = fields.IntField(default=0)
    stamp = fields.UUIDField()
    dead_at = fields.DatetimeField(null=True)
    error = fields.CharField(64, null=True)  # the type of the newest failure, never its message
    trace = fields.CharField(TRACE_LENGTH, null=True)  # to be gone on with

    class Meta:
        table = "due_work"
        indexes = (("kind", "due_at"),)


def new_stamp() -> UUID:
    """Return what tells work that is scheduled now from the same scheduled before."""
    return uuid4()


def work_key(kind: WorkKind, subject_id: UUID) -> str:
    """Return the key by which the same work, scheduled twice, is one row."""
    return f"{kind}:{subject_id}"


# What becomes of a row when its work is scheduled anew: the earlier of the two times counts.
SCHEDULED_AGAIN: Final = """
    ON CONFLICT (key) DO UPDATE SET
        due_at = CASE WHEN excluded.due_at < due_work.due_at
                      THEN excluded.due_at ELSE due_work.due_at END,
        attempts = 0,
        stamp = excluded.stamp,
        dead_at = NULL,
        error = NULL,
        trace = excluded.trace
"""


async def schedule(kind: WorkKind, due_at: datetime, *subject_ids: UUID) -> None:
    """Schedule work on each subject at ``due_at``, or earlier if it was scheduled for earlier.

    Dead work is due again, with no attempt used.
    """
    await schedule_all({(kind, subject_id): due_at for subject_id in subject_ids})


async def schedule_all(
    times: Mapping[tuple[WorkKind, UUID], datetime], now: datetime | None = None
) -> None:
    """Schedule work of several kinds, each piece at its time, as ``schedule`` does.

    ``now``: as for ``rows_due``.
    """
    await insert_rows(DueWork, rows_due(times, now), SCHEDULED_AGAIN)


def rows_due(
    times: Mapping[tuple[WorkKind, UUID], datetime], now: datetime | None = None
) -> list[Mapping[str, object]]:
    """Return the rows of work that is scheduled, in the order in which they are locked.

    With ``now``, work that is due soon goes on with the current trace. What comes later doesn't: a
    refresh leads to the next one for ever.
    """
    trace = traces.traceparent() if now is not None else None
    traced_until = now + _OF_ONE_TRACE if now is not None and trace else None
    # In the order of the rows' keys, so that no two of these wait in a ring.
    rows: list[Mapping[str, object]] = [
        {
            "key": work_key(kind, subject_id),
            "kind": kind.value,
            "subject_id": subject_id,
            "due_at": due_at,
            "attempts": 0,
            "stamp": new_stamp(),
            "trace": trace if traced_until and due_at <= traced_until else None,
        }
        for (kind, subject_id), due_at in times.items()
    ]
    return sorted(rows, key=itemgetter("key"))


async def forget(kind: WorkKind, subject_id: UUID, done: Claim | None = None) -> None:
    """Forget work that is about to be done by whoever holds the subject's row.

    ``done``: claimed work that is finished by the same statement.
    """
    forgotten = Q(key=work_key(kind, subject_id))
    if done is not None:
        forgotten |= Q(key=done.key, stamp=done.stamp)
    await DueWork.filter(forgotten).delete()


async def renew(claim: Claim, until: datetime) -> bool:
    """Keep a claim while its work goes on; False when it lapsed or was scheduled anew."""
    return await _rows_of(claim).update(due_at=until) == 1


async def finish(claim: Claim) -> bool:
    """Forget claimed work that is done; False when it was scheduled again meanwhile."""
    return await DueWork.filter(key=claim.key, stamp=claim.stamp).delete() == 1


async def repeat(claim: Claim, at: datetime) -> bool:
    """Have work that was done repeated at a later time, with no attempt used.

    False when it was scheduled again meanwhile.
    """
    rows = DueWork.filter(key=claim.key, stamp=claim.stamp)
    return await rows.update(due_at=at, attempts=0, error=None, trace=None) == 1


# Scheduled meanwhile, the earlier of the two times counts.
_REPEATED: Final = """
    ON CONFLICT (key) DO UPDATE SET
        due_at = CASE WHEN excluded.due_at < due_work.due_at OR excluded.stamp = due_work.stamp
                      THEN excluded.due_at ELSE due_work.due_at END,
        trace = CASE WHEN excluded.stamp = due_work.stamp THEN NULL ELSE due_work.trace END,
        attempts = 0,
        dead_at = NULL,
        error = NULL
"""


def repeated(claim: Claim, at: datetime) -> NewRows:
    """Return a row that has claimed work repeated, or done once more if it was scheduled anew."""
    row = {
        "key": claim.key,
        "kind": claim.kind.value,
        "subject_id": claim.subject_id,
        "due_at": at,
        "attempts": 0,
        "stamp": claim.stamp,
    }
    return NewRows(DueWork, [row], _REPEATED)


async def retry(claim: Claim, at: datetime, error: str, attempts: int | None = None) -> bool:
    """Have work that failed tried again; ``attempts``: as many are used, unless as claimed.

    False when others have it, or it was scheduled anew.
    """
    used = claim.attempts if attempts is None else attempts
    return await _rows_of(claim).update(due_at=at, error=error, attempts=used) == 1


async def park(claim: Claim, now: datetime, error: str) -> bool:
    """Mark work that failed too often as dead; False as for ``retry``."""
    return await _rows_of(claim).update(due_at=NEVER, dead_at=now, error=error) == 1


def _rows_of(claim: Claim) -> QuerySet[DueWork]:
    return DueWork.filter(key=claim.key, stamp=claim.stamp, attempts=claim.attempts)
