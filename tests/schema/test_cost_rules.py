"""What the schema says of costs: every list has a size, and what reaches out weighs much."""

from graphql import (
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLObjectType,
    GraphQLOutputType,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_introspection_type,
)

from app.domain.costs import OPERATION_POINTS
from app.schema import build_schema
from app.schema.cost_directives import Cost, ListSize

SCHEMA = build_schema()._schema
OUTSIDE = {  # sends SMS, or starts work at an outside system
    "requestVerificationCode",
    "startIdentityVerification",
    "syncRelatives",
    "refreshGroup",
    "sendHealthReminders",
}


def directives(typename: str, name: str) -> list[object]:
    kind = SCHEMA.type_map[typename]
    assert isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)
    definition = kind.fields[name].extensions["strawberry-definition"]
    return list(definition.directives)


def is_list_of_objects(kind: GraphQLOutputType) -> bool:
    return isinstance(get_nullable_type(kind), GraphQLList) and is_composite_type(
        get_named_type(kind)
    )


def test_every_list_of_objects_says_how_many_it_counts_as() -> None:
    unsized = []
    for typename, kind in SCHEMA.type_map.items():
        if is_introspection_type(kind) or typename.endswith("Connection"):
            continue  # the field that leads to a connection says it of both its lists
        if not isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            continue
        for name, field in kind.fields.items():
            to_connection = str(get_named_type(field.type)).endswith("Connection")
            if is_list_of_objects(field.type) or to_connection:
                sizes = [one for one in directives(typename, name) if isinstance(one, ListSize)]
                if len(sizes) != 1 or to_connection != bool(sizes[0].sized_fields):
                    unsized.append(f"{typename}.{name}")
    assert unsized == []


def test_three_mutations_that_reach_out_fit_into_one_operation_and_four_do_not() -> None:
    mutation = SCHEMA.mutation_type
    assert mutation is not None
    weights = {
        name: int(one.weight)
        for name in mutation.fields
        for one in directives("Mutation", name)
        if isinstance(one, Cost)
    }
    assert set(weights) == set(mutation.fields)
    heavy = {name for name, weight in weights.items() if 3 * weight < OPERATION_POINTS < 4 * weight}
    assert heavy == OUTSIDE
    assert min(weights.values()) == 100
