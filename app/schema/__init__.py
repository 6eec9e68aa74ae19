"""What the world sees: types, inputs, operations with their rights, errors. Declarations."""

from collections.abc import Sequence
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.extensions import MaxTokensLimiter
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext
from strawberry.types.graphql import OperationType

from app.resolvers.context import Context
from app.schema.costs import CostLimiter
from app.schema.documents import CachedParsing, CachedValidation
from app.schema.errors import shape_errors
from app.schema.mutations import Mutation
from app.schema.queries import Query
from app.schema.subscriptions import Subscription


class GroupCodeSchema(strawberry.Schema):
    """The schema, with errors shaped as the API promises."""

    async def execute(self, query: str | None, *args: Any, **options: Any) -> Any:
        """Run a query or mutation; what streams goes through ``stream``."""
        allowed = set(options.get("allowed_operation_types") or OperationType)
        options["allowed_operation_types"] = allowed - {OperationType.SUBSCRIPTION}
        return await super().execute(query, *args, **options)

    async def stream(self, query: str | None, *args: Any, **options: Any) -> Any:
        """Run one operation of a connection: what it finds out about the viewer is its own."""
        context = options.get("context_value")
        if isinstance(context, Context):
            options["context_value"] = context.alone()
        return await super().stream(query, *args, **options)

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Give every error its code and its text; log the unexpected ones."""
        context: Any = execution_context.context if execution_context else None
        shape_errors(errors, context if isinstance(context, Context) else None)


def build_schema() -> GroupCodeSchema:
    """Build the schema."""
    extensions: Sequence[Any] = [
        lambda: MaxTokensLimiter(max_token_count=2000),
        CostLimiter,
        CachedParsing,
        CachedValidation,
    ]
    return GroupCodeSchema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        extensions=extensions,
        config=StrawberryConfig(auto_camel_case=True),
    )
