"""Documents are parsed, validated and planned once: front ends send the same few over and over."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from graphql import (
    ASTValidationRule,
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    ValidationRule,
    parse,
    print_ast,
    validate,
)
from graphql.validation import recommended_rules, specified_rules
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from app.domain.costs import TOKENS
from app.domain.refusals import BadInput, TooCostly
from app.schema.asking import Given
from app.schema.bounds import check_bounds
from app.schema.carrying_out import WholeMutation
from app.schema.costs import Plan, plan_of
from app.schema.lasting import Lasting, lasting_of
from app.schema.whole import WholeQuery, switches_of

DOCUMENTS_KEPT: Final = 500
LARGEST_KEPT: Final = 32 * 1024  # characters; memory is bounded, too
TOKENS_KEPT: Final = 100_000  # of all that are kept: some 400 bytes each, with what is made of it
MOST_ERRORS: Final = 10
Whole: TypeAlias = WholeQuery | WholeMutation
_Rules = tuple[type[ASTValidationRule], ...]
_RULES: Final[_Rules] = (
    *specified_rules,
    *recommended_rules,
    MaybeNullValidationRule,
    OneOfInputValidationRule,
)


@dataclass(slots=True, eq=False)
class Operation:
    """One operation of a document, and what is known of it once it was asked for."""

    document: DocumentNode
    definition: OperationDefinitionNode
    _plan: Plan | None = None
    _text: str | None = None
    _switches: tuple[str, ...] | None = None
    _lasting: list[Lasting | None] = field(default_factory=list)
    kind: OperationType = field(init=False)  # a query, a mutation or a subscription
    name: str | None = field(init=False)  # that the document gives it
    # What is told of it: its type, and the root field that it begins with, ``many`` for several or
    # a fragment.
    about: tuple[str, str] = field(init=False)
    functions: dict[Hashable, Whole | None] = field(default_factory=dict)
    given: dict[bytes, Given] = field(default_factory=dict)  # of variables as JSON

    def __post_init__(self) -> None:
        """Read off the document what is asked for with every request."""
        definition = self.definition
        self.kind = definition.operation
        self.name = definition.name.value if definition.name else None
        [first, *others] = definition.selection_set.selections
        single = first if isinstance(first, FieldNode) and not others else None
        self.about = self.kind.value, single.name.value if single else "many"

    @property
    def text(self) -> str:
        """Its document as graphql-core prints it: the same, however it was written."""
        if self._text is None:
            self._text = print_ast(self.document)
        return self._text

    def plan(self, schema: GraphQLSchema) -> Plan:
        """Return what it costs; its document is valid."""
        if self._plan is None:
            self._plan = plan_of(schema, self.document, self.definition)
        return self._plan

    def lasting(self, schema: GraphQLSchema) -> Lasting | None:
        """Return what lasts of its answers; None where nothing does."""
        if not self._lasting:
            self._lasting.append(lasting_of(schema, self.document, self.definition))
        return self._lasting[0]

    @property
    def switches(self) -> tuple[str, ...]:
        """The variables that decide what is selected, by ``@include`` and ``@skip``."""
        if self._switches is None:
            self._switches = switches_of(self.document)
        return self._switches


@dataclass(slots=True)
class Prepared:
    """A document that could be parsed, why it can't be run, and its operations by their names."""

    document: DocumentNode
    errors: list[GraphQLError]
    operations: list[Operation]
    tokens: int
    _by_name: dict[str | None, Operation] = field(init=False)

    def __post_init__(self) -> None:
        """Find the operations by their names, and the first by none."""
        self._by_name = {one.name: one for one in reversed(self.operations)}
        if self.operations:
            self._by_name[None] = self.operations[0]

    def operation(self, name: str | None) -> Operation:
        """Return the operation of a name, or the first. Raise ``BadInput`` without one."""
        found = self._by_name.get(name)
        if found is None:
            raise BadInput("OPERATION_MISSING" if name is None else "OPERATION_UNKNOWN")
        return found


def _prepared(document: DocumentNode, errors: list[GraphQLError]) -> Prepared:
    operations = [
        Operation(document, node)
        for node in document.definitions
        if isinstance(node, OperationDefinitionNode)
    ]
    return Prepared(document, errors, operations, _tokens_of(document))


def _tokens_of(document: DocumentNode) -> int:
    token = document.loc.start_token if document.loc else None
    tokens = 0
    while token is not None:
        tokens += 1
        token = token.next
    return tokens


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
        self._tokens_kept = 0
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
                self._keep(text, prepared)
        elif text in self._kept:
            self._kept.move_to_end(text)
        return prepared

    def _keep(self, text: str, prepared: Prepared) -> None:
        self._kept[text] = prepared
        self._tokens_kept += prepared.tokens
        while len(self._kept) > DOCUMENTS_KEPT or self._tokens_kept > TOKENS_KEPT:
            _, oldest = self._kept.popitem(last=False)
            self._tokens_kept -= oldest.tokens

    def _prepare(self, schema: GraphQLSchema, text: str, rules: _Rules) -> Prepared:
        document = parse(text, max_tokens=TOKENS)
        try:
            check_bounds(document)
        except TooCostly as error:
            return _prepared(document, [GraphQLError(str(error), original_error=error)])
        found = validate(
            schema, document, rules, MOST_ERRORS, hide_suggestions=not self.suggestions
        )
        return _prepared(document, found)
