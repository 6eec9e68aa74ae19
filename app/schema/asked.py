"""What is asked of the schema, and which operations may be asked for in which way."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from graphql import OperationType

Types = Collection[OperationType]
ALL: Final[Types] = frozenset(OperationType)
BY_GET: Final[Types] = frozenset({OperationType.QUERY})
BY_POST: Final[Types] = frozenset({OperationType.QUERY, OperationType.MUTATION})


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks: a document by its text, or by an id among the extensions."""

    query: str | None
    variables: dict[str, object] | None = None
    operation_name: str | None = None
    extensions: dict[str, object] | None = None


def misplaced(types: Types) -> str:
    """Return why an operation of another type than these is refused."""
    if OperationType.SUBSCRIPTION in types:
        return "NO_MUTATION_BY_GET"
    return "SUBSCRIPTION_NOT_HERE" if OperationType.MUTATION in types else "ONLY_QUERIES_BY_GET"
