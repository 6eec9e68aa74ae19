"""The garbage collector of our processes: rare while they start, past all that stays afterwards."""

import gc
from typing import Final

_THRESHOLDS: Final = (50_000, 4, 4)


def collect_seldom() -> None:
    """Have collections be rare.

    Those of Python's own thresholds take a fifth of a start, in which modules, schema and
    statements are made and next to nothing becomes garbage. A list of 500 people, too, makes more
    objects than they allow for, and no cycles. Connections are cycles: those open at a collection
    wait for one of the older generations.
    """
    gc.set_threshold(*_THRESHOLDS)


def spare_what_stays() -> None:
    """Have the collector pass over all that the process made while it started.

    Modules, schema and statements stay as long as the process does; each full collection would
    go through them again, and hold up what is under way.
    """
    gc.collect()
    gc.freeze()
    gc.collect()  # a full one comes when a quarter is new of what this one finds: next to nothing
    collect_seldom()
