"""Due work: everything that must happen later is a row here first, and the rows are the queue.

A process claims rows whose time has come by pushing their ``due_at`` ahead by a lease: if it
dies, the row comes due again by itself. ``stamp`` changes whenever the work is scheduled anew,
so that finishing an older claim never forgets a newer request; ``attempts`` counts the claims
since, so that a claim that lapsed is told from the one that followed.

Work that failed too often is dead: ``dead_at`` and ``error`` say so, and its ``due_at`` is out
of every claim's reach until it is scheduled anew.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence, Set
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
from app.models.inserting import insert_rows
from app.models.statements import dialect, fetch_as, fetch_value

LEASE: Final = timedelta(seconds=30)  # how long a claim lasts unless it is renewed
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
    ALERT_MANAGERS = "ALERT_MANAGERS"
    START_REFRESH = "START_REFRESH"
    RUN_REFRESH = "RUN_REFRESH"
    END_LEAVE = "END_LEAVE"
    END_ROLES = "END_ROLES"
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

    @property
    def key(self) -> str:
        """Return the row's key."""
        return work_key(self.kind, self.subject_id)


@dataclass(frozen=True, slots=True)
class Capacity:
    """How many pieces of one kind a process can begin at once, and how long it keeps each."""

    kind: WorkKind
    pieces: int
    lease: timedelta = LEASE


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
        error = NULL
"""


async def schedule(kind: WorkKind, due_at: datetime, *subject_ids: UUID) -> None:
    """Schedule work on each subject at ``due_at``, or earlier if it was scheduled for earlier.

    Dead work is due again, with no attempt used.
    """
    await schedule_all({(kind, subject_id): due_at for subject_id in subject_ids})


async def schedule_all(times: Mapping[tuple[WorkKind, UUID], datetime]) -> None:
    """Schedule work of several kinds, each piece at its time, as ``schedule`` does."""
    # In the order of the rows' keys, so that no two of these wait in a ring.
    rows = [
        {
            "key": work_key(kind, subject_id),
            "kind": kind.value,
            "subject_id": subject_id,
            "due_at": due_at,
            "attempts": 0,
            "stamp": new_stamp(),
        }
        for (kind, subject_id), due_at in times.items()
    ]
    await insert_rows(DueWork, sorted(rows, key=itemgetter("key")), SCHEDULED_AGAIN)


async def forget(kind: WorkKind, subject_id: UUID) -> None:
    """Forget work that is about to be done by whoever holds the subject's row."""
    await DueWork.filter(key=work_key(kind, subject_id)).delete()


@dataclass(frozen=True, slots=True)
class Taken:
    """What was claimed.

    ``filled``: the kinds of which as much was claimed as had room; there may be more.
    ``next_at``: when the next piece of the others comes due.
    """

    claims: Sequence[Claim]
    filled: Set[WorkKind]
    next_at: datetime | None


# One kind's part of a claim: an index scan that stops after as many rows as may begin.
_DUE_OF_KIND = """
    SELECT * FROM (
        SELECT key, {until} AS until FROM due_work WHERE kind = {kind} AND due_at <= $1
        ORDER BY due_at LIMIT {pieces} {skip_locked}
    ) AS due_{number}
"""
# The first entry of a kind in the index that isn't taken.
_NEXT_OF_KIND = """
    SELECT {kind}, NULL::uuid, NULL::uuid, NULL::int, MIN(due_at) FROM due_work
    WHERE kind = {kind} AND key NOT IN (SELECT key FROM taken)
"""


def claim_statement(kinds: int, *, postgres: bool) -> str:
    """Return the statement that claims of so many kinds, oldest first.

    Parameters: now, then for each kind its name, the end of its lease, and how many pieces.
    ``MATERIALIZED`` has PostgreSQL choose the rows once: it may otherwise run the choice again
    for every row it updates, and take more than may begin. There it returns, beside the claims,
    a row a kind that says when its next piece comes due.
    """
    numbers = range(2, 3 * kinds + 2, 3)
    due = " UNION ALL ".join(
        _DUE_OF_KIND.format(
            number=number,
            kind=f"${number}",
            until=f"${number + 1}::timestamptz" if postgres else f"${number + 1}",
            pieces=f"${number + 2}",
            skip_locked="FOR UPDATE SKIP LOCKED" if postgres else "",
        )
        for number in numbers
    )
    claim = """
        UPDATE due_work SET due_at = until, attempts = attempts + 1
        FROM taken WHERE due_work.key = taken.key
        RETURNING kind, subject_id, stamp, attempts
    """
    if not postgres:
        return f"WITH taken AS MATERIALIZED ({due}) {claim}"
    coming = " UNION ALL ".join(_NEXT_OF_KIND.format(kind=f"${number}::text") for number in numbers)
    return f"""
        WITH taken AS MATERIALIZED ({due}), claimed AS ({claim})
        SELECT kind, subject_id, stamp, attempts, NULL::timestamptz AS next_at FROM claimed
        UNION ALL {coming}
    """


@dataclass(frozen=True, slots=True)
class _Row:
    """A claim, or with ``next_at`` when the next piece of its kind comes due."""

    kind: WorkKind
    subject_id: UUID | None
    stamp: UUID | None
    attempts: int | None
    next_at: datetime | None = None

    @property
    def claim(self) -> Claim | None:
        if self.subject_id is None or self.stamp is None or self.attempts is None:
            return None
        return Claim(self.kind, self.subject_id, self.stamp, self.attempts)


async def take_due(now: datetime, capacities: Sequence[Capacity]) -> Taken:
    """Claim due work up to the capacities, and look when more comes due.

    No two processes claim the same. Of a kind that has no more room nothing more is looked for.
    """
    if not capacities:
        return Taken((), set(), None)
    postgres = dialect() == "postgres"
    values = (value for one in capacities for value in (one.kind, now + one.lease, one.pieces))
    statement = claim_statement(len(capacities), postgres=postgres)
    rows = await fetch_as(_Row, statement, now, *values)
    claims = [claim for row in rows if (claim := row.claim)]
    taken = Counter(claim.kind for claim in claims)
    filled = {one.kind for one in capacities if taken[one.kind] == one.pieces}
    if not postgres:
        others = [one.kind for one in capacities if one.kind not in filled]
        return Taken(claims, filled, await next_due_at(others))
    times = (row.next_at for row in rows if row.next_at and row.kind not in filled)
    return Taken(claims, filled, _unless_never(min(times, default=NEVER)))


async def claim_due(now: datetime, capacities: Sequence[Capacity]) -> list[Claim]:
    """Claim due work up to the capacities; no two processes claim the same."""
    return list((await take_due(now, capacities)).claims)


def next_statement(kinds: int) -> str:
    """Return the statement that finds when the next piece of so many kinds comes due."""
    # The first entry of each kind in the index: one MIN over several kinds reads all of them.
    firsts = " UNION ALL ".join(
        f"SELECT MIN(due_at) AS due_at FROM due_work WHERE kind = ${number}"
        for number in range(1, kinds + 1)
    )
    return f"SELECT MIN(due_at) AS due_at FROM ({firsts}) AS firsts"


async def next_due_at(kinds: Collection[WorkKind] = tuple(WorkKind)) -> datetime | None:
    """Return when the next piece of these kinds comes due; dead work never does."""
    if not kinds:
        return None
    return _unless_never(await fetch_value(datetime, next_statement(len(kinds)), *kinds))


def _unless_never(due_at: datetime | None) -> datetime | None:
    return None if due_at == NEVER else due_at


async def renew(claim: Claim, until: datetime) -> bool:
    """Keep a claim while its work goes on; False when it lapsed or was scheduled anew."""
    return await _rows_of(claim).update(due_at=until) == 1


async def is_awaited(kind: WorkKind, subject_id: UUID, until: datetime) -> bool:
    """Return whether work on a subject comes due by then, is being done, or is dead."""
    rows = DueWork.filter(key=work_key(kind, subject_id))
    return await rows.filter(Q(due_at__lte=until) | Q(attempts__gt=0)).exists()


async def finish(claim: Claim) -> bool:
    """Forget claimed work that is done; False when it was scheduled again meanwhile."""
    return await DueWork.filter(key=claim.key, stamp=claim.stamp).delete() == 1


async def repeat(claim: Claim, at: datetime) -> None:
    """Have work that was done repeated at a later time, with no attempt used."""
    await DueWork.filter(key=claim.key, stamp=claim.stamp).update(due_at=at, attempts=0, error=None)


async def retry(claim: Claim, at: datetime, error: str) -> bool:
    """Have work that failed tried again; False when others have it, or it was scheduled anew."""
    return await _rows_of(claim).update(due_at=at, error=error) == 1


async def park(claim: Claim, now: datetime, error: str) -> bool:
    """Mark work that failed too often as dead; False as for ``retry``."""
    return await _rows_of(claim).update(due_at=NEVER, dead_at=now, error=error) == 1


def _rows_of(claim: Claim) -> QuerySet[DueWork]:
    return DueWork.filter(key=claim.key, stamp=claim.stamp, attempts=claim.attempts)
