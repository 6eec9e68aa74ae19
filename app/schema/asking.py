"""Asking one field of an operation for its value, as it is declared and no other way.

What Strawberry does anew each time that a field is asked is done once here: arguments that stand in
the document are converted once a document, those of variables once an operation; what a resolver is
told of its field is made once an operation. Rights are asked of the declared permission classes.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from inspect import iscoroutinefunction
from operator import attrgetter
from typing import Any, Final, TypeAlias, cast

from graphql import FieldNode, FragmentDefinitionNode, GraphQLField, GraphQLResolveInfo
from graphql.execution.collect_fields import FieldDetailsList
from graphql.execution.values import VariableValues, get_argument_values
from graphql.language import VariableNode, Visitor, visit
from strawberry import Info as StrawberryInfo
from strawberry.extensions import FieldExtension
from strawberry.permission import BasePermission, PermissionExtension
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

from app.resolvers.context import Context, Info
from app.resolvers.selection import Selected
from app.schema.converting import Converting
from app.schema.leaf_completion import NotPlain, Surprise
from app.schema.permissions import FindsViewer, Public

Arguments: TypeAlias = Mapping[str, Any]
_GIVEN: Final = {"root", "info"}  # what a resolver may take beside its arguments


@dataclass(eq=False, slots=True)
class Given:
    """The variables of a query, and what is made of them once, however often they are given."""

    variables: VariableValues
    arguments: dict["AskedField", Arguments] = field(default_factory=dict)
    prepared: dict[object, Any] = field(default_factory=dict)


class Run:
    """One query that is under way: who asks, and with which variables."""

    __slots__ = ("arguments", "context", "infos", "prepared", "variables")

    def __init__(self, context: Context, given: Given) -> None:
        self.context = context
        self.variables = given.variables
        self.arguments = given.arguments
        self.prepared = given.prepared
        self.infos: dict[AskedField, Info] = {}


class _FieldInfo(StrawberryInfo[Context, None]):
    """What a resolver is told of its field; of another question graphql-core knows the answer."""

    def __init__(self, asked: "AskedField", context: Context) -> None:
        self._raw_info = cast("GraphQLResolveInfo[Any]", asked.selected)
        self._field = asked.declared
        self._context = context

    @property
    def context(self) -> Context:
        """Who asks."""
        return self._context


@dataclass(eq=False, slots=True)
class AskedField:
    """A field where an operation selects it."""

    definition: GraphQLField
    declared: StrawberryField
    node: FieldNode
    selected: Selected
    permissions: tuple[BasePermission, ...]
    awaited: bool  # whether the resolver or a right has to be awaited
    _resolve: Callable[..., Any]
    _takes: frozenset[str]
    _convert_given: Callable[[Mapping[str, Any]], dict[str, Any]]
    _constant: Arguments | None = field(init=False, default=None)
    _is_async: bool = field(init=False)

    def __post_init__(self) -> None:
        """Convert the arguments, where they stand in the document."""
        resolver = self.declared.base_resolver
        self._is_async = resolver is not None and resolver.is_async
        if not _names_variables(self.node):
            self._constant = self._convert(VariableValues({}, {}))

    @property
    def constant(self) -> Arguments | None:
        """The arguments that stand in the document; None where variables do."""
        return self._constant

    def arguments(self, run: Run) -> Arguments:
        """Return the arguments as the resolver takes them."""
        if self._constant is not None:
            return self._constant
        found = run.arguments.get(self)
        if found is None:
            found = run.arguments[self] = self._convert(run.variables)
        return found

    def info(self, run: Run) -> Info:
        """Return what the resolver is told."""
        found = run.infos.get(self)
        if found is None:
            found = run.infos[self] = _FieldInfo(self, run.context)
        return found

    def ask(self, run: Run, row: object) -> Any:
        """Return the value of a row, where nothing has to be awaited."""
        for permission in self.permissions:
            allowed = permission.has_permission(row, self.info(run), **self.arguments(run))
            if allowed is not True:
                raise Surprise
        return self._value(run, row)

    async def ask_awaited(self, run: Run, row: object) -> Any:
        """Return the value of a row."""
        if self.permissions:
            await self.demand(run, row)
        value = self._value(run, row)
        return await cast("Awaitable[Any]", value) if self._is_async else value

    async def demand(self, run: Run, row: object) -> None:
        """Raise what the declared permission classes do where they deny the field."""
        for permission in self.permissions:
            allowed = permission.has_permission(row, self.info(run), **self.arguments(run))
            if allowed is not True and (isinstance(allowed, bool) or not await allowed):
                raise Surprise

    def _value(self, run: Run, row: object) -> Any:
        takes = self._takes
        if not takes:  # an attribute
            return self._resolve(row)
        given = self.arguments(run)
        if "info" not in takes:
            return self._resolve(root=row, **given) if "root" in takes else self._resolve(**given)
        if "root" not in takes:
            return self._resolve(info=self.info(run), **given)
        return self._resolve(root=row, info=self.info(run), **given)

    def carried_out(self, info: object, arguments: Arguments) -> Awaitable[object]:
        """Call the operation of a mutation, whose extensions were asked before."""
        acting: Awaitable[object] = self._resolve(info=info, **arguments)
        return acting

    def _convert(self, variables: VariableValues) -> Arguments:
        if not self.definition.args:
            return {}
        converted = self._convert_given(get_argument_values(self.definition, self.node, variables))
        for extension in self.declared.extensions:
            converted = extension.map_arguments(converted)
        return converted


def asked_field(
    definition: GraphQLField,
    details: FieldDetailsList,
    fragments: Mapping[str, FragmentDefinitionNode],
    converter: GraphQLCoreConverter,
) -> AskedField:
    """Return how a field is asked. Raise ``NotPlain`` where only graphql-core can."""
    declared = _declared(definition, details)
    permissions = [
        one
        for extension in declared.extensions
        for one in _permissions(extension)
        if not isinstance(one, Public | FindsViewer)  # these let everyone through
    ]
    resolve, takes = _resolver(declared)
    return AskedField(
        definition,
        declared,
        details[0].node,
        Selected(tuple(one.node for one in details), fragments),
        tuple(permissions),
        declared.is_async or any(iscoroutinefunction(one.has_permission) for one in permissions),
        resolve,
        takes,
        Converting(converter).arguments(declared.arguments),
    )


def asked_mutation(
    definition: GraphQLField,
    details: FieldDetailsList,
    fragments: Mapping[str, FragmentDefinitionNode],
    converter: GraphQLCoreConverter,
) -> AskedField:
    """Return how a mutation is asked, but for what its extensions ask.

    Raise ``NotPlain`` where only graphql-core can.
    """
    declared = _declared(definition, details)
    resolve, takes = _resolver(declared)
    if "info" not in takes or "root" in takes:
        raise NotPlain(definition)
    selected = Selected(tuple(one.node for one in details), fragments)
    convert = Converting(converter).arguments(declared.arguments)
    return AskedField(
        definition, declared, details[0].node, selected, (), True, resolve, takes, convert
    )


def _declared(definition: GraphQLField, details: FieldDetailsList) -> StrawberryField:
    declared = definition.extensions.get("strawberry-definition")
    if not isinstance(declared, StrawberryField):
        raise NotPlain(definition)
    if any(one.fragment_variable_values is not None for one in details):
        raise NotPlain(definition)
    return declared


def _permissions(extension: FieldExtension) -> list[BasePermission]:
    if isinstance(extension, PermissionExtension):
        if extension.fail_silently:
            raise NotPlain(extension)
        return extension.permissions
    if extension.has_resolver:  # any other that does something around the resolver
        raise NotPlain(extension)
    return []


def _resolver(declared: StrawberryField) -> tuple[Callable[..., Any], frozenset[str]]:
    """Return what finds the value, and what it takes; of an attribute it takes the row alone."""
    resolver = declared.base_resolver
    if resolver is None:
        return attrgetter(declared.python_name), frozenset()
    function = resolver.wrapped_func
    named = {one.python_name for one in resolver.arguments}
    takes = frozenset(resolver.signature.parameters)
    if isinstance(function, staticmethod | classmethod) or takes - named - _GIVEN:
        raise NotPlain(declared)
    return function, takes


class _Variables(Visitor):
    found = False

    def enter_variable(self, node: VariableNode, *_: object) -> None:
        self.found = True


def _names_variables(node: FieldNode) -> bool:
    looking = _Variables()
    for argument in node.arguments or ():
        visit(argument, looking)
    return looking.found
