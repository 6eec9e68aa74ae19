"""Whether a group's managers look after it."""

from datetime import datetime

import strawberry

from app.schema.enums import (
    ActivityState,
)


@strawberry.type(description="Whether managers look after the group.")
class Activity:  # R27
    state: ActivityState = strawberry.field(
        description="INACTIVE after two whole days without a refresh by hand."
    )
    refresh_due: bool = strawberry.field(
        description="Whether a refresh by hand is due, which makes it active again."
    )
    last_refreshed_at: datetime | None = strawberry.field(
        description="When the last refresh that didn't fail ended."
    )
