"""Refreshing by hand (R25)."""

from math import ceil

import strawberry

from app.domain.refresh import next_allowed_at
from app.resolvers.context import Info
from app.resolvers.groups import get_group
from app.resolvers.ids import decode_id
from app.resolvers.refresh import load_run
from app.schema.once import once
from app.schema.operations.reading import Input
from app.schema.payloads import RefreshGroupPayload
from app.services.health import refresh


@strawberry.input(description="Which group is refreshed.")
class RefreshGroupInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")


async def refresh_group(info: Info, input: Input[RefreshGroupInput]) -> RefreshGroupPayload:
    """Refresh by hand (R25)."""
    group_id = decode_id(input.group_id, "Group")
    viewer = await info.context.viewer()
    run_id = await once(info, refresh.refresh_group, viewer, group_id)
    group = await get_group(info, group_id, always=("refresh",))
    now = info.context.env.clock.now()
    allowed_at = next_allowed_at(group.refresh_started_at, now)
    return RefreshGroupPayload(
        run=await load_run(info, run_id),
        next_allowed_at=allowed_at,
        retry_after_seconds=ceil((allowed_at - now).total_seconds()),
    )
