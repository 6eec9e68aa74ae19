"""Refresh runs: the current one and its progress (R25, R26)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from app.domain.refresh import RefreshStatus, next_allowed_at
from app.domain.roles import Right
from app.models.members import Membership
from app.models.reading import read
from app.models.refresh import read_runs
from app.resolvers.accesses import note
from app.resolvers.activity import scheduled_at
from app.resolvers.charges import in_charge
from app.resolvers.context import Info
from app.resolvers.group_row import GroupRow
from app.resolvers.member_row import MemberRow
from app.resolvers.member_selection import member_columns
from app.resolvers.selection import selected_fields


@dataclass(frozen=True, slots=True)
class RunRow:
    """A refresh run; two are equal when nothing that is shown has changed."""

    typename: ClassVar[str] = "RefreshRun"

    id: UUID
    group_id: UUID
    status: RefreshStatus
    done: int
    total: int
    started_at: datetime
    ended_at: datetime | None
    missing_ids: list[UUID]
    partly_read_ids: list[UUID]

    @property
    def partly_read_count(self) -> int:
        """How many records could only partly be read, also of who left since."""
        return len(self.partly_read_ids)


@dataclass(frozen=True, slots=True)
class RefreshRow:
    """How fresh a group's data is."""

    run: RunRow | None
    next_allowed_at: datetime
    next_scheduled_at: datetime


async def load_run(info: Info, run_id: UUID) -> RunRow | None:
    """Read a run; None when it was erased with age."""
    return await info.context.scope.loader("runs", _load_in_order).load(run_id)


async def run_for_watchers(info: Info, run_id: UUID) -> RunRow | None:
    """Read a run for all who look at it at the same moment; None when it was erased with age."""
    return await info.context.env.together.read("runs", _read_runs, run_id)


async def load_runs(info: Info, run_ids: Sequence[UUID]) -> dict[UUID, RunRow]:
    """Read runs for the managers of their groups."""
    runs = await _read_runs(run_ids)
    groups = {run.group_id for run in runs.values()}
    managed = await info.context.groups_allowing(Right.VIEW_CHARGE, groups)
    return {run_id: run for run_id, run in runs.items() if run.group_id in managed}


async def _load_in_order(run_ids: list[UUID]) -> list[RunRow | None]:
    runs = await _read_runs(run_ids)
    return [runs.get(run_id) for run_id in run_ids]


async def _read_runs(run_ids: Collection[UUID]) -> dict[UUID, RunRow]:
    found = await read_runs(run_ids)
    return {row["id"]: _run_row(**row) for row in found.values()}


def _run_row(missing: Sequence[str], partly_read: Sequence[str] | None, **run: Any) -> RunRow:
    return RunRow(
        missing_ids=[UUID(member_id) for member_id in missing],
        partly_read_ids=[UUID(member_id) for member_id in partly_read or ()],
        **run,
    )


async def refresh(root: GroupRow, info: Info) -> RefreshRow:
    """Resolve ``group.refresh``: the newest run, and when the next may start (R25)."""
    run_id = root.refresh_run_id if "run" in selected_fields(info) else None
    run = await load_run(info, run_id) if run_id else None
    now = info.context.env.clock.now()
    return RefreshRow(
        run=run,
        next_allowed_at=next_allowed_at(root.refresh_started_at, now),
        next_scheduled_at=scheduled_at(root, info),
    )


async def missing(root: RunRow, info: Info) -> list[MemberRow]:
    """Resolve ``missing``: the members about whom the provider said nothing (R25)."""
    return await _members(root, info, root.missing_ids)


async def partly_read(root: RunRow, info: Info) -> list[MemberRow]:
    """Resolve ``partlyRead``: the members whose records could only partly be read (R20)."""
    return await _members(root, info, root.partly_read_ids)


async def _members(root: RunRow, info: Info, member_ids: list[UUID]) -> list[MemberRow]:
    if not member_ids:
        return []
    charge = (await info.context.rights(root.group_id)).charge
    await note(info, root.group_id)
    columns = member_columns(info)
    still_in = Membership.filter(in_charge(charge), id__in=member_ids, group_id=root.group_id)
    return [MemberRow(row) for row in await read(still_in, columns)]
