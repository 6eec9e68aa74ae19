"""Sections: the classes or departments of a group."""

import strawberry

from app.resolvers import sections as resolve
from app.schema.fields import computed
from app.schema.nodes import Node
from app.schema.statistics import Statistics


@strawberry.type(description="A part of a group, such as a class or department.")
class Section(Node):  # R50
    name: str = strawberry.field(description="The section's name, unique in its group.")
    member_count: int | None = computed(
        resolve.member_count, "How many members are in it. Managers in charge of it.", weight=2
    )


@strawberry.type(description="The statistics of a section.")
class SectionStatistics:  # R50
    section: Section | None = strawberry.field(
        description="Which section; null: the members who are in none."
    )
    statistics: Statistics = strawberry.field(description="Counts over its members, now.")
