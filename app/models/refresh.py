"""Refresh runs, each a row with its progress (R25, R26)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import orjson
from pydantic import Json
from tortoise import Model, fields

from app.domain.refresh import OPEN_STATES, RefreshStatus
from app.models.fields import enum_field
from app.models.groups import Group
from app.models.inserting import NewRows
from app.models.reading import Table, read_own
from app.models.statements import fetch, fetch_as, one_of


class RefreshRun(Model):
    """One refresh of a group: ``done`` of ``total`` people queried so far."""

    id = fields.UUIDField(primary_key=True)
    group_id: UUID
    group: fields.ForeignKeyRelation[Group] = fields.ForeignKeyField(
        "app.Group", related_name="refresh_runs"
    )
    status = enum_field(RefreshStatus, 12)
    done = fields.IntField(default=0)
    total = fields.IntField(default=0)
    # The ids of the members about whom the provider said nothing, and of those of whom it said
    # something that couldn't be read; None for nobody.
    missing = fields.JSONField[list[str]](default=list)
    partly_read: fields.Field[list[str] | None] = fields.JSONField(null=True)
    requested_by = fields.UUIDField(null=True)
    started_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "refresh_run"
        indexes = (("group_id", "started_at"), ("started_at",))


def new_run(
    run_id: UUID, group_id: UUID, requested_by: UUID | None, started_at: datetime
) -> NewRows:
    """Return the row of a run that waits to begin."""
    row = {
        "id": run_id,
        "group_id": group_id,
        "status": RefreshStatus.QUEUED,
        "done": 0,
        "total": 0,
        "missing": [],
        "requested_by": requested_by,
        "started_at": started_at,
    }
    return NewRows(RefreshRun, [row])


_COLUMNS: Final = {
    name: name
    for name in (
        "id",
        "group_id",
        "status",
        "done",
        "total",
        "started_at",
        "ended_at",
        "missing",
        "partly_read",
    )
}


async def read_runs(run_ids: Collection[UUID]) -> Table:
    """Return what of these runs is shown: their own columns but for who asked for them."""
    among, given = one_of("id", run_ids)
    sql = f"SELECT {', '.join(_COLUMNS)} FROM refresh_run WHERE {among}"
    return await read_own(RefreshRun, _COLUMNS, sql, *given)


async def last_start(group_id: UUID) -> datetime | None:
    """Return when the group's newest run started, however it ended; None before the first."""
    runs = RefreshRun.filter(group_id=group_id).order_by("-started_at").limit(1)
    found = await runs.values_list("started_at")
    return found[0][0] if found else None


@dataclass(frozen=True, slots=True)
class OpenRun:
    """What of a run is to be known to carry it out."""

    id: UUID
    group_id: UUID
    started_at: datetime
    partly_read: Json[list[str]] | None


STILL_OPEN: Final = f"status IN {tuple(map(str, OPEN_STATES))}"
_BEGIN: Final = f"""
    UPDATE refresh_run SET status = '{RefreshStatus.RUNNING}', total = (
        SELECT COUNT(*) FROM membership
        WHERE membership.group_id = refresh_run.group_id AND withheld_at IS NULL
    ) WHERE id = $1 AND {STILL_OPEN} RETURNING id, group_id, started_at, partly_read
"""
_SHOW: Final = f"""
    UPDATE refresh_run SET done = $2, total = $3 WHERE id = $1 AND {STILL_OPEN} RETURNING id
"""
_END: Final = f"""
    UPDATE refresh_run SET status = $2, ended_at = $3, done = COALESCE($4, done),
        total = COALESCE($5, total), missing = COALESCE($6, missing)
    WHERE id = $1 AND {STILL_OPEN} RETURNING id
"""


async def begin_run(run_id: UUID) -> OpenRun | None:
    """Note that a run goes on, and of how many people it is; return it, None where it is over."""
    found = await fetch_as(OpenRun, _BEGIN, run_id)
    return found[0] if found else None


async def show_run(run_id: UUID, done: int, total: int) -> bool:
    """Write how far a run has come; return whether it is still open."""
    return bool(await fetch(_SHOW, run_id, done, total))


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a run came: of how many it asked, and the members of whom nothing is known."""

    done: int
    total: int
    missing: Sequence[str]


async def end_run(
    run_id: UUID, status: RefreshStatus, at: datetime, reached: Reached | None = None
) -> bool:
    """End a run; without ``reached`` it came as far as its row says. False where it was over."""
    columns: tuple[object, ...] = (None, None, None)
    if reached is not None:
        columns = reached.done, reached.total, orjson.dumps(reached.missing).decode()
    return bool(await fetch(_END, run_id, status, at, *columns))
