"""Ending several pieces of claimed work at once, by one statement."""

from collections.abc import Sequence
from typing import Final

from app.models.due import Claim
from app.models.statements import dialect, fetch

FINISHED: Final = """
    DELETE FROM due_work WHERE key IN (
        SELECT due_work.key FROM due_work
        JOIN unnest({keys}::text[], {stamps}::uuid[]) AS done(key, stamp)
            ON due_work.key = done.key AND due_work.stamp = done.stamp
        ORDER BY due_work.key FOR UPDATE OF due_work
    )
"""


async def finish_all(claims: Sequence[Claim]) -> None:
    """Forget several pieces of claimed work that are done, as ``finish`` does each."""
    if dialect() == "postgres":
        keys, stamps = [one.key for one in claims], [one.stamp for one in claims]
        await fetch(FINISHED.format(keys="$1", stamps="$2"), keys, stamps)
        return
    pairs, values = pairs_of(claims)
    await fetch(f"DELETE FROM due_work WHERE (key, stamp) IN (VALUES {pairs})", *values)


def pairs_of(claims: Sequence[Claim]) -> tuple[str, Sequence[object]]:
    """Return places for the keys and stamps of claims, as rows of ``VALUES``, and these."""
    pairs = ", ".join(f"(${place}, ${place + 1})" for place in range(1, 2 * len(claims), 2))
    return pairs, [value for one in claims for value in (one.key, one.stamp)]
