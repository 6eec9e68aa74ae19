"""Statistics over the members, and the reports of days."""

import datetime as dt
from datetime import datetime

import strawberry

from app.schema.cost_directives import costs
from app.schema.enums import (
    HealthCode,
    TestResult,
    TestWindow,
)


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
    by_health_code: list[HealthCodeCount] = strawberry.field(
        description="By code, each of them.", directives=costs(size=5)
    )
    by_test: list[TestCount] = strawberry.field(
        description="By age and result of the newest test.", directives=costs(size=8)
    )
    by_doses: list[DosesCount] = strawberry.field(
        description="By doses, those that occur.", directives=costs(size=4)
    )


@strawberry.type(description="A group at the last refresh of one day.")
class DayReport:  # R36
    date: dt.date = strawberry.field(description="The day, in the configured zone.")
    refreshed_at: datetime | None = strawberry.field(
        description="When its last refresh ended; null without one."
    )
    statistics: Statistics | None = strawberry.field(
        description="The counts at that refresh; null without one, which is not zero."
    )
