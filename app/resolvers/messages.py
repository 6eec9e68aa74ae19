"""The SMS of a group as its managers see them: to whom, masked, and what became of them (R39)."""

from typing import Any, Final

from app.domain.identity import mask_phone
from app.domain.limits import FORMER_KEPT
from app.models.messages import Sms
from app.resolvers.context import Info
from app.resolvers.paging import Page, connection
from app.resolvers.rows import Columns, Row, asked_fields, columns_for

_COLUMNS: Final[Columns] = {
    "template": {"template": "template"},
    "recipient": {"phone": "phone"},
    "state": {"state": "state"},
    "attempts": {"attempts": "attempts"},
    "createdAt": {"created_at": "created_at"},
    "endedAt": {"ended_at": "ended_at"},
}


async def messages(root: Any, info: Info, page: Page, caused_by_me: bool) -> Row:
    """Resolve ``group.messages``, newest first."""
    asked = asked_fields(info, "nodes") | asked_fields(info, "edges", "node")
    kept_since = info.context.env.clock.now() - FORMER_KEPT
    query = Sms.filter(group_id=root.id, created_at__gt=kept_since)
    if caused_by_me:
        query = query.filter(caused_by=(await info.context.viewer()).person_id)
    columns = columns_for(asked, _COLUMNS, "id")
    return await connection(query, page, "created_at", columns, _row, newest=True)


def _row(values: dict[str, Any]) -> Row:
    row = Row("Message", **values)
    if "phone" in values:
        row.recipient = mask_phone(values["phone"])
    return row
