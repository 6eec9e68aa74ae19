"""Random selections of a schema: aliases, fragments, directives, variables, arguments."""

import random
from collections.abc import Collection, Mapping
from typing import Final

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

# What arguments are given, by their names; where others are required the field is left out.
_VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    "first": ("0", "1", "3", "50", "null", "-1", "501"),
    "last": ("1", "2", "null"),
    "search": ('"王"', '"wang"', '"没有"', "null"),
    "exact": ("true", "false", "null"),
    "days": ("1", "7", "null"),
    "natValidity": ("H24", "D7", "NONE"),
    "roles": ("[CREATOR, ADMIN]", "[MEMBER]", "[]", "null"),
    "orderBy": ("{field: NAME}", "{field: TEST_AGE, direction: DESC}", "null"),
    "where": ("{anomalous: true}", "{healthCodes: [RED, UNKNOWN]}", "{doses: [0, 2]}", "null"),
    "condition": ("{anomalous: true}", "{healthCodes: [RED]}", "{}"),
}
_DIRECTIVES: Final = (
    "@include(if: $yes)",
    "@skip(if: $no)",
    "@include(if: $no)",
    "@skip(if: $yes)",
    "@include(if: true)",
)
_MOVING: Final = {"now"}  # two equal queries may differ in it
_VARIABLES: Final = {"id": "ID!", "member": "ID!", "yes": "Boolean!", "no": "Boolean!"}


class Selections:
    """Makes selections of a schema that differ with the seed, and are the same for the same."""

    def __init__(self, schema: GraphQLSchema, seed: int, without: Collection[str] = ()) -> None:
        """``without``: fields that are left out everywhere."""
        self._schema = schema
        self._left_out = _MOVING.union(without)
        self._random = random.Random(seed)
        self._fragments: list[str] = []

    def operation(self, root: str, type_: str, depth: int = 5, kind: str = "query") -> str:
        """Return an operation of a root field such as ``group(id: $id)``, which is of a type.

        With fragments. Of the variables it defines those that it names.
        """
        named = self._schema.type_map[type_]
        assert isinstance(named, GraphQLObjectType | GraphQLInterfaceType)
        body = self._selection(named, depth)
        parts = "\n".join([f"{{ {root} {body} }}", *self._fragments])
        used = [f"${name}: {takes}" for name, takes in _VARIABLES.items() if f"${name}" in parts]
        return f"{kind}({', '.join(used)}) {parts}" if used else f"{kind} {parts}"

    def _selection(self, type_: GraphQLObjectType | GraphQLInterfaceType, depth: int) -> str:
        chance, parts = self._random, ["__typename"] if self._random.random() < 0.2 else []
        fields = [name for name in type_.fields if name not in self._left_out]
        for name in chance.sample(fields, k=min(len(fields), chance.randint(1, 7))):
            part = self._field(name, type_.fields[name], depth)
            if part is not None:
                parts.append(self._dressed(part, type_.name))
        return f"{{ {' '.join(parts or ['__typename'])} }}"

    def _field(self, name: str, field: GraphQLField, depth: int) -> str | None:
        arguments = self._arguments(field)
        if arguments is None:
            return None
        alias = f"{self._random.choice('abc')}_{name}: " if self._random.random() < 0.3 else ""
        if arguments and not alias:
            alias = f"x{self._random.randrange(10**6)}: "  # the same name can't have others
        named = get_named_type(field.type)
        if is_leaf_type(named):
            return f"{alias}{name}{arguments}"
        if depth == 0 or isinstance(named, GraphQLUnionType):
            return None
        assert isinstance(named, GraphQLObjectType | GraphQLInterfaceType)
        if not alias:
            alias = f"y{self._random.randrange(10**6)}: "  # nor what is selected below it merge
        return f"{alias}{name}{arguments} {self._selection(named, depth - 1)}"

    def _arguments(self, field: GraphQLField) -> str | None:
        given: list[str] = []
        for name, argument in field.args.items():
            if name not in _VALUES:
                if is_required_argument(argument):
                    return None
            elif is_required_argument(argument) or self._random.random() < 0.3:
                given.append(f"{name}: {self._random.choice(_VALUES[name])}")
        return f"({', '.join(given)})" if given else ""

    def _dressed(self, part: str, type_: str) -> str:
        """Put a field into a fragment, or under a directive, or leave it as it is."""
        dice = self._random.random()
        if dice < 0.1:
            return f"... on {type_} {{ {part} }}"
        if dice < 0.2:
            name = f"F{len(self._fragments)}_{self._random.randrange(10**6)}"
            self._fragments.append(f"fragment {name} on {type_} {{ {part} }}")
            return f"...{name} {self._random.choice(_DIRECTIVES)}"
        if dice < 0.3:
            return f"... {self._random.choice(_DIRECTIVES)} {{ {part} }}"
        return part
