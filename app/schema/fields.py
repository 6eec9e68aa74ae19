"""How the fields of the schema are made."""

from collections.abc import Awaitable, Callable
from typing import TypeVar, overload

import strawberry
from strawberry.permission import BasePermission
from strawberry.types.field import StrawberryField

from app.resolvers.context import Info
from app.schema.errors import RefusalsAsErrors
from app.schema.payloads import Payload

Taken = TypeVar("Taken")
Returned = TypeVar("Returned", bound=Payload)


@overload
def mutation(
    operation: Callable[[Info], Awaitable[Returned]],
    takes: None,
    returns: type[Returned],
    right: type[BasePermission],
    description: str,
) -> StrawberryField: ...


@overload
def mutation(
    operation: Callable[[Info, Taken], Awaitable[Returned]],
    takes: type[Taken],
    returns: type[Returned],
    right: type[BasePermission],
    description: str,
) -> StrawberryField: ...


def mutation(
    operation: Callable[..., Awaitable[Payload]],
    takes: type | None,
    returns: type[Payload],
    right: type[BasePermission],
    description: str,
) -> StrawberryField:
    """Make a mutation of an operation.

    ``takes`` and ``returns`` repeat what the operation is annotated with, so that the page of
    mutations can be read alone. The payload is nullable: one denial spoils no other mutation.
    """
    field: StrawberryField = strawberry.mutation(
        resolver=operation,
        graphql_type=returns | None,
        permission_classes=[right],
        extensions=[RefusalsAsErrors(returns)],
        description=description,
    )
    return field
