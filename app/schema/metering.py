"""What an operation costs is counted before it runs, and told with its answer.

``extensions.cost`` stands beside each answer; over a connection, beside the first of each
operation. With ``extensions: {"dryRun": true}`` in the request nothing else is answered.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.types import ExecutionResult

from app.domain.costs import DRY_RUN_POINTS, OPERATION_POINTS, REFUSED_POINTS, Budget
from app.domain.refusals import RateLimited, TooCostly
from app.domain.times import write_time
from app.resolvers.context import Context
from app.schema.documents import prepared_of
from app.services.kernel.spending import look, spend


def is_dry_run(extensions: dict[str, object] | None) -> bool:
    """Return whether a request only asks what it would cost."""
    return extensions is not None and extensions.get("dryRun") is True


class Metering(SchemaExtension):
    """Refuses operations that cost too much, and takes what the others cost off the budgets."""

    _requested = REFUSED_POINTS
    _settled = False
    _told = False

    def on_operation(self) -> Iterator[None]:
        """Charge a little for what came to no more than a refusal."""
        yield
        self._settle()

    def on_validate(self) -> Iterator[None]:
        """Add up what a valid operation costs, and refuse it if that is too much."""
        context = self.execution_context
        if not context.pre_execution_errors:
            try:
                self._charge()
            except (TooCostly, RateLimited) as refusal:
                context.pre_execution_errors = [GraphQLError(str(refusal), original_error=refusal)]
        yield

    def on_execute(self) -> Iterator[None]:
        """Keep a dry run from running."""
        context = self.execution_context
        if is_dry_run(context.operation_extensions):
            context.result = ExecutionResult(data=None, errors=None)
        yield

    def get_results(self) -> dict[str, object]:
        """Return the cost, once."""
        if self._told:
            return {}
        self._told = True
        self._settle()
        context = self._context
        spending = context.spending if context else {}
        return {"cost": cost_shown(self._requested, spending.values())}

    @property
    def _context(self) -> Context | None:
        """Who asks; nobody where the schema is used by itself."""
        context = self.execution_context.context
        return context if isinstance(context, Context) else None

    def _charge(self) -> None:
        context = self.execution_context
        plan = prepared_of(context).plan(context.schema._schema, context.operation_name)
        self._requested = plan.cost(context.variables)
        if is_dry_run(context.operation_extensions):
            self._spend(DRY_RUN_POINTS)
        elif self._requested > OPERATION_POINTS:
            raise TooCostly("TOO_MANY_POINTS", points=self._requested, most=OPERATION_POINTS)
        else:
            self._spend(self._requested)

    def _settle(self) -> None:
        if not self._settled:
            with suppress(RateLimited):
                self._spend(REFUSED_POINTS)

    def _spend(self, points: int) -> None:
        self._settled = True
        if self._context is not None:
            _spend(self._context, points)


def cost_of_refusal(context: Context) -> dict[str, object]:
    """Charge a little for a request that came to no operation; return its extensions."""
    with suppress(RateLimited):
        _spend(context, REFUSED_POINTS)
    return {"cost": cost_shown(REFUSED_POINTS, context.spending.values())}


def _spend(context: Context, points: int) -> None:
    account = context.claims.account_id if context.claims else None
    try:
        context.spending = spend(context.env, account, context.address, points)
    except RateLimited:
        context.spending = look(context.env, account, context.address)
        raise


def cost_shown(requested: int, budgets: Iterable[Budget]) -> dict[str, object]:
    """Return ``extensions.cost``: of the budgets, the one with the least left."""
    least = min(budgets, key=lambda budget: budget.remaining, default=None)
    return {
        "requested": requested,
        "operationLimit": OPERATION_POINTS,
        "limit": least.limit if least else None,
        "remaining": least.remaining if least else None,
        "resetsAt": write_time(least.resets_at) if least else None,
    }
