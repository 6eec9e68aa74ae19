"""How long the phases of an operation took, for developers: ``Server-Timing``."""

from collections.abc import Iterator
from time import perf_counter

from strawberry.extensions import SchemaExtension

from app.resolvers.context import Context


class Timing(SchemaExtension):
    """Notes the milliseconds of each phase in contexts that ask for it."""

    def on_parse(self) -> Iterator[None]:
        """Time the parsing."""
        yield from self._timed("parse")

    def on_validate(self) -> Iterator[None]:
        """Time the validation."""
        yield from self._timed("validate")

    def on_execute(self) -> Iterator[None]:
        """Time the execution."""
        yield from self._timed("execute")

    def _timed(self, phase: str) -> Iterator[None]:
        started = perf_counter()
        yield
        context = self.execution_context.context
        if isinstance(context, Context) and context.timings is not None:
            context.timings[phase] = 1000 * (perf_counter() - started)
