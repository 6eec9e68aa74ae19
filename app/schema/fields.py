"""How the fields of the schema are made.

What a resolver returns is a row of the declared type, not an instance of it: Strawberry takes
the field's annotation for the schema, and reads the row's attributes.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Any, Final, TypeAlias, TypeVar, overload

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.extensions import FieldExtension
from strawberry.permission import BasePermission
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from app.domain.costs import CHANGE
from app.domain.quotas import Quota
from app.resolvers.context import Info
from app.resolvers.paging import ConnectionRow, Page
from app.schema.cost_directives import costs, costs_of_page
from app.schema.errors import Payload, RefusalsAsErrors
from app.schema.metered import TakesQuota
from app.schema.permissions import SignedIn

Taken = TypeVar("Taken")
Returned = TypeVar("Returned", bound=Payload)

Arguments: TypeAlias = Mapping[str, Any]  # of a field, as its resolver takes them
# Given the arguments of each time that a field is selected of one object, returns what finds all
# the values in their order. What it makes of the arguments is made once a document.
AtOnce: TypeAlias = Callable[[Sequence[Arguments]], Callable[[Any, Info], Awaitable[list[Any]]]]
AT_ONCE: Final = "at_once"  # the name of it in a field's metadata


def computed(
    resolver: Callable[..., object],
    description: str,
    *rights: type[BasePermission],
    weight: int = 1,
    size: int | None = None,
    by: str | None = None,
    at_once: AtOnce | None = None,
) -> Any:
    """Make a field whose value a resolver finds.

    ``weight``: the points it costs; ``size``: of a list, as how many elements it counts, unless
    the argument ``by`` says it. ``at_once`` finds all values of one object that are selected
    together, exactly as the resolver finds each of them.
    """
    return strawberry.field(
        resolver=resolver,
        description=description,
        permission_classes=list(rights),
        directives=costs(weight, size, by),
        metadata={AT_ONCE: at_once} if at_once else None,
    )


def listed(
    resolver: Callable[..., Awaitable[ConnectionRow[Any]]],
    description: str,
    *rights: type[BasePermission],
) -> Any:
    """Make a field that is a connection; its resolver takes the ``page``, last."""
    return strawberry.field(
        resolver=resolver,
        description=description,
        permission_classes=list(rights),
        extensions=[_Paging()],
        directives=costs_of_page(),
    )


def live(
    resolver: Callable[..., AsyncIterator[object]], right: type[BasePermission], description: str
) -> Any:
    """Make a subscription."""
    return strawberry.subscription(
        resolver=resolver,
        permission_classes=[right],
        description=description,
        directives=costs(CHANGE),
    )


@overload
def mutation(
    operation: Callable[[Info], Awaitable[Returned]],
    takes: None,
    returns: type[Returned],
    right: type[BasePermission],
    description: str,
    weight: int = ...,
    quota: Quota | None = ...,
) -> StrawberryField: ...


@overload
def mutation(
    operation: Callable[[Info, Taken], Awaitable[Returned]],
    takes: type[Taken],
    returns: type[Returned],
    right: type[BasePermission],
    description: str,
    weight: int = ...,
    quota: Quota | None = ...,
) -> StrawberryField: ...


def mutation(
    operation: Callable[..., Awaitable[Payload]],
    takes: type | None,
    returns: type[Payload],
    right: type[BasePermission],
    description: str,
    weight: int = CHANGE,
    quota: Quota | None = None,
) -> StrawberryField:
    """Make a mutation of an operation.

    ``takes`` and ``returns`` repeat what the operation is annotated with, so that the page of
    mutations can be read alone. The payload is nullable: one denial spoils no other mutation.
    ``quota``: what it takes of whoever calls it, once they may. Where everyone who is signed in
    may, that is found along with their quota.
    """
    field: StrawberryField = strawberry.mutation(
        resolver=operation,
        graphql_type=returns | None,
        permission_classes=[right],
        extensions=[RefusalsAsErrors(returns)],
        description=description,
        directives=costs(weight),
    )
    if quota is not None:
        taking = TakesQuota(quota)
        is_first = right is SignedIn and taking.is_of_people
        field.extensions.insert(2 if is_first else 1, taking)  # the last is entered first
    return field


_PAGE: Final = {
    "first": Annotated[
        int | None,
        strawberry.argument(description="How many from the start: 50 unless told, 500 at most."),
    ],
    "after": Annotated[
        str | None, strawberry.argument(description="Only those behind this cursor.")
    ],
    "last": Annotated[
        int | None, strawberry.argument(description="How many from the end, 500 at most.")
    ],
    "before": Annotated[
        str | None, strawberry.argument(description="Only those ahead of this cursor.")
    ],
}


class _Paging(FieldExtension):
    """Gives a field the arguments of every connection, and its resolver a ``page`` of them."""

    def apply(self, field: StrawberryField) -> None:
        """Put the arguments in the place of ``page``; once more for each schema that is built."""
        own = [
            argument
            for argument in field.arguments
            if argument.python_name != "page" and argument.python_name not in _PAGE
        ]
        field.arguments = own + [
            StrawberryArgument(name, None, StrawberryAnnotation(annotation), default=None)
            for name, annotation in _PAGE.items()
        ]

    def map_arguments(self, kwargs: dict[str, Any]) -> dict[str, Any]:
        """Gather what was given into a page."""
        page = Page(**{name: kwargs.pop(name, None) for name in _PAGE})
        return {**kwargs, "page": page}
