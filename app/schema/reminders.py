"""Reminders: whom they are for, and who got none."""

import strawberry

from app.domain import reminders
from app.schema.enums import (
    HealthCode,
    NatValidity,
    SkipReason,
)


@strawberry.input(description="Whom to remind: whoever meets any part of it.")
class ReminderCondition:  # R29, R30
    anomalous: bool | None = strawberry.field(
        default=None, description="Everyone who is anomalous now."
    )
    no_negative_within: NatValidity | None = strawberry.field(
        default=None, description="Everyone without a negative test within this time."
    )
    health_codes: list[HealthCode] | None = strawberry.field(
        default=None, description="Everyone with one of these codes."
    )

    def read(self) -> reminders.ReminderCondition:
        """Return the condition; what was left out names nobody."""
        return reminders.ReminderCondition(
            anomalous=bool(self.anomalous),
            no_negative_within=self.no_negative_within or NatValidity.NONE,
            health_codes=frozenset(self.health_codes or ()),
        )


@strawberry.type(description="How many a reminder would be for.")
class ReminderAudience:  # R30
    count: int = strawberry.field(description="How many members meet the condition.")
    already_reminded: int = strawberry.field(
        description="How many of them were reminded within the hour, and would be skipped."
    )


@strawberry.type(description="How many were skipped, and why.")
class SkippedReminders:  # R31
    reason: SkipReason = strawberry.field(description="Why.")
    count: int = strawberry.field(description="How many members.")
    retry_after_seconds: int | None = strawberry.field(
        description="Where waiting helps: after how many seconds none of them would be skipped."
    )
