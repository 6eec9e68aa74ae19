"""Operations announce that they run: whoever sends their results may want to know before."""

from collections.abc import Iterator

from strawberry.extensions import SchemaExtension
from strawberry.types.graphql import OperationType

from app.resolvers.context import Context


class Announcing(SchemaExtension):
    """Tells the context when an operation passed every check, and whether it is a subscription."""

    def on_execute(self) -> Iterator[None]:
        """Announce, then run."""
        execution = self.execution_context
        context = execution.context
        if isinstance(context, Context) and context.on_run is not None:
            context.on_run(execution.operation_type is OperationType.SUBSCRIPTION)
        yield
