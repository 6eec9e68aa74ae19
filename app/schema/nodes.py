"""Nodes and connections, as Relay clients expect them."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Generic, TypeVar

import strawberry
from strawberry.permission import BasePermission

from app.resolvers.context import Info
from app.resolvers.ids import global_id
from app.resolvers.paging import Page
from app.resolvers.rows import Row

T = TypeVar("T")


def computed(resolver: Callable[..., Any], description: str, *rights: type[BasePermission]) -> Any:
    """A field whose value a resolver finds; what it answers is a row of the declared type."""
    return strawberry.field(
        resolver=resolver, description=description, permission_classes=list(rights)
    )


@strawberry.interface(description="Anything with a global id.")
class Node:
    """An object that ``node(id)`` finds again."""

    id: strawberry.ID = computed(global_id, "Opaque, and unique among all objects.")

    @classmethod
    def is_type_of(cls, value: Any, info: Any) -> bool:
        """Tell the types behind the interface apart by the row's marker."""
        return isinstance(value, Row) and value.typename == cls.__name__


@strawberry.type(description="Where a page of a connection stands.")
class PageInfo:
    """Relay's page info."""

    has_next_page: bool = strawberry.field(description="Whether more follow.")
    has_previous_page: bool = strawberry.field(description="Whether some come before.")
    start_cursor: str | None = strawberry.field(description="The first edge's cursor.")
    end_cursor: str | None = strawberry.field(description="The last edge's cursor.")


@strawberry.type(description="A node and its place in the connection.")
class Edge(Generic[T]):
    """Relay's edge."""

    cursor: str = strawberry.field(description="Stays valid while others come and go.")
    node: T = strawberry.field(description="The object itself.")


@strawberry.type(description="A page of a list.")
class Connection(Generic[T]):
    """Relay's connection, with its nodes beside the edges."""

    edges: list[Edge[T]] = strawberry.field(description="The nodes with their cursors.")
    nodes: list[T] = strawberry.field(description="The nodes alone.")
    page_info: PageInfo = strawberry.field(description="Where this page stands.")


First = Annotated[
    int | None,
    strawberry.argument(description="How many from the start: 50 unless told, 500 at most."),
]
After = Annotated[str | None, strawberry.argument(description="Only those behind this cursor.")]
Last = Annotated[int | None, strawberry.argument(description="How many from the end, 500 at most.")]
Before = Annotated[str | None, strawberry.argument(description="Only those ahead of this cursor.")]


def paged(resolver: Callable[..., Awaitable[Row]]) -> Callable[..., Awaitable[Row]]:
    """Give a resolver of a connection the arguments that every connection takes."""

    async def resolve(
        root: strawberry.Parent[Any],
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Row:
        return await resolver(root, info, Page(first, after, last, before))

    return resolve
