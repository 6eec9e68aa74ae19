"""Nodes and connections, as Relay clients expect them."""

from typing import Generic, TypeVar

import strawberry
from graphql import GraphQLObjectType

from app.resolvers.ids import global_id
from app.schema.fields import computed

T = TypeVar("T")


@strawberry.interface(description="Anything with a global id.")
class Node:
    id: strawberry.ID = computed(global_id, "Opaque, and unique among all objects.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        """Tell the types behind the interface apart by the row's ``typename``."""
        return getattr(value, "typename", None) == cls.__name__


@strawberry.type(description="Where a page is in the whole list.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether more follow.")
    has_previous_page: bool = strawberry.field(description="Whether some come before.")
    start_cursor: str | None = strawberry.field(description="The first edge's cursor.")
    end_cursor: str | None = strawberry.field(description="The last edge's cursor.")


@strawberry.type(description="A node and its cursor.")
class Edge(Generic[T]):
    cursor: str = strawberry.field(description="Stays valid while others come and go.")
    node: T = strawberry.field(description="The object itself.")


@strawberry.type(description="A page of a list.")
class Connection(Generic[T]):
    edges: list[Edge[T]] = strawberry.field(description="The nodes with their cursors.")
    nodes: list[T] = strawberry.field(description="The nodes alone.")
    page_info: PageInfo = strawberry.field(description="Where this page is in the whole list.")


def is_of_nodes(type_: GraphQLObjectType) -> bool:
    """Return whether objects of a type are nodes, whose rows say of what type they are."""
    return any(interface.name == Node.__name__ for interface in type_.interfaces)
