"""What would be under another requirement."""

import strawberry

from app.resolvers import previews as resolve
from app.resolvers.paging import DEFAULT_PAGE
from app.schema.fields import computed
from app.schema.members import Member


@strawberry.type(description="Who would turn anomalous under another requirement.")
class RequirementPreview:  # R19
    count: int = strawberry.field(description="How many would turn anomalous who aren't now.")
    anomalous_after: int = strawberry.field(description="How many would be anomalous in all.")
    members: list[Member] = computed(
        resolve.preview_members, "Who would turn anomalous.", size=DEFAULT_PAGE
    )
