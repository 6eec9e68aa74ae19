"""What an operation costs is counted before it runs, and told with its answer.

``extensions.cost`` stands beside each answer; over a connection, beside the first of each
operation. With ``extensions: {"dryRun": true}`` in the request nothing else is answered.
"""

from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from operator import attrgetter
from typing import Final

from app.domain.costs import DRY_RUN_POINTS, OPERATION_POINTS, REFUSED_POINTS, Budget
from app.domain.refusals import RateLimited, TooCostly
from app.domain.times import write_time
from app.resolvers.context import Context
from app.services.kernel.spending import look, spend


def is_dry_run(extensions: dict[str, object] | None) -> bool:
    """Return whether a request only asks what it would cost."""
    return extensions is not None and extensions.get("dryRun") is True


class Bill:
    """What one operation costs, taken off the budgets of who asks; of nobody's, without them."""

    __slots__ = ("_context", "_settled", "points")

    def __init__(self, context: Context | None) -> None:
        self._context = context
        self.points = REFUSED_POINTS
        self._settled = False

    def charge(self, points: int, *, dry_run: bool) -> None:
        """Take the points of a valid operation, or few for asking how many they are.

        Raise ``TooCostly`` for more than one operation may take, ``RateLimited`` when they
        aren't left.
        """
        self.points = points
        if dry_run:
            self._spend(DRY_RUN_POINTS)
        elif points > OPERATION_POINTS:
            raise TooCostly("TOO_MANY_POINTS", points=points, most=OPERATION_POINTS)
        else:
            self._spend(points)

    def told(self) -> dict[str, object]:
        """Return the cost as answers tell it; what came to no more than a refusal costs little."""
        if not self._settled:
            with suppress(RateLimited):
                self._spend(REFUSED_POINTS)
        spending = self._context.spending if self._context else {}
        return {"cost": cost_shown(self.points, spending.values())}

    def _spend(self, points: int) -> None:
        self._settled = True
        context = self._context
        if context is None:
            return
        account = context.claims.account_id if context.claims else None
        try:
            context.spending = spend(context.env, account, context.address, points, context.began)
        except RateLimited:
            context.spending = look(context.env, account, context.address)
            raise


def cost_shown(requested: int, budgets: Iterable[Budget]) -> dict[str, object]:
    """Return ``extensions.cost``: of the budgets, the one with the least left."""
    least = min(budgets, key=attrgetter("remaining"), default=None)
    return {
        "requested": requested,
        "operationLimit": OPERATION_POINTS,
        "limit": least.limit if least else None,
        "remaining": least.remaining if least else None,
        "resetsAt": _written(least.resets_at) if least else None,
    }


_written: Final = lru_cache(4)(write_time)  # ends of minutes, told with every answer
