"""Relatives."""

import strawberry

from app.schema.enums import IdType, Relation
from app.schema.nodes import Node


@strawberry.type(description="Someone of the viewer's family.")
class Relative(Node):  # R12
    name: str = strawberry.field(description="The name.")
    id_type: IdType = strawberry.field(description="The kind of document.")
    id_number_masked: str = strawberry.field(description="Its number, the middle hidden.")
    relation: Relation = strawberry.field(description="What they are to the viewer.")
    student: bool = strawberry.field(description="Whether they are a student.")
    verified: bool = strawberry.field(description="Whether they can be enrolled.")
