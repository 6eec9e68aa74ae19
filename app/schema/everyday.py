"""What of a group serves its managers' everyday work."""

from datetime import datetime

import strawberry

from app.domain.costs import STATEMENT
from app.resolvers import reminder_schedules as resolve_schedules
from app.resolvers import rosters as resolve_rosters
from app.schema.fields import computed, listed
from app.schema.nodes import Connection, Node
from app.schema.permissions import SeesCharge, SeesMembers
from app.schema.schedules import ReminderSchedule


@strawberry.type(description="A name of a group's roster: somebody who should be in it.")
class RosterEntry(Node):  # R15
    name: str = strawberry.field(description="The name, as it was imported.")
    remark: str = strawberry.field(description="The remark by which two of one name are told.")
    section: str = strawberry.field(description="The section, as it was imported; empty: none.")
    imported_at: datetime = strawberry.field(description="When it was first imported.")


@strawberry.type(description="What of a group serves its managers' everyday work.")
class GroupEveryday:
    roster_count: int | None = strawberry.field(
        permission_classes=[SeesMembers],
        description="How many names are on its roster; 0 without one. Managers.",
    )
    not_joined_count: int | None = strawberry.field(
        permission_classes=[SeesMembers],
        description="How many of its roster haven't joined. Managers.",
    )
    not_joined: Connection[RosterEntry] | None = listed(
        resolve_rosters.not_joined,
        "Who is on its roster and hasn't joined, as they were imported. Managers.",
        SeesCharge,
    )
    reminder_schedule: ReminderSchedule | None = computed(
        resolve_schedules.reminder_schedule,
        "When it reminds its members by itself; null where it doesn't. Managers.",
        SeesMembers,
        weight=STATEMENT,
    )
    anomaly_alerts_time: str | None = strawberry.field(
        permission_classes=[SeesCharge],
        description="When the viewer gets those alerts of it that can wait, as 08:30 in the "
        "configured zone; null: at once. Managers.",
    )
    daily_digest_time: str | None = strawberry.field(
        permission_classes=[SeesCharge],
        description="When the viewer is sent a digest of it each day, as 08:30 in the configured "
        "zone; null where they aren't. Managers.",
    )
