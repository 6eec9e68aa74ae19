"""Documents are parsed and validated once: front ends send the same few over and over."""

from collections.abc import Iterator
from typing import Final

from graphql import GraphQLError, OperationDefinitionNode
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.types import ExecutionContext

from app.domain.refusals import BadInput

DOCUMENTS_KEPT: Final = 500


class CachedParsing(ParserCache):
    """Parses a document once; one that doesn't parse is left to the schema to refuse."""

    def __init__(self) -> None:
        super().__init__(maxsize=DOCUMENTS_KEPT)

    def on_parse(self) -> Iterator[None]:
        """Take the cached document. An error raised here would end a stream without an error."""
        context = self.execution_context
        try:
            context.graphql_document = self.cached_parse_document(
                context.query, **context.parse_options
            )
        except GraphQLError:
            context.graphql_document = None
        yield


class CachedValidation(ValidationCache):
    """Validates a document once; each request gets errors of its own to shape."""

    def __init__(self) -> None:
        super().__init__(maxsize=DOCUMENTS_KEPT)

    def on_validate(self) -> Iterator[None]:
        """Take the cached errors, if any."""
        context = self.execution_context
        found = self.cached_validate_document(
            context.schema._schema,  # graphql-core's own schema: there is no public way to it
            context.graphql_document,
            context.validation_rules,
        )
        context.pre_execution_errors = [
            GraphQLError(error.message, error.nodes, original_error=error.original_error)
            for error in found
        ]
        if not found and _is_ambiguous(context):
            context.pre_execution_errors = [
                GraphQLError("unnamed", original_error=BadInput("OPERATION_UNNAMED"))
            ]
        yield


def _is_ambiguous(context: ExecutionContext) -> bool:
    """Whether the document leaves open which of its operations is meant."""
    document = context.graphql_document
    operations = [
        node
        for node in (document.definitions if document else ())
        if isinstance(node, OperationDefinitionNode)
    ]
    # The public ``operation_name`` is the first operation's where the request names none.
    return len(operations) > 1 and context._provided_operation_name is None
