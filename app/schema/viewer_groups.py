"""What one is told of all one's groups at once."""

import strawberry

from app.resolvers.viewer_groups import GroupChangeKind
from app.schema.enums import describe
from app.schema.groups import Group

describe(
    GroupChangeKind,
    "Why the viewer is told of one of their groups.",
    CURRENT="One of the groups that are the viewer's at the start: one event for each.",
    SYNCED="Every group at the start was told: whatever else a page still shows is gone.",
    CHANGED="Its colour changed, for managers the reasons' counts, or the viewer's role in it.",
    CAME="The viewer came to it, or somebody whom they enrolled.",
    LEFT="The viewer is in it no longer, or it was dissolved.",
)


@strawberry.type(description="One of the viewer's groups that changed, came or went.")
class ViewerGroupChange:
    kind: GroupChangeKind = strawberry.field(description="Why it is told.")
    group_id: strawberry.ID | None = strawberry.field(description="Which group; null in SYNCED.")
    group: Group | None = strawberry.field(
        description="The group as it is now; null in SYNCED and when it is LEFT."
    )
