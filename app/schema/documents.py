"""Documents are parsed, validated and planned once: front ends send the same few over and over."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import strawberry
from graphql import (
    ASTValidationRule,
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    ValidationRule,
    parse,
    validate,
)
from graphql.validation import recommended_rules, specified_rules
from strawberry.extensions import SchemaExtension
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule
from strawberry.types import ExecutionContext

from app.domain.costs import TOKENS
from app.domain.refusals import BadInput, TooCostly
from app.schema.bounds import check_bounds
from app.schema.costs import Plan, plan_of
from app.schema.persisted import PersistedDocuments

DOCUMENTS_KEPT: Final = 500
LARGEST_KEPT: Final = 32 * 1024  # characters; memory is bounded, too
MOST_ERRORS: Final = 10
_Rules = tuple[type[ASTValidationRule], ...]
_RULES: Final[_Rules] = (
    *specified_rules,
    *recommended_rules,
    MaybeNullValidationRule,
    OneOfInputValidationRule,
)


@dataclass(slots=True)
class Prepared:
    """A document that could be parsed, why it can't be run, and what its operations cost."""

    document: DocumentNode
    errors: list[GraphQLError]
    _plans: dict[str | None, Plan] = field(default_factory=dict)

    def plan(self, schema: GraphQLSchema, name: str | None) -> Plan:
        """Return the plan of the operation of a name, or of the only one."""
        if name not in self._plans:
            self._plans[name] = plan_of(schema, self.document, self.operations_of(name)[0])
        return self._plans[name]

    def operations_of(self, name: str | None) -> list[OperationDefinitionNode]:
        """Return the operations of a name, or all where none is named."""
        return [
            node
            for node in self.document.definitions
            if isinstance(node, OperationDefinitionNode)
            and (name is None or (node.name is not None and node.name.value == name))
        ]


class _NoIntrospection(ValidationRule):
    """Refuses to tell the schema."""

    def enter_field(self, node: FieldNode, *_: object) -> None:
        """Refuse the two fields that lead to it."""
        if node.name.value in ("__schema", "__type"):
            refusal = BadInput("INTROSPECTION_OFF")
            self.report_error(GraphQLError(str(refusal), node, original_error=refusal))


class Documents:
    """Prepares documents for one schema, and keeps those that came last."""

    def __init__(self, *, introspection: bool = True, suggestions: bool = True) -> None:
        self._rules = _RULES if introspection else (*_RULES, _NoIntrospection)
        self.suggestions = suggestions
        self._kept: OrderedDict[str, Prepared] = OrderedDict()
        self._stored: dict[str, Prepared] = {}

    def store(self, schema: GraphQLSchema, text: str) -> None:
        """Keep a document for good, which may ask for the schema whatever the rules.

        Raise ``GraphQLError`` when it can't be run.
        """
        prepared = self._prepare(schema, text, _RULES)
        if prepared.errors:
            raise prepared.errors[0]
        self._stored[text] = prepared

    def prepare(self, schema: GraphQLSchema, text: str) -> Prepared:
        """Return a document, prepared. Raise ``GraphQLError`` when it can't be parsed."""
        prepared = self._stored.get(text) or self._kept.get(text)
        if prepared is None:
            prepared = self._prepare(schema, text, self._rules)
            if len(text) <= LARGEST_KEPT:
                self._kept[text] = prepared
                if len(self._kept) > DOCUMENTS_KEPT:
                    self._kept.popitem(last=False)
        elif text in self._kept:
            self._kept.move_to_end(text)
        return prepared

    def _prepare(self, schema: GraphQLSchema, text: str, rules: _Rules) -> Prepared:
        document = parse(text, max_tokens=TOKENS)
        try:
            check_bounds(document)
        except TooCostly as error:
            return Prepared(document, [GraphQLError(str(error), original_error=error)])
        found = validate(
            schema, document, rules, MOST_ERRORS, hide_suggestions=not self.suggestions
        )
        return Prepared(document, found)


class PreparedSchema(strawberry.Schema):
    """A schema with the documents that were prepared for it, and those that have ids."""

    documents: Documents
    persisted: PersistedDocuments


class Preparing(SchemaExtension):
    """Takes documents from those prepared; one that doesn't parse is left to be refused."""

    def on_parse(self) -> Iterator[None]:
        """Take the document. An error raised here would end a stream without an error."""
        context = self.execution_context
        try:
            context.graphql_document = prepared_of(context).document
        except GraphQLError:
            context.parse_options["max_tokens"] = TOKENS  # it is parsed again, for its error
            context.graphql_document = None
        yield

    def on_validate(self) -> Iterator[None]:
        """Take the errors, if any: each request gets some of its own to shape."""
        context = self.execution_context
        prepared = prepared_of(context)
        context.pre_execution_errors = [
            GraphQLError(error.message, error.nodes, original_error=error.original_error)
            for error in prepared.errors
        ]
        # The public ``operation_name`` is the first operation's where the request names none.
        name = context._provided_operation_name
        if not prepared.errors and name is None and len(prepared.operations_of(None)) > 1:
            context.pre_execution_errors = [
                GraphQLError("unnamed", original_error=BadInput("OPERATION_UNNAMED"))
            ]
        yield


def prepared_of(context: ExecutionContext) -> Prepared:
    """Return the document of an operation, prepared."""
    schema = context.schema
    assert isinstance(schema, PreparedSchema)
    # graphql-core's own schema: there is no public way to it.
    return schema.documents.prepare(schema._schema, context.query or "")
