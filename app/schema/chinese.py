"""The Chinese terms of the domain, as descriptions carry them: front ends here speak Chinese.

"A group of an organisation (团体)." The terms are those of the glossary in ARCHITECTURE.md.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final, Protocol

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
)

from app.schema import (
    chinese_everyday,
    chinese_fields,
    chinese_organisations,
    chinese_types,
    chinese_values,
)

TYPES: Final = {**chinese_types.TYPES, **chinese_everyday.TYPES, **chinese_organisations.TYPES}
FIELDS: Final = {**chinese_fields.FIELDS, **chinese_everyday.FIELDS, **chinese_organisations.FIELDS}


class _Described(Protocol):
    description: str | None


def add_chinese_terms(schema: GraphQLSchema) -> None:
    """Have the descriptions of a schema carry their Chinese terms.

    Raise ``LookupError`` for a term of something that isn't in the schema.
    """
    used = set()
    for table, names, described in _everything(schema):
        name = next((name for name in names if name in table), None)
        if name is not None:
            described.description = with_term(described.description or "", table[name])
            used.add(name)
    if unused := {*TYPES, *FIELDS, *_VALUES} - used:
        raise LookupError(f"the schema has none of these: {sorted(unused)}")


def with_term(description: str, term: str) -> str:
    """Return a description with a Chinese term at the end of its first sentence."""
    return re.sub(r"(?=\.(\s|$))|$", f" ({term})", description, count=1)


_VALUES: Final = {
    f"{enum}.{value}": term
    for enum, terms in {
        **chinese_values.VALUES,
        **chinese_everyday.VALUES,
        **chinese_organisations.VALUES,
    }.items()
    for value, term in terms.items()
}


def _everything(
    schema: GraphQLSchema,
) -> Iterator[tuple[Mapping[str, str], tuple[str, ...], _Described]]:
    """Yield all that is described, the table that its term is in, and by which names."""
    for kind in schema.type_map.values():
        yield TYPES, (kind.name,), kind
        if isinstance(kind, GraphQLEnumType):
            for value, described in kind.values.items():
                yield _VALUES, (f"{kind.name}.{value}",), described
        elif isinstance(kind, GraphQLInputObjectType):
            for name, given in kind.fields.items():
                yield FIELDS, (f"{kind.name}.{name}", name), given
        elif isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for name, field in kind.fields.items():
                yield FIELDS, (f"{kind.name}.{name}", name), field
                yield from ((FIELDS, (name,), argument) for name, argument in field.args.items())
