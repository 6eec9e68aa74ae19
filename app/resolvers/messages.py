"""SMS: those of a group as its managers see them, and those to one's own phones (R39, R43)."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from tortoise.queryset import QuerySet

from app.domain.identity import mask_phone
from app.domain.limits import FORMER_KEPT
from app.domain.sms import SmsState, SmsTemplate
from app.models.messages import Sms
from app.models.reading import read
from app.resolvers.context import Info
from app.resolvers.group_row import GroupRow
from app.resolvers.paging import ConnectionRow, Page, connection
from app.resolvers.rows import Columns, Row, columns_for
from app.resolvers.selection import selected_fields, selected_nodes
from app.services.accounts.phones import sms_to

MESSAGE_COLUMNS: Final[Columns] = {
    "template": {"template": "template"},
    "recipient": {"phone": "phone"},
    "state": {"state": "state"},
    "attempts": {"attempts": "attempts"},
    "createdAt": {"created_at": "created_at"},
    "endedAt": {"ended_at": "ended_at"},
    "groupName": {"group_name": "group__name"},
}


class MessageRow(Row):
    """An SMS that something in the group caused."""

    typename: ClassVar[str] = "Message"

    id: UUID
    group_id: UUID | None
    caused_by: UUID | None
    template: SmsTemplate
    phone: str
    state: SmsState
    attempts: int
    created_at: datetime
    ended_at: datetime | None
    group_name: str | None

    @property
    def recipient(self) -> str:
        """The phone, its middle hidden."""
        return mask_phone(self.phone)


async def messages(
    root: GroupRow, info: Info, caused_by_me: bool, page: Page
) -> ConnectionRow[MessageRow]:
    """Resolve ``group.messages``, newest first."""
    query = _kept(info, Sms.filter(group_id=root.id))
    if caused_by_me or root.rights.is_bound:  # who is bound doesn't see who others wrote to (R51)
        query = query.filter(caused_by=(await info.context.viewer()).person_id)
    columns = columns_for(selected_nodes(info), MESSAGE_COLUMNS, "id")
    return await connection(query, page, "created_at", columns, MessageRow, newest=True)


async def own_messages(info: Info, page: Page) -> ConnectionRow[MessageRow]:
    """Resolve ``me.messages``: every SMS to the viewer's own phones, newest first (R43)."""
    query = _kept(info, await sms_to(info.context.env, await info.context.viewer()))
    columns = columns_for(selected_nodes(info), MESSAGE_COLUMNS, "id")
    return await connection(query, page, "created_at", columns, MessageRow, newest=True)


async def load_messages(info: Info, ids: Sequence[UUID]) -> dict[UUID, MessageRow]:
    """Read SMS for the managers of the group that caused them, and for whom they came to."""
    columns = columns_for(selected_fields(info), MESSAGE_COLUMNS, "id", "group_id", "caused_by")
    found = await read(_kept(info, Sms.filter(id__in=list(ids))), columns)
    rows = {values["id"]: MessageRow(values) for values in found}
    groups = {row.group_id for row in rows.values() if row.group_id is not None}
    charges = await info.context.charges(groups)
    viewer = await info.context.viewer()

    def is_managed(row: MessageRow) -> bool:
        if row.group_id not in charges:
            return False
        return charges[row.group_id] is None or row.caused_by == viewer.person_id

    if others := [key for key, row in rows.items() if not is_managed(row)]:
        to_viewer = await sms_to(info.context.env, viewer)
        own = set(await to_viewer.filter(id__in=others).values_list("id", flat=True))
        rows = {key: row for key, row in rows.items() if is_managed(row) or key in own}
    return rows


def _kept(info: Info, query: QuerySet[Sms]) -> QuerySet[Sms]:
    return query.filter(created_at__gt=info.context.env.clock.now() - FORMER_KEPT)
