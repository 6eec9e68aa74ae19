"""What managers look at: activity, previews, audiences, statistics and reports."""

import datetime as dt
from datetime import datetime

import strawberry

from app.domain import reminders
from app.resolvers import previews as resolve
from app.schema.enums import (
    ActivityState,
    HealthCode,
    NatValidity,
    SkipReason,
    TestResult,
    TestWindow,
)
from app.schema.fields import computed
from app.schema.members import Member


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


@strawberry.type(description="Who would turn anomalous under another requirement.")
class RequirementPreview:  # R19
    count: int = strawberry.field(description="How many would turn anomalous who aren't now.")
    anomalous_after: int = strawberry.field(description="How many would be anomalous in all.")
    members: list[Member] = computed(resolve.preview_members, "Who would turn anomalous.")


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


@strawberry.type(description="How many have a health code.")
class HealthCodeCount:
    health_code: HealthCode = strawberry.field(description="The code.")
    count: int = strawberry.field(description="How many members.")


@strawberry.type(description="How many have a newest result of this age.")
class TestCount:
    window: TestWindow = strawberry.field(description="The age; shorter windows are left out.")
    result: TestResult | None = strawberry.field(description="The result; null for no test.")
    count: int = strawberry.field(description="How many members.")


@strawberry.type(description="How many have a number of doses.")
class DosesCount:
    doses: int = strawberry.field(description="The number of doses.")
    count: int = strawberry.field(description="How many members.")


@strawberry.type(description="Absolute counts over the members.")
class Statistics:  # R36
    total: int = strawberry.field(description="How many members were counted.")
    by_health_code: list[HealthCodeCount] = strawberry.field(description="By code, each of them.")
    by_test: list[TestCount] = strawberry.field(description="By age and result of the newest test.")
    by_doses: list[DosesCount] = strawberry.field(description="By doses, those that occur.")


@strawberry.type(description="A group at the last refresh of one day.")
class DayReport:  # R36
    date: dt.date = strawberry.field(description="The day, in the configured zone.")
    refreshed_at: datetime | None = strawberry.field(
        description="When its last refresh ended; null without one."
    )
    statistics: Statistics | None = strawberry.field(
        description="The counts at that refresh; null without one, which is not zero."
    )
