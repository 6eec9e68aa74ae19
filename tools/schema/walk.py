"""All that a schema declares, each thing with its coordinate, such as ``Group.members(first:)``."""

from collections.abc import Iterator
from typing import TypeAlias

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLEnumValue,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    is_introspection_type,
    is_specified_directive,
    is_specified_scalar_type,
)

Given: TypeAlias = GraphQLArgument | GraphQLInputField
Fielded: TypeAlias = GraphQLObjectType | GraphQLInterfaceType


def types_of(schema: GraphQLSchema) -> list[GraphQLNamedType]:
    """Return the types that the schema declares itself."""
    return [
        kind
        for kind in schema.type_map.values()
        if not is_introspection_type(kind) and not is_specified_scalar_type(kind)
    ]


def objects_of(schema: GraphQLSchema) -> list[Fielded]:
    """Return the object and interface types."""
    return [kind for kind in types_of(schema) if isinstance(kind, Fielded)]


def fields_of(schema: GraphQLSchema) -> Iterator[tuple[str, str, GraphQLField]]:
    """Yield every field of objects and interfaces: coordinate, name, field."""
    for kind in objects_of(schema):
        for name, field in kind.fields.items():
            yield f"{kind.name}.{name}", name, field


def given_of(schema: GraphQLSchema) -> Iterator[tuple[str, str, Given]]:
    """Yield all that clients give, arguments and input fields: coordinate, name, declaration."""
    for coordinate, _, field in fields_of(schema):
        for name, argument in field.args.items():
            yield f"{coordinate}({name}:)", name, argument
    for kind in types_of(schema):
        if isinstance(kind, GraphQLInputObjectType):
            for name, input_field in kind.fields.items():
                yield f"{kind.name}.{name}", name, input_field


def values_of(schema: GraphQLSchema) -> Iterator[tuple[str, str, GraphQLEnumValue]]:
    """Yield every value of every enum: coordinate, name, value."""
    for kind in types_of(schema):
        if isinstance(kind, GraphQLEnumType):
            for name, value in kind.values.items():
                yield f"{kind.name}.{name}", name, value


def descriptions_of(schema: GraphQLSchema) -> Iterator[tuple[str, str]]:
    """Yield what is said of everything: coordinate and description, empty without one."""
    for kind in types_of(schema):
        yield kind.name, kind.description or ""
    for declared in (fields_of, given_of, values_of):
        for coordinate, _, thing in declared(schema):
            yield coordinate, thing.description or ""
    for directive in schema.directives:
        if is_specified_directive(directive):
            continue
        yield f"@{directive.name}", directive.description or ""
        for name, argument in directive.args.items():
            yield f"@{directive.name}({name}:)", argument.description or ""


def deprecations_of(schema: GraphQLSchema) -> Iterator[tuple[str, str]]:
    """Yield all that is deprecated: coordinate and reason."""
    for declared in (fields_of, given_of, values_of):
        for coordinate, _, thing in declared(schema):
            if thing.deprecation_reason is not None:
                yield coordinate, thing.deprecation_reason
