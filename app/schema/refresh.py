"""Refresh runs."""

from datetime import datetime

import strawberry

from app.domain.costs import STATEMENT
from app.resolvers import refresh as resolve
from app.resolvers.paging import DEFAULT_PAGE
from app.schema.enums import RefreshStatus
from app.schema.fields import computed
from app.schema.members import Member
from app.schema.nodes import Node


@strawberry.type(description="One refresh of a group's data.")
class RefreshRun(Node):  # R25, R26
    status: RefreshStatus = strawberry.field(description="How far the run is.")
    done: int = strawberry.field(description="How many people were asked about so far.")
    total: int = strawberry.field(description="How many people there are to ask about.")
    started_at: datetime = strawberry.field(description="When it was asked for.")
    ended_at: datetime | None = strawberry.field(description="When the run was over.")
    missing: list[Member] = computed(
        resolve.missing,
        "Members about whom the provider said nothing; their older data stays.",
        weight=STATEMENT,
        size=DEFAULT_PAGE,
    )
    partly_read_count: int = strawberry.field(
        description="How many records could only partly be read; what could be read counts."
    )
    partly_read: list[Member] = computed(
        resolve.partly_read,
        "Members whose records could only partly be read.",
        weight=STATEMENT,
        size=DEFAULT_PAGE,
    )


@strawberry.type(description="How fresh a group's data is, and when it can be fetched again.")
class Refresh:
    run: RefreshRun | None = strawberry.field(description="The newest run.")
    next_allowed_at: datetime = strawberry.field(
        description="When refreshGroup can start a new run; until then it answers this one."
    )
    next_scheduled_at: datetime = strawberry.field(
        description="When the group is next refreshed by itself: a run begins then."
    )
