"""Completing leaves: scalars and enums, as graphql-core does, but for what is plainly so."""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, Final, TypeAlias

from graphql import (
    GraphQLEnumType,
    GraphQLLeafType,
    GraphQLNonNull,
    GraphQLOutputType,
    GraphQLScalarType,
)

# From a resolved value to what the answer shows.
Completion: TypeAlias = Callable[[Any], object]

SMALLEST_INT: Final = -(2**31)
LARGEST_INT: Final = 2**31 - 1
# What graphql-core's own scalars return as it is, where it is exactly of this class.
_AS_IT_IS: Final[Mapping[str, type]] = {"String": str, "ID": str, "Boolean": bool}


class NotPlain(Exception):
    """What graphql-core completes, for which no function is made."""


class Surprise(Exception):
    """A value that isn't as its type says: graphql-core says what is wrong with it."""


def class_shown(type_: GraphQLOutputType) -> type | None:
    """Return the class whose values are shown as they are; None where there is none."""
    named = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
    return _AS_IT_IS.get(named.name) if isinstance(named, GraphQLScalarType) else None


def of_null(*, never_null: bool) -> Callable[[], object]:
    """Return what is shown of null: null, or a surprise where it must not be."""
    return _refused if never_null else _shown


def _shown() -> object:
    return None


def _refused() -> object:
    raise Surprise


def leaf_completion(type_: GraphQLLeafType, *, never_null: bool = False) -> Completion:
    """Return the function of a leaf's values, which raises where graphql-core has an error."""
    coerce, null = type_.coerce_output_value, of_null(never_null=never_null)
    if isinstance(type_, GraphQLEnumType):
        return _enum(coerce, null)
    exact = _AS_IT_IS.get(type_.name)

    def plain(value: Any) -> object:
        if value.__class__ is exact:
            return value
        return null() if value is None else _coerced(coerce, value)

    def number(value: Any) -> object:
        if value.__class__ is int and SMALLEST_INT <= value <= LARGEST_INT:
            return value
        return null() if value is None else _coerced(coerce, value)

    def other(value: Any) -> object:
        return null() if value is None else _coerced(coerce, value)

    if exact is not None:
        return plain
    return number if type_.name == "Int" else other


def _enum(coerce: Completion, null: Callable[[], object]) -> Completion:
    names: dict[Enum, str] = {}

    def named(value: Any) -> object:
        if value is None:
            return null()
        if not isinstance(value, Enum):
            return _coerced(coerce, value)
        name = names.get(value)
        if name is None:
            name = names[value] = str(_coerced(coerce, value))
        return name

    return named


def _coerced(coerce: Completion, value: object) -> object:
    coerced = coerce(value)
    if coerced is None:
        raise Surprise
    return coerced
