"""Due work: everything that must happen later is a row here first.

The tick claims rows whose time has come by pushing their ``due_at`` ahead by a lease: if
the worker dies, the row comes due again by itself. ``stamp`` changes whenever the work is
asked for anew, so that finishing an older claim never forgets a newer request.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid4

from tortoise import Model, fields

from app.models.fields import enum_field
from app.models.statements import dialect, fetch, fetch_as, fetch_value

LEASE: Final = timedelta(seconds=30)  # how long a worker that fell silent keeps its claim


class WorkKind(StrEnum):
    """What there is to do, about the subject whose id the row holds."""

    FETCH_PERSON = "FETCH_PERSON"
    JUDGE_GROUP = "JUDGE_GROUP"
    REFRESH_GROUP = "REFRESH_GROUP"
    SEND_SMS = "SEND_SMS"
    FETCH_FAMILY = "FETCH_FAMILY"
    END_LEAVE = "END_LEAVE"
    ERASE_FORMER = "ERASE_FORMER"
    ERASE_GROUP = "ERASE_GROUP"
    ERASE_OLD = "ERASE_OLD"
    START_REFRESH = "START_REFRESH"
    ALERT_MANAGERS = "ALERT_MANAGERS"


@dataclass(frozen=True, slots=True)
class Claim:
    """One piece of work taken by a worker."""

    kind: WorkKind
    subject_id: UUID
    stamp: UUID
    attempts: int = 1

    @property
    def key(self) -> str:
        """The row's key."""
        return work_key(self.kind, self.subject_id)


class DueWork(Model):
    """One piece of work and when it is due; asked for twice, it is still one."""

    key = fields.CharField(64, primary_key=True)
    kind = enum_field(WorkKind, 16)
    subject_id = fields.UUIDField()
    due_at = fields.DatetimeField(db_index=True)
    attempts = fields.IntField(default=0)
    stamp = fields.UUIDField()

    class Meta:
        table = "due_work"


def work_key(kind: WorkKind, subject_id: UUID) -> str:
    """The key that makes the same work asked for twice one row."""
    return f"{kind}:{subject_id}"


_POSTGRES_CASTS = ("::text", "::timestamptz", "::uuid")
_UPSERT = """
    ON CONFLICT (key) DO UPDATE SET
        due_at = CASE WHEN excluded.due_at < due_work.due_at
                      THEN excluded.due_at ELSE due_work.due_at END,
        attempts = 0,
        stamp = excluded.stamp
"""


async def schedule(kind: WorkKind, due_at: datetime, *subject_ids: UUID) -> None:
    """Ask for work on each subject at ``due_at``, or earlier if that was asked for before."""
    if not subject_ids:
        return
    rows = ", ".join(
        f"(${number}, $1, ${number + 1}, $2, 0, ${number + 2})"
        for number in range(3, 3 * len(subject_ids) + 3, 3)
    )
    await fetch(
        f"INSERT INTO due_work (key, kind, subject_id, due_at, attempts, stamp) VALUES {rows}"
        + _UPSERT,
        kind,
        due_at,
        *(
            value
            for subject_id in sorted(subject_ids)
            for value in (work_key(kind, subject_id), subject_id, uuid4())
        ),
    )


async def schedule_judging(
    due_at: datetime, *, of_person: UUID | None = None, of_group: UUID | None = None
) -> None:
    """Ask that every group be judged that a person is in, or any person of a group (R20).

    One statement, in the order of the rows' keys, so that two of them never deadlock.
    """
    text, time, stamp = ("", "", "") if dialect() == "sqlite" else _POSTGRES_CASTS
    await fetch(
        f"""
        INSERT INTO due_work (key, kind, subject_id, due_at, attempts, stamp)
        SELECT DISTINCT 'JUDGE_GROUP:' || group_id{text}, 'JUDGE_GROUP', group_id,
               $1{time}, 0, $2{stamp}
        FROM membership
        WHERE person_id = $3
           OR person_id IN (SELECT person_id FROM membership WHERE group_id = $4)
        ORDER BY 1
        """
        + _UPSERT,
        due_at,
        uuid4(),
        of_person,
        of_group,
    )


async def forget(kind: WorkKind, subject_id: UUID) -> None:
    """Forget work that is about to be done by whoever holds the subject's row."""
    await DueWork.filter(key=work_key(kind, subject_id)).delete()


async def claim_due(now: datetime, limit: int) -> list[Claim]:
    """Take up to ``limit`` pieces of work that are due, oldest first; no two claim the same."""
    skip_locked = "" if dialect() == "sqlite" else "FOR UPDATE SKIP LOCKED"
    return await fetch_as(
        Claim,
        f"""
        UPDATE due_work SET due_at = $1, attempts = attempts + 1
        WHERE key IN (
            SELECT key FROM due_work WHERE due_at <= $2 ORDER BY due_at LIMIT $3 {skip_locked}
        )
        RETURNING kind, subject_id, stamp, attempts
        """,
        now + LEASE,
        now,
        limit,
    )


async def next_due_at() -> datetime | None:
    """When the next piece of work comes due."""
    return await fetch_value(datetime, "SELECT MIN(due_at) FROM due_work")


async def begin(claim: Claim, now: datetime) -> bool:
    """Renew a claim as its work begins; False when it lapsed in the queue and was taken anew."""
    own = DueWork.filter(key=claim.key, stamp=claim.stamp, attempts=claim.attempts)
    return await own.update(due_at=now + LEASE) == 1


async def finish(claim: Claim) -> bool:
    """Forget claimed work that is done; False when it was asked for again meanwhile."""
    return await DueWork.filter(key=claim.key, stamp=claim.stamp).delete() == 1


async def postpone(claim: Claim, until: datetime) -> None:
    """Keep a claim while its work still goes on, or try it again at ``until``."""
    await DueWork.filter(key=claim.key, stamp=claim.stamp).update(due_at=until)
