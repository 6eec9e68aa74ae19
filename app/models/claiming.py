"""Claiming due work: as much as a process can begin, and looking when more comes due."""

from collections import Counter
from collections.abc import Collection, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from tortoise.expressions import F

from app.models.due import LEASE, NEVER, Claim, DueWork, WorkKind
from app.models.statements import dialect, fetch_as, fetch_value


@dataclass(frozen=True, slots=True)
class Capacity:
    """How many pieces of one kind a process can begin at once, and how long it keeps each."""

    kind: WorkKind
    pieces: int
    lease: timedelta = LEASE


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
    SELECT {kind}, NULL::uuid, NULL::uuid, NULL::int, NULL, MIN(due_at) FROM due_work
    WHERE kind = {kind} AND key NOT IN (SELECT key FROM taken)
"""
_CLAIM = """
    UPDATE due_work SET due_at = until, attempts = attempts + 1
    FROM taken WHERE due_work.key = taken.key
    RETURNING kind, subject_id, stamp, attempts, trace
"""


@cache
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
    if not postgres:
        return f"WITH taken AS MATERIALIZED ({due}) {_CLAIM}"
    coming = " UNION ALL ".join(_NEXT_OF_KIND.format(kind=f"${number}::text") for number in numbers)
    return f"""
        WITH taken AS MATERIALIZED ({due}), claimed AS ({_CLAIM})
        SELECT kind, subject_id, stamp, attempts, trace, NULL::timestamptz AS next_at FROM claimed
        UNION ALL {coming}
    """


@dataclass(frozen=True, slots=True)
class _Row:
    """A claim, or with ``next_at`` when the next piece of its kind comes due."""

    kind: WorkKind
    subject_id: UUID | None
    stamp: UUID | None
    attempts: int | None
    trace: str | None
    next_at: datetime | None = None

    @property
    def claim(self) -> Claim | None:
        if self.subject_id is None or self.stamp is None or self.attempts is None:
            return None
        return Claim(self.kind, self.subject_id, self.stamp, self.attempts, self.trace)


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


async def hand_back(now: datetime, ends: Collection[datetime]) -> None:
    """Have work come due at once whose claims last until these moments, as if nobody had it."""
    claimed = DueWork.filter(kind__in=list(WorkKind), due_at__in=list(ends))
    await claimed.update(due_at=now, attempts=F("attempts") - 1)


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
