"""What those who run the server are told of each operation: counted, timed, and logged.

Nothing that a client chose is a label; in the log stand the operation's name and its root field,
no variables and no texts.
"""

from contextlib import AbstractContextManager, nullcontext
from time import perf_counter

from strawberry.types import ExecutionResult

from app.resolvers.context import Context
from app.schema.documents import Operation
from app.telemetry import metrics, request_log, traces

_LONGEST_NAME = 60


class Watch:
    """One operation, from its being asked for to its end."""

    __slots__ = ("_began", "operation")

    def __init__(self) -> None:
        self._began = perf_counter()
        self.operation: Operation | None = None  # None: what was asked is none that can be run

    def traced(self) -> AbstractContextManager[None]:
        """Return the span of the operation."""
        if not traces.is_on():
            return nullcontext()
        kind, field = _about(self.operation)
        about = {"graphql.operation.type": kind, "graphql.root_field": field}
        return traces.span(f"{kind} {field}", attributes=about)

    def ended(self, result: ExecutionResult, context: Context | None, points: int) -> None:
        """Tell that it ended, or of a subscription that it began."""
        seconds = perf_counter() - self._began
        kind, field = _about(self.operation)
        outcome = _outcome(result, context)
        metrics.OPERATIONS.add(kind, field, outcome)
        if kind != "subscription":
            metrics.OPERATION_SECONDS.add(seconds, kind, field)
        if context is not None and request_log.is_on():
            name = self.operation.name if self.operation else None
            about: request_log.About = {
                "operation": name[:_LONGEST_NAME] if name else None,
                "type": kind,
                "field": field,
                "points": points,
                "ms": round(1000 * seconds, 2),
                "outcome": outcome,
            }
            request_log.note(context.env.clock.now(), about)


def _about(operation: Operation | None) -> tuple[str, str]:
    """Return an operation's type and its root field."""
    return ("none", "none") if operation is None else operation.about


def _outcome(result: ExecutionResult, context: Context | None) -> str:
    """Return OK, the code of the first error, or that of a mutation's first refusal."""
    for error in result.errors or ():
        return str((error.extensions or {}).get("code", "UNKNOWN"))
    return context.refused_for if context and context.refused_for else "OK"
