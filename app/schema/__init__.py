"""What the world sees: types, inputs, operations with their rights, errors. Declarations."""

import re
from collections.abc import AsyncGenerator, Callable, Iterable
from typing import Final

from graphql import GraphQLError
from strawberry.exceptions import MissingQueryError
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.schema.schema import StreamResult
from strawberry.types import ExecutionContext, ExecutionResult
from strawberry.types.execution import PreExecutionError
from strawberry.types.graphql import OperationType

from app.domain.refusals import BadInput
from app.resolvers.context import Context
from app.schema.announcing import Announcing
from app.schema.chinese import add_chinese_terms
from app.schema.cost_directives import describe_arguments
from app.schema.documents import PreparedSchema, Preparing
from app.schema.errors import shape_errors
from app.schema.event_runner import EventRunner
from app.schema.manifests import DocumentRules, use_documents
from app.schema.metering import Metering, cost_of_refusal, is_dry_run
from app.schema.mutations import Mutation
from app.schema.queries import Query
from app.schema.repeats import Repeats
from app.schema.scalars import SCALARS
from app.schema.shared_answers import SharingExecutor
from app.schema.subscriptions import Subscription
from app.schema.timing import Timing

_SUGGESTION: Final = re.compile(r" Did you mean [^?]*\?")
_OVER_POST: Final = frozenset({OperationType.QUERY, OperationType.MUTATION})


class GroupCodeSchema(PreparedSchema):
    """The schema, with errors shaped as the API promises."""

    def create_extensions_runner(
        self, execution_context: ExecutionContext, extensions: list[SchemaExtension]
    ) -> EventRunner:
        """Return the runner of one operation's extensions."""
        return EventRunner(execution_context, extensions)

    async def execute(
        self,
        query: str | None,
        variable_values: dict[str, object] | None = None,
        context_value: object = None,
        root_value: object = None,
        operation_name: str | None = None,
        allowed_operation_types: Iterable[OperationType] | None = None,
        operation_extensions: dict[str, object] | None = None,
    ) -> ExecutionResult:
        """Run a query or mutation; what streams goes through ``stream``, unless it isn't run."""
        allowed = _OVER_POST.intersection(allowed_operation_types or OperationType)
        if is_dry_run(operation_extensions) and allowed == _OVER_POST:
            allowed = frozenset(OperationType)
        try:
            return await super().execute(
                self.persisted.text_of(query, operation_extensions),
                variable_values,
                context_value,
                root_value,
                operation_name,
                allowed,
                operation_extensions,
            )
        except InvalidOperationTypeError:
            by_post = OperationType.MUTATION in allowed
            reason = "SUBSCRIPTION_NOT_HERE" if by_post else "ONLY_QUERIES_BY_GET"
            return _never_ran(BadInput(reason), context_value)
        except (BadInput, MissingQueryError, CannotGetOperationTypeError) as error:
            return _never_ran(error, context_value)

    async def stream(
        self,
        query: str | None,
        variable_values: dict[str, object] | None = None,
        context_value: object = None,
        root_value: object = None,
        operation_name: str | None = None,
        operation_extensions: dict[str, object] | None = None,
        allowed_operation_types: Iterable[OperationType] | None = None,
    ) -> StreamResult:
        """Run one operation of a connection that stays open; its context is its own."""
        try:
            query = self.persisted.text_of(query, operation_extensions)
        except BadInput as error:
            return _alone(_never_ran(error, context_value))
        asked = (query, variable_values, context_value, root_value, operation_name)
        if is_dry_run(operation_extensions):
            # Of what isn't run there is one answer, also of a subscription.
            given = (allowed_operation_types, operation_extensions)
            return _alone(await self.execute(*asked, *given))
        return await super().stream(*asked, operation_extensions, allowed_operation_types)

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Give every error its code and its text; log the unexpected ones."""
        if not self.documents.suggestions:  # the library has none for documents, but for variables
            for error in errors:
                error.message = _SUGGESTION.sub("", error.message)
        context = execution_context.context if execution_context else None
        shape_errors(errors, context if isinstance(context, Context) else None)


def _never_ran(error: Exception, context: object) -> ExecutionResult:
    errors = [GraphQLError(str(error), original_error=error)]
    known = context if isinstance(context, Context) else None
    shape_errors(errors, known)
    extensions = cost_of_refusal(known) if known is not None else None
    return PreExecutionError(data=None, errors=errors, extensions=extensions)


async def _alone(result: ExecutionResult) -> AsyncGenerator[ExecutionResult, None]:
    yield result


def build_schema(rules: DocumentRules | None = None, *, compiled: bool = True) -> GroupCodeSchema:
    """Build the schema. Raise ``ManifestError`` when its rules name an unusable manifest.

    ``compiled``: complete plain selections by functions of their own, not by graphql-core, and
    execute once the events that many are told alike.
    """
    extensions: list[type[SchemaExtension] | Callable[[], SchemaExtension]] = [
        Timing,
        Preparing,
        Metering,
        Repeats,
        Announcing,
    ]
    schema = GroupCodeSchema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        extensions=extensions,
        execution_context_class=SharingExecutor if compiled else None,
        config=StrawberryConfig(auto_camel_case=True, scalar_map=SCALARS),
    )
    describe_arguments(schema._schema)
    add_chinese_terms(schema._schema)
    use_documents(schema, rules or DocumentRules())
    return schema
