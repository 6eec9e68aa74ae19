"""SMS: those of a group as its managers see them, and those to one's own phones (R39, R43)."""

from datetime import datetime
from typing import Final
from uuid import UUID

from app.domain.identity import mask_phone
from app.domain.limits import FORMER_KEPT
from app.domain.sms import SmsState, SmsTemplate
from app.models.messages import Sms
from app.resolvers.context import Info
from app.resolvers.group_row import GroupRow
from app.resolvers.paging import ConnectionRow, Page, connection
from app.resolvers.rows import Columns, Row, columns_for
from app.resolvers.selection import selected_nodes
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

    id: UUID
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
    kept_since = info.context.env.clock.now() - FORMER_KEPT
    query = Sms.filter(group_id=root.id, created_at__gt=kept_since)
    if caused_by_me:
        query = query.filter(caused_by=(await info.context.viewer()).person_id)
    columns = columns_for(selected_nodes(info), MESSAGE_COLUMNS, "id")
    return await connection(query, page, "created_at", columns, MessageRow, newest=True)


async def own_messages(info: Info, page: Page) -> ConnectionRow[MessageRow]:
    """Resolve ``me.messages``: every SMS to the viewer's own phones, newest first (R43)."""
    env = info.context.env
    query = (await sms_to(env, await info.context.viewer())).filter(
        created_at__gt=env.clock.now() - FORMER_KEPT
    )
    columns = columns_for(selected_nodes(info), MESSAGE_COLUMNS, "id")
    return await connection(query, page, "created_at", columns, MessageRow, newest=True)
