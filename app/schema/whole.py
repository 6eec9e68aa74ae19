"""Whole queries answered by functions that are made once.

What is selected below a value was one function already, where it is plain (``completion.py``). Here
the rest of a query is, too: fields with arguments, with rights, with resolvers that are awaited,
down from the root. A query that is known becomes one tree of functions; fields are asked in the
order and side by side as graphql-core asks them, so that what is read together stays together.

They know no errors: a query is answered without one, or by graphql-core from the beginning, which
has no effect but the time. What isn't understood (unions, introspection) is always graphql-core's.
"""

from collections.abc import Mapping

from graphql import (
    DirectiveNode,
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    VariableNode,
    Visitor,
    visit,
)
from graphql.execution.collect_fields import FieldDetailsList, collect_fields
from strawberry.schema.schema_converter import GraphQLCoreConverter

from app.resolvers.context import Context
from app.schema.asking import AskedField, Given, Run, asked_field
from app.schema.completion import Compiler, CompilingExecutor
from app.schema.errors import payload_class
from app.schema.fields import AT_ONCE
from app.schema.leaf_completion import NotPlain
from app.schema.nodes import Node, is_of_nodes
from app.schema.root_spans import spanned
from app.schema.showing import (
    ShowAtOnce,
    ShowAwaited,
    Shows,
    asked_at_once,
    asked_awaited,
    asked_together,
    by_typename,
    listed_of,
    never_null,
    object_of,
    of_class,
    or_null,
    plainly,
)


class WholeQuery:
    """A query as functions."""

    def __init__(self, shows: Shows) -> None:
        self._show = shows.coming

    async def answer(self, context: Context, given: Given) -> dict[str, object]:
        """Return the data of the answer. Whatever this raises, graphql-core answers then."""
        found: dict[str, object] = await self._show(Run(context, given), None)
        return found


def whole_query(executor: CompilingExecutor, converter: GraphQLCoreConverter) -> WholeQuery:
    """Return the functions of a query. Raise ``NotPlain`` where they can't be made."""
    root = executor.schema.query_type
    assert root is not None
    selected = collect_fields(
        executor.schema, executor.fragments, executor.variable_values, root, executor.operation
    ).grouped_field_set
    maker = Maker(executor, converter)
    return WholeQuery(maker.fields(root, selected))


def switches_of(document: DocumentNode) -> tuple[str, ...]:
    """Return the names of the variables that decide what is selected."""
    looking = _Switches()
    visit(document, looking)
    return tuple(sorted(looking.found))


class _Switches(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        for argument in node.arguments or ():
            if isinstance(argument.value, VariableNode):
                self.found.add(argument.value.name.value)


class Maker:
    """Makes the functions of what an operation selects."""

    def __init__(self, executor: CompilingExecutor, converter: GraphQLCoreConverter) -> None:
        self._executor = executor
        self._plain = Compiler(executor)
        self._converter = converter
        self._fragments: Mapping[str, FragmentDefinitionNode] = executor.fragment_definitions

    def fields(self, type_: GraphQLObjectType, selected: Mapping[str, FieldDetailsList]) -> Shows:
        """Return how what is selected of a row is shown."""
        at_once: dict[str, ShowAtOnce] = {}
        awaited: dict[str, ShowAwaited] = {}
        together: dict[str, list[tuple[str, AskedField, Shows]]] = {}
        for name, details in selected.items():
            field_name = details[0].node.name.value
            try:
                at_once[name] = plainly(self._plain.part(type_, details))
                continue
            except NotPlain:
                pass
            definition = type_.fields.get(field_name)
            if definition is None:
                raise NotPlain(field_name)
            asked = asked_field(definition, details, self._fragments, self._converter)
            below = self.value(definition.type, details)
            if AT_ONCE in asked.declared.metadata:
                together.setdefault(field_name, []).append((name, asked, below))
            elif asked.awaited or below.at_once is None:
                show = asked_awaited(asked, below)
                is_root = type_ is self._executor.schema.query_type
                awaited[name] = spanned(field_name, show) if is_root else show
            else:
                at_once[name] = asked_at_once(asked, below.at_once)
        several = {
            tuple(name for name, _, _ in alike): asked_together(alike)
            for alike in together.values()
        }
        return object_of(list(selected), at_once, awaited, several)

    def value(self, type_: GraphQLOutputType, details: FieldDetailsList) -> Shows:
        """Return how a value of a type is shown."""
        try:
            plain = self._plain.completion(type_, details)
        except NotPlain:
            pass
        else:
            return Shows(plainly(plain))
        if isinstance(type_, GraphQLNonNull):
            return never_null(self.value(type_.of_type, details))
        if isinstance(type_, GraphQLList):
            return listed_of(self.value(type_.of_type, details))
        if isinstance(type_, GraphQLObjectType):
            return self._object_of(type_, details)
        if isinstance(type_, GraphQLInterfaceType) and type_.name == Node.__name__:
            return self._node(type_, details)
        raise NotPlain(type_)

    def _object_of(self, type_: GraphQLObjectType, details: FieldDetailsList) -> Shows:
        is_node, payload = is_of_nodes(type_), payload_class(type_)
        if type_.interfaces and not is_node and payload is None:
            raise NotPlain(type_)
        shows = self.fields(type_, self._plain.collect(type_, details))
        if is_node:
            return by_typename({type_.name: shows})
        return or_null(shows if payload is None else of_class(payload, shows))

    def _node(self, type_: GraphQLInterfaceType, details: FieldDetailsList) -> Shows:
        kinds: dict[str, Shows] = {}
        for kind in self._executor.schema.get_possible_types(type_):
            try:
                kinds[kind.name] = self.fields(kind, self._plain.collect(kind, details))
            except NotPlain:  # graphql-core completes objects of this type
                continue
        return by_typename(kinds)
