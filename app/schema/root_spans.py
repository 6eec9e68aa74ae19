"""A span of each root field of an operation, where the process is traced; else nothing is here."""

from contextlib import AbstractContextManager
from typing import Any

from graphql import GraphQLObjectType
from graphql.execution import Executor
from graphql.execution.collect_fields import FieldDetailsList
from graphql.execution.incremental.incremental_executor import DeliveryGroupMap
from graphql.pyutils import AwaitableOrValue, Path, UndefinedType
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from app.schema.asking import Run
from app.schema.shared_answers import SharingExecutor
from app.schema.showing import ShowAwaited
from app.telemetry import traces


class _RootSpans(Executor[Any]):
    def execute_field(
        self,
        parent_type: GraphQLObjectType,
        source: Any,
        field_details_list: FieldDetailsList,
        path: Path,
        position_context: DeliveryGroupMap | None,
    ) -> AwaitableOrValue[Any] | UndefinedType:
        """Execute a field; a root field that takes time within a span."""
        found = super().execute_field(
            parent_type, source, field_details_list, path, position_context
        )
        if path.prev is not None or not self.is_awaitable(found):
            return found
        awaited, name = found, field_details_list[0].node.name.value

        async def executed() -> Any:
            with _span(name):
                return await awaited

        return executed()


class _TracedSharing(_RootSpans, SharingExecutor):
    """The executor of our own, traced."""


class _TracedPlain(_RootSpans, StrawberryGraphQLCoreExecutionContext):
    """The executor of graphql-core, traced."""


def executor_class(*, compiled: bool) -> type[Executor[Any]]:
    """Return what executes: our own or graphql-core's, traced where the process is."""
    if traces.is_on():
        return _TracedSharing if compiled else _TracedPlain
    return SharingExecutor if compiled else StrawberryGraphQLCoreExecutionContext


def spanned(name: str, show: ShowAwaited) -> ShowAwaited:
    """Return how a root field is shown, within a span where the process is traced."""
    if not traces.is_on():
        return show

    async def shown(run: Run, row: Any) -> Any:
        with _span(name):
            return await show(run, row)

    return shown


def _span(name: str) -> AbstractContextManager[None]:
    return traces.span(f"field {name}", attributes={"graphql.field.name": name})
