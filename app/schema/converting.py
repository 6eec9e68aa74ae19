"""Arguments as resolvers take them: Strawberry's conversion, by functions made once a field.

Strawberry finds out anew what each value is to become, down to each field of an input. Here that is
found out when a field is first asked. What isn't a list, an input, an enum or a scalar is left to
Strawberry.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING
from typing import Any, TypeAlias

from strawberry.scalars import is_scalar
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.arguments import StrawberryArgument, convert_argument
from strawberry.types.base import (
    StrawberryList,
    StrawberryMaybe,
    StrawberryObjectDefinition,
    StrawberryOptional,
    has_object_definition,
)
from strawberry.types.enum import StrawberryEnumDefinition
from strawberry.types.unset import UNSET

_Convert: TypeAlias = Callable[[Any], Any]


class Converting:
    """Makes the functions, of one schema."""

    def __init__(self, converter: GraphQLCoreConverter) -> None:
        self._config = converter.config
        self._scalars = converter.scalar_registry

    def arguments(
        self, arguments: Sequence[StrawberryArgument]
    ) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
        """Return the function from arguments as graphql-core gives them to those of a resolver."""
        names = self._config.name_converter
        known = [
            (names.from_argument(one), one.python_name, self._of(one.type)) for one in arguments
        ]

        def convert(given: Mapping[str, Any]) -> dict[str, Any]:
            return {name: take(given[shown]) for shown, name, take in known if shown in given}

        return convert

    def _of(self, type_: Any) -> _Convert:
        """Return the function of a type's values, null among them."""
        if isinstance(type_, StrawberryMaybe):
            return self._as_strawberry(type_)
        if isinstance(type_, StrawberryOptional):
            return self._of(type_.of_type)
        if self._is_leaf(type_):
            return _as_it_is
        if isinstance(type_, StrawberryList):
            return _unless_absent(self._list_of(type_.of_type))
        if has_object_definition(type_):
            definition = type_.__strawberry_definition__
            if definition.is_input and definition.from_input is None:
                return _unless_absent(self._input(type_, definition))
        return self._as_strawberry(type_)

    def _list_of(self, type_: Any) -> _Convert:
        take = self._of(type_)
        if take is _as_it_is:
            return list
        return lambda values: [take(value) for value in values]

    def _input(self, made: type, definition: StrawberryObjectDefinition) -> _Convert:
        names = self._config.name_converter
        unsaid = {
            one.python_name: None
            for one in definition.fields
            if one.default_value is MISSING and one.default_factory is MISSING
        }
        known = [
            (
                names.from_field(one),
                one.python_name,
                self._of(one.resolve_type(type_definition=definition)),
            )
            for one in definition.fields
        ]

        def convert(value: Mapping[str, Any]) -> object:
            given: dict[str, Any] = dict(unsaid)
            for shown, name, take in known:
                if shown in value:
                    given[name] = take(value[shown])
            return made(**given)

        return convert

    def _is_leaf(self, type_: Any) -> bool:
        return is_scalar(type_, self._scalars) or isinstance(type_, StrawberryEnumDefinition)

    def _as_strawberry(self, type_: Any) -> _Convert:
        return lambda value: convert_argument(value, type_, self._scalars, self._config)


def _as_it_is(value: Any) -> Any:
    return value


def _unless_absent(convert: _Convert) -> _Convert:
    return lambda value: value if value is None or value is UNSET else convert(value)
