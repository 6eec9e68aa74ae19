"""Front ends here speak Chinese: descriptions carry the terms of the domain."""

import re
from collections.abc import Iterator
from typing import Final

from graphql import GraphQLEnumType, GraphQLScalarType, GraphQLSchema

from tools.schema.walk import types_of

_CARRIES: Final = re.compile(r"\(([^()]*[\u4e00-\u9fff][^()]*)\)")
_ROW: Final = re.compile(r"^\| ([^|]+) \| ([^|]*[\u4e00-\u9fff][^|]*) \|", re.MULTILINE)
# What a schema is made of, whatever its domain; inputs of mutations say no more than these.
_MACHINERY: Final = re.compile(
    r"Query|Mutation|Subscription|Node|PageInfo|UserErrorCode|OrderDirection"
    r"|\w+(?:Connection|Edge)|\w*Payload|(?!Person)\w+Input"
)

# Types that the glossary knows by another name.
_IN_GLOSSARY: Final = {
    "AccessRecord": "Access",
    "DayReport": "Report",
    "GroupCreator": "Creator",
    "GroupEvent": "Event",
    "IdentityVerification": "Verification",
    "Me": "Viewer",
    "Message": "Sms",
}


def types_carry_their_term(schema: GraphQLSchema) -> Iterator[str]:
    """Yield the types and values of the domain whose description carries no Chinese term."""
    for kind in types_of(schema):
        if _MACHINERY.fullmatch(kind.name) or isinstance(kind, GraphQLScalarType):
            continue
        if not _CARRIES.search(kind.description or ""):
            yield f"{kind.name} carries no Chinese term (app/schema/chinese_types.py)"
        if isinstance(kind, GraphQLEnumType):
            for name, value in kind.values.items():
                if not _CARRIES.search(value.description or ""):
                    yield f"{kind.name}.{name} carries no Chinese term (chinese_values.py)"


def terms_are_the_glossarys(schema: GraphQLSchema, glossary: str) -> Iterator[str]:
    """Yield the types that the glossary names, and whose description says it otherwise."""
    terms = dict(_terms(glossary))
    for kind in types_of(schema):
        term = terms.get(_IN_GLOSSARY.get(kind.name, kind.name))
        if term is not None and f"({term})" not in (kind.description or ""):
            yield f"{kind.name} is {term} in the glossary, and not in its description"


def _terms(glossary: str) -> Iterator[tuple[str, str]]:
    """Yield the Chinese term under the name that a type of this English term has."""
    for row in _ROW.finditer(glossary):
        english, chinese = row[1].split(", "), row[2].strip().split("、")
        if len(chinese) == 1:
            chinese *= len(english)
        for term, said in zip(english, chinese, strict=True):
            yield term.title().replace(" ", ""), said
