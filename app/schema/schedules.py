"""What a group does by itself at a time of the day."""

import datetime as dt
from datetime import datetime

import strawberry

from app.domain.daily import Weekday
from app.schema.enums import HealthCode, NatValidity, describe

describe(
    Weekday,
    "A day of the week, in the configured zone.",
    MONDAY="The first.",
    TUESDAY="The second.",
    WEDNESDAY="The third.",
    THURSDAY="The fourth.",
    FRIDAY="The fifth.",
    SATURDAY="The sixth.",
    SUNDAY="The seventh.",
)


@strawberry.type(description="When a group reminds its members by itself, and whom of them.")
class ReminderSchedule:  # R30
    at: str = strawberry.field(description="The time of the day, as 08:30, in the configured zone.")
    weekdays: list[Weekday] = strawberry.field(description="On which days.")
    anomalous: bool = strawberry.field(description="Everyone who is anomalous then.")
    no_negative_within: NatValidity = strawberry.field(
        description="Everyone without a negative test within this time; NONE: nobody by this."
    )
    health_codes: list[HealthCode] = strawberry.field(
        description="Everyone with one of these codes."
    )
    next_at: datetime = strawberry.field(description="When it reminds next.")
    last_on: dt.date | None = strawberry.field(
        description="The last day that had its turn; null before the first."
    )
