"""Counts as they are shown above groups: rounded, and suppressed where there are few (R47)."""

import datetime as dt
from typing import Annotated

import strawberry

from app.domain.costs import STATEMENT
from app.domain.limits import COUNT_DAYS, COUNTED_FROM, ROUNDED_TO
from app.resolvers import organisation_numbers as resolve
from app.resolvers.context import Info
from app.resolvers.organisation_numbers import ShownDayRow
from app.resolvers.organisation_row import OrganisationRow
from app.schema.cost_directives import costs
from app.schema.enums import GroupColour
from app.schema.fields import computed
from app.schema.statistics import HealthCodeCount, TestCount

_BELOW = 200  # points: cells of up to 10,000 groups are added up


@strawberry.type(description="How many have a number of doses, the last one that or more.")
class ShownDosesCount:
    doses: int = strawberry.field(description="The number of doses.")
    or_more: bool = strawberry.field(description="Whether who has more is counted here, too.")
    count: int = strawberry.field(description="How many members, rounded.")


@strawberry.type(
    description=f"Counts over members as they are shown above groups. Each group's counts are "
    f"rounded to a multiple of {ROUNDED_TO}, up or down, before they are added up. A group "
    f"of fewer than {COUNTED_FROM} is left out, as is one whose counts together would tell of one."
)
class ShownStatistics:  # R47
    suppressed: bool = strawberry.field(
        description="Whether nothing is shown: then every count is null, which is not zero."
    )
    rounded_to: int = strawberry.field(
        description="What each group's counts are rounded to a multiple of."
    )
    groups_counted: int = strawberry.field(description="How many groups the counts are of.")
    groups_left_out: int = strawberry.field(
        description="How many groups aren't counted: too small, or held back."
    )
    member_count: int | None = strawberry.field(
        description="How many members were counted: the sum by health code."
    )
    by_health_code: list[HealthCodeCount] | None = strawberry.field(
        description="By code, each of them.", directives=costs(size=5)
    )
    by_test: list[TestCount] | None = strawberry.field(
        description="By age and result of the newest test, at the group's last judgement.",
        directives=costs(size=11),
    )
    by_doses: list[ShownDosesCount] | None = strawberry.field(
        description="By doses.", directives=costs(size=5)
    )


@strawberry.type(description="How many groups have a colour, and how many members those have.")
class ColourCount:  # R47, R48
    colour: GroupColour = strawberry.field(description="The colour.")
    groups: int = strawberry.field(description="How many groups, exactly.")
    members: int | None = strawberry.field(
        description="How many members of these are counted, rounded; null if no group of them is."
    )


@strawberry.type(description="What is shown of the groups below an organisation for one day.")
class ShownDay:  # R49
    date: dt.date = strawberry.field(description="The day, in the configured zone.")
    statistics: ShownStatistics | None = strawberry.field(
        description="The counts at each group's last refresh of the day; null where none was "
        "refreshed, which is not zero."
    )


async def _trend(
    root: OrganisationRow,
    info: Info,
    days: Annotated[
        int | None,
        strawberry.argument(description=f"How many days: {COUNT_DAYS} unless told, and at most."),
    ] = None,
) -> list[ShownDayRow]:
    return await resolve.trend(root, info, COUNT_DAYS if days is None else days)


@strawberry.type
class OrganisationNumbers:
    """The counts of an organisation."""

    member_count: int | None = computed(
        resolve.member_count,
        "How many members the groups below it have, rounded; null where none is counted.",
        weight=_BELOW,
    )
    colour_counts: list[ColourCount] = computed(
        resolve.colour_counts,
        "How many groups and members below it have each colour.",
        weight=_BELOW // 3,  # a colour
        size=3,
    )
    statistics: ShownStatistics = computed(
        resolve.statistics, "The counts of all groups below it, now.", weight=_BELOW
    )
    trend: list[ShownDay] = computed(
        _trend,
        "The counts of each day, oldest first: of the groups below it now, since they came.",
        weight=STATEMENT,  # a day
        size=COUNT_DAYS,
        by="days",
    )


@strawberry.type
class GroupNumbers:
    """The counts of a group as they are shown above it."""

    member_count: int | None = computed(
        resolve.group_member_count,
        "How many members it has, rounded; null where that isn't shown.",
    )
    statistics: ShownStatistics = computed(
        resolve.group_statistics, "The counts of the group, now."
    )
