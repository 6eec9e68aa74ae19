"""Refresh runs: the standing one and its progress (R25, R26)."""

from typing import Any
from uuid import UUID

from app.domain.refresh import next_allowed_at
from app.models.members import Membership
from app.models.refresh import RefreshRun
from app.resolvers.accesses import note
from app.resolvers.context import Info
from app.resolvers.ids import encode_id
from app.resolvers.members import member_columns, member_row
from app.resolvers.oversight import scheduled_at
from app.resolvers.rows import Row, asked_fields


async def load_run(info: Info, run_id: UUID) -> Row | None:
    """Read a run; None when it was erased with age."""
    run: Row | None = await info.context.scope.loader("runs", _load_runs).load(run_id)
    return run


async def _load_runs(run_ids: list[UUID]) -> list[Row | None]:
    runs = {run.id: _run_row(run) for run in await RefreshRun.filter(id__in=run_ids)}
    return [runs.get(run_id) for run_id in run_ids]


def _run_row(run: RefreshRun) -> Row:
    """Make a row of a run."""
    return Row(
        "RefreshRun",
        id=run.id,
        group_id=run.group_id,
        status=run.status,
        done=run.done,
        total=run.total,
        started_at=run.started_at,
        ended_at=run.ended_at,
        missing_ids=[UUID(member_id) for member_id in run.missing],
    )


async def refresh(root: Any, info: Info) -> Row:
    """Resolve ``group.refresh``: the newest run, and when the next may start (R25)."""
    asked = asked_fields(info)
    wanted = root.refresh_run_id if "run" in asked else None
    run = await load_run(info, wanted) if wanted else None
    now = info.context.env.clock.now()
    return Row(
        "Refresh",
        run=run,
        next_allowed_at=next_allowed_at(root.refresh_started_at, now),
        next_scheduled_at=scheduled_at(root, info),
    )


async def missing(root: Any, info: Info) -> list[Row]:
    """Resolve ``missing``: the members whom the provider gave no answer about (R25)."""
    if not root.missing_ids:
        return []
    await note(info, root.group_id)
    columns = member_columns(info)
    rows = await Membership.filter(id__in=root.missing_ids, group_id=root.group_id).values(
        **columns
    )
    return [member_row(row) for row in rows]


def run_id(root: Any) -> str:
    """Resolve ``id`` of a run."""
    return encode_id("RefreshRun", root.id)
