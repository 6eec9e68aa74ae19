"""The groups below an organisation: filtered, ordered, paged, counted (R46)."""

import base64
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from app.domain.activity import ActivityState
from app.domain.limits import INACTIVE_AFTER_DAYS
from app.domain.overseen import OverseenFilter, OverseenOrder
from app.domain.refusals import BadInput
from app.models.overseen import (
    Position,
    Stretch,
    count_overseen,
    read_overseen,
    read_these,
)
from app.models.oversight import seen_by
from app.resolvers.context import Info
from app.resolvers.organisation_row import OrganisationRow, OverseenGroupRow
from app.resolvers.paging import ConnectionRow, Page
from app.services.health.schedules import schedule_of

ALL_GROUPS: Final = OverseenFilter()


async def groups_below(
    root: OrganisationRow,
    info: Info,
    chosen: OverseenFilter,
    order: OverseenOrder,
    page: Page,
    *,
    descending: bool,
) -> ConnectionRow[OverseenGroupRow]:
    """Resolve ``organisation.groups``: at whatever depth, one statement."""
    stretch = Stretch(
        page.size + 1,
        _read_cursor(page.after, order) if page.after is not None else None,
        _read_cursor(page.before, order) if page.before is not None else None,
        descending=descending,
        backwards=page.backwards,
    )
    found = await read_overseen(root.id, _dated(info, chosen), order, stretch)
    more = len(found) > page.size
    groups = found[: page.size]
    if page.backwards:
        groups.reverse()

    def cursor(place: int) -> str:
        return _cursor(groups[place].key(order), groups[place].id, order)

    rows = [OverseenGroupRow.of(group) for group in groups]
    return ConnectionRow(page, more, len(rows), cursor, rows, range(len(rows)))


async def group_count(root: OrganisationRow, info: Info, chosen: OverseenFilter) -> int:
    """Resolve ``organisation.groupCount``: as many as ``groups`` would list."""
    return await count_overseen(root.id, _dated(info, chosen))


def _dated(info: Info, chosen: OverseenFilter) -> OverseenFilter:
    """Return a filter with the first day of a visit that still keeps a group active (R27)."""
    since: date = info.context.env.today() - timedelta(days=INACTIVE_AFTER_DAYS)
    return replace(chosen, active_since=since)


def activity(root: OverseenGroupRow, info: Info) -> ActivityState:
    """Resolve ``overseenGroup.activity`` (R27)."""
    env = info.context.env
    return schedule_of(env, root).activity_at(env.clock.now())


async def load_overseen_groups(info: Info, ids: Sequence[UUID]) -> dict[UUID, OverseenGroupRow]:
    """Read those of some groups that are below an organisation which the viewer sees."""
    viewer = await info.context.viewer()
    groups = await read_these(ids)
    seen = await seen_by(viewer.person_id, {group.organisation_id for group in groups})
    return {
        group.id: OverseenGroupRow.of(group) for group in groups if group.organisation_id in seen
    }


def _cursor(key: str | int | datetime, id_: UUID, order: OverseenOrder) -> str:
    value = key.isoformat() if isinstance(key, datetime) else key
    written = json.dumps([order.value, value, id_.hex])
    return base64.urlsafe_b64encode(written.encode()).decode()


def _read_cursor(cursor: str, order: OverseenOrder) -> Position:
    try:
        ordered_by, key, id_ = json.loads(base64.urlsafe_b64decode(cursor))
        wanted = int if order is OverseenOrder.COLOUR else str
        if ordered_by != order.value or type(key) is not wanted:
            raise ValueError(cursor)
        key = _read_time(str(key)) if order is OverseenOrder.TURNED_AT else key
        return Position(key, UUID(hex=id_))
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        raise BadInput("CURSOR_MALFORMED") from None


def _read_time(written: str) -> datetime:
    moment = datetime.fromisoformat(written)
    if moment.tzinfo is None:
        raise ValueError(written)
    return moment
