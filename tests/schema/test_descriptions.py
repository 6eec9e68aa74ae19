"""What front-end teams read of the schema: everything in it is described."""

from collections.abc import Iterator

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    get_named_type,
    is_introspection_type,
    is_specified_scalar_type,
)

from tests.support.processes import ROOT

SCHEMA = build_schema((ROOT / "schema.graphql").read_text())


def described(schema: GraphQLSchema) -> Iterator[tuple[str, str | None]]:
    """Every type, field, argument and value, with what is said of it."""
    for name, kind in schema.type_map.items():
        if is_introspection_type(kind) or is_specified_scalar_type(kind):
            continue
        yield name, kind.description
        if isinstance(kind, GraphQLEnumType):
            yield from ((f"{name}.{key}", value.description) for key, value in kind.values.items())
        elif isinstance(kind, GraphQLInputObjectType):
            yield from ((f"{name}.{key}", given.description) for key, given in kind.fields.items())
        elif isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for key, field in kind.fields.items():
                yield f"{name}.{key}", field.description
                for argument, given in field.args.items():
                    yield f"{name}.{key}({argument})", given.description


def test_everything_is_described() -> None:
    everything = dict(described(SCHEMA))
    assert len(everything) > 500
    assert [name for name, description in everything.items() if not description] == []


def test_each_way_to_be_refused_says_what_it_means() -> None:
    codes = SCHEMA.type_map["UserErrorCode"]
    assert isinstance(codes, GraphQLEnumType)
    assert codes.values["CONSENT_REQUIRED"].description == (
        "You must agree to the terms first. 须先同意条款。"
    )


def test_no_input_sets_a_persons_health_code() -> None:  # R18
    taking = {
        f"{name}.{key}"
        for name, kind in SCHEMA.type_map.items()
        if isinstance(kind, GraphQLInputObjectType)
        for key, field in kind.fields.items()
        if get_named_type(field.type) is SCHEMA.type_map["HealthCode"]
    }
    # Three say which members are meant; one says which codes a group lists (R19).
    assert taking == {
        "MemberFilter.healthCodes",
        "ReminderCondition.healthCodes",
        "SetReminderScheduleInput.healthCodes",
        "SetRequirementInput.anomalousCodes",
    }
