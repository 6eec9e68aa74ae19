"""Who looked at one's details."""

import datetime as dt
from datetime import datetime

import strawberry

from app.schema.enums import AccessKind
from app.schema.nodes import Node


@strawberry.type(description="Someone read or exported the details of a group's members.")
class AccessRecord(Node):  # of days on which who reads this was in the group
    person_names: list[str] = strawberry.field(
        description="Whose details: the viewer's own name, and those of wards that it is about."
    )
    by: str = strawberry.field(description="The name of who did it.")
    group_name: str = strawberry.field(description="In which group.")
    kind: AccessKind = strawberry.field(description="What they did.")
    day: dt.date = strawberry.field(description="The day, in the configured zone.")
    first_at: datetime = strawberry.field(description="When first on that day.")
    last_at: datetime = strawberry.field(description="When last on that day something was new.")
