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
    CHANGED="What the viewer sees of it changed: for managers whatever moves its version, for "
    "others its page or a member of their own.",
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
    managed: Group | None = strawberry.field(
        description="The same group where the viewer is its creator or an admin, else null: "
        "select what only managers read here, and no event comes with an error."
    )
