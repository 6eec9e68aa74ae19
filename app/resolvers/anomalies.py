"""The members who don't meet the requirement, as managers see them (R20, R23)."""

from collections.abc import Sequence
from uuid import UUID

from tortoise.expressions import Q

from app.models.anomalies import Anomaly
from app.models.reading import read
from app.resolvers.accesses import note
from app.resolvers.charges import narrowed
from app.resolvers.context import Info
from app.resolvers.filters import MemberFilter, members_where
from app.resolvers.group_row import GroupRow
from app.resolvers.member_fields import MEMBER_COLUMNS
from app.resolvers.member_row import AnomalyRow, MemberRow
from app.resolvers.member_selection import selected_of_anomalies, selected_of_part, through
from app.resolvers.members import ACCESS_COLUMNS, readable
from app.resolvers.paging import ConnectionRow, Page, connection
from app.resolvers.rows import columns_for


async def anomalies(
    root: GroupRow, info: Info, where: MemberFilter, page: Page
) -> ConnectionRow[AnomalyRow | None]:
    """Resolve ``group.anomalies``, in the order of opening: one statement."""
    columns = columns_for(selected_of_anomalies(info), MEMBER_COLUMNS, "id")
    chosen = members_where(narrowed(where, root), info.context.env.clock.now(), "member__")
    query = Anomaly.filter(chosen, Q(group_id=root.id))
    await note(info, root.id, root.version)
    return await connection(
        query,
        page,
        "opened_at",
        through("anomaly", columns),
        lambda values: MemberRow(values).anomaly,
    )


async def load_anomalies(info: Info, ids: Sequence[UUID]) -> dict[UUID, AnomalyRow]:
    """Read open anomalies for who may read the member."""
    selected = selected_of_part("anomaly", info)
    columns = columns_for(selected, MEMBER_COLUMNS, "id") | ACCESS_COLUMNS
    opened = Anomaly.filter(id__in=list(ids), group__dissolved_at=None)
    found = await read(opened, through("anomaly", columns))
    rows = await readable(info, [MemberRow(values) for values in found])
    anomalies = (row.anomaly for row in rows)
    return {anomaly.id: anomaly for anomaly in anomalies if anomaly is not None}
