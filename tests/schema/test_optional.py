"""What needn't be given: nullable everywhere, as every generated client sends nulls."""

from collections.abc import Iterator

from graphql import (
    GraphQLArgument,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    NullValueNode,
    build_schema,
    is_non_null_type,
    is_required_argument,
    is_required_input_field,
)

from tests.support.processes import ROOT

SCHEMA = build_schema((ROOT / "schema.graphql").read_text())


def given() -> Iterator[tuple[str, GraphQLArgument | GraphQLInputField]]:
    """Every argument and every field of an input."""
    for name, kind in SCHEMA.type_map.items():
        if name.startswith("__"):
            continue
        if isinstance(kind, GraphQLInputObjectType):
            yield from ((f"{name}.{key}", field) for key, field in kind.fields.items())
        elif isinstance(kind, GraphQLObjectType):
            for key, field in kind.fields.items():
                yield from ((f"{name}.{key}({arg})", one) for arg, one in field.args.items())


def test_nothing_that_can_be_left_out_refuses_null() -> None:
    everything = dict(given())
    assert len(everything) > 150
    required = [
        name
        for name, one in everything.items()
        if (
            is_required_argument(one)
            if isinstance(one, GraphQLArgument)
            else is_required_input_field(one)
        )
    ]
    assert [name for name, one in everything.items() if is_non_null_type(one.type)] == required


def test_what_is_left_out_is_null() -> None:
    optional = {name: one for name, one in given() if not is_non_null_type(one.type)}
    assert len(optional) > 80
    defaults = {name: one.ast_node.default_value for name, one in optional.items() if one.ast_node}
    assert len(defaults) == len(optional)
    assert {type(default) for default in defaults.values()} == {NullValueNode}
