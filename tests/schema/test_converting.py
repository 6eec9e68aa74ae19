"""Arguments are converted by functions made once as Strawberry converts them, of every field."""

import random
from collections.abc import Iterator
from typing import Any, Final

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    Undefined,
    get_named_type,
    is_leaf_type,
    parse,
)
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField

from app.schema import build_schema
from app.schema.carrying_out import WholeMutation, whole_mutation
from app.schema.completion import CompilingExecutor
from app.schema.converting import Converting

SCHEMA: Final = build_schema()
CORE: Final = SCHEMA._schema
CONVERTER: Final = SCHEMA.schema_converter
SEEDS: Final = range(20)


def fields_with_arguments() -> Iterator[tuple[str, Any]]:
    """Every field of the schema that takes something, by its coordinate."""
    for type_ in CORE.type_map.values():
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__"):
            yield from (
                (f"{type_.name}.{name}", field)
                for name, field in type_.fields.items()
                if field.args
            )


def test_arguments_of_any_kind_are_converted_alike() -> None:
    fields = dict(fields_with_arguments())
    assert len(fields) > 60
    for coordinate, field in fields.items():
        declared = field.extensions["strawberry-definition"]
        assert isinstance(declared, StrawberryField)
        convert = Converting(CONVERTER).arguments(declared.arguments)
        for seed in SEEDS:
            given = _given(random.Random(seed), field.args)
            expected = convert_arguments(
                given, declared.arguments, CONVERTER.scalar_registry, CONVERTER.config
            )
            found = convert(given)
            assert repr(found) == repr(expected), f"{coordinate}, seed {seed}: {given}"


def _given(chance: random.Random, taken: dict[str, Any]) -> dict[str, Any]:
    """Return what graphql-core may give: what isn't required now and then left out."""
    given = {}
    for name, one in taken.items():
        is_required = isinstance(one.type, GraphQLNonNull) and one.default_value is Undefined
        if is_required or chance.random() < 0.6:
            given[one.out_name or name] = _value(chance, one.type)
    return given


def _value(chance: random.Random, type_: GraphQLInputType) -> Any:
    if isinstance(type_, GraphQLNonNull):
        return _some(chance, type_.of_type)
    return None if chance.random() < 0.2 else _some(chance, type_)


def _some(chance: random.Random, type_: GraphQLInputType) -> Any:
    if isinstance(type_, GraphQLList):
        return [_value(chance, type_.of_type) for _ in range(chance.randint(0, 3))]
    if isinstance(type_, GraphQLInputObjectType):
        return _given(chance, type_.fields)
    if isinstance(type_, GraphQLEnumType):
        return chance.choice([value.value for value in type_.values.values()])
    return chance.choice(["one", "two", 3])


ROOT: Final = CORE.mutation_type
assert ROOT is not None


@pytest.mark.parametrize("name", sorted(ROOT.fields))
def test_every_mutation_is_carried_out_by_functions(name: str) -> None:
    """One whose field asks what they don't know would be graphql-core's, unnoticed."""
    assert ROOT is not None
    field = ROOT.fields[name]
    payload = get_named_type(field.type)
    assert isinstance(payload, GraphQLObjectType)
    leaves = [key for key, one in payload.fields.items() if is_leaf_type(get_named_type(one.type))]
    # Nullable, which nobody may ask: so it needs no value here.
    kind = f"($input: {get_named_type(field.args['input'].type)})" if field.args else ""
    given = "(input: $input)" if field.args else ""
    shown = " ".join([*leaves, "errors { code message path }"])
    document = parse(f"mutation{kind} {{ {name}{given} {{ {shown} }} }}")
    executor = CompilingExecutor.build(CORE, document)
    assert isinstance(executor, CompilingExecutor)
    assert isinstance(whole_mutation(executor, CONVERTER), WholeMutation)
