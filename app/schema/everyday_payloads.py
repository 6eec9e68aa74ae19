"""The payloads of what managers do day by day."""

import strawberry

from app.domain.limits import BULK_ROWS
from app.resolvers.group_row import GroupRow
from app.schema.bulk import RowOutcome
from app.schema.cost_directives import costs
from app.schema.errors import Payload
from app.schema.groups import Group


@strawberry.type(description="Answer of mutations of many rows: what became of each.")
class RowsPayload(Payload):
    rows: list[RowOutcome] | None = strawberry.field(
        directives=costs(size=BULK_ROWS),
        default=None,
        description="A result for each row, in the order of the input.",
    )
    group: GroupRow | None = strawberry.field(
        graphql_type=Group | None, default=None, description="The group as it is now."
    )
