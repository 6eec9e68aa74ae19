"""What operations may cost, in points, and what somebody may spend in a minute.

A point is about what reading and writing one value costs. The schema says by directives how many
a field takes; ``app/schema/costs.py`` adds them up before an operation runs.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

OPERATION_POINTS: Final = 50_000  # one operation; 500 members with 20 fields are about 13,000
REFUSED_POINTS: Final = 100  # what is charged for an operation that never ran
DRY_RUN_POINTS: Final = 1
WINDOW_SECONDS: Final = 60
POINTS_PER_PERSON: Final = 1_000_000  # a minute, unless a setting says otherwise
POINTS_PER_ADDRESS: Final = 20_000_000  # likewise; a school shares one address
SANDBOX_POINTS: Final = 10  # times as many where the sandbox is on

# Weights of what is more than a value at hand.
STATEMENT: Final = 10  # one read of the database
ROW: Final = 4  # one row of a page: read and decrypted
CHANGE: Final = 100  # a transaction
ASKING: Final = 5_000  # a change that asks an outside system what came of a face check
REACHING_OUT: Final = 15_000  # sends SMS or starts work at an outside system: three an operation

# Bounds on the shape of a document, checked before anything else.
TOKENS: Final = 2_000
DEPTH: Final = 12
SELECTIONS: Final = 1_000  # of an operation, its fragments laid out
SAME_FIELD: Final = 100  # aliases of one field in an operation
REPETITIONS: Final = 50  # of a field of one name or alias in one place, fragments laid out
DIRECTIVES: Final = 5  # in one place
IN_LIST: Final = 1_000  # values of one list, in the document or among its variables


@dataclass(frozen=True, slots=True)
class Budget:
    """The points that somebody may spend in the current minute, and how many are left."""

    limit: int
    remaining: int
    resets_at: datetime


def window_of(now: datetime) -> int:
    """Return the number of the minute that a moment is in."""
    return int(now.timestamp()) // WINDOW_SECONDS


@lru_cache(4)  # asked with every operation
def end_of(window: int) -> datetime:
    """Return the moment at which a minute ends and budgets are whole again."""
    return datetime.fromtimestamp((window + 1) * WINDOW_SECONDS, UTC)
