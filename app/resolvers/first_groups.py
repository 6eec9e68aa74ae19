"""The viewer's groups, read along with who the viewer is: one statement instead of four.

It begins at the session, so that an ended one finds nothing. Guardians may see groups that they
aren't in, which takes more statements: for them only the viewer is read so.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from tortoise.queryset import QuerySet

from app.models.accounts import Session
from app.models.columns import Values
from app.models.reading import Statement, Table
from app.ports.tokens import TokenClaims
from app.resolvers.group_row import GROUP_ALWAYS
from app.resolvers.paging import CURSOR_ID, CURSOR_TIME, DEFAULT_PAGE

_MEMBERSHIP: Final = "account__person__memberships__"
_PERSON: Final = "account__person_id"
_WARD: Final = "account__person__guardianships__id"
_DISSOLVED: Final = "dissolved_at"
_ALWAYS: Final = {**GROUP_ALWAYS, _DISSOLVED: "group__dissolved_at"}
_CURSORS: Final = {CURSOR_TIME: "joined_at", CURSOR_ID: "id"}
_WITH_CURSORS: Final = {"edges", "pageInfo"}


@dataclass(frozen=True, slots=True)
class FirstGroups:
    """The first page of a viewer's groups with these columns, and whether there are ``more``."""

    columns: frozenset[str]
    rows: list[Values]
    more: bool


def cursors_for(selected: Collection[str]) -> Mapping[str, str]:
    """Return the columns of cursors, where these fields of the list of groups show any."""
    return {} if _WITH_CURSORS.isdisjoint(selected) else _CURSORS


def lasting(session_id: UUID, account_id: UUID) -> QuerySet[Session]:
    """Return the query for a session that hasn't ended."""
    return Session.filter(id=session_id, account_id=account_id, ended_at=None)


def _with_memberships(session_id: UUID, account_id: UUID) -> QuerySet[Session]:
    ordered = lasting(session_id, account_id).order_by(
        f"{_MEMBERSHIP}joined_at", f"{_MEMBERSHIP}id"
    )
    return ordered.limit(DEFAULT_PAGE + 1)


_STATEMENT: Final = Statement(_with_memberships)


class OwnerWithGroups:
    """What is read of a session's owner, and of their groups along with it."""

    def __init__(self, own: Mapping[str, str], of_groups: Mapping[str, str]) -> None:
        """``own``: columns by their paths from the session."""
        wanted = {**of_groups, **_ALWAYS}
        columns = {name: f"{_MEMBERSHIP}{path}" for name, path in wanted.items()}
        columns["person_id"] = _PERSON  # of each the same, and read anyhow
        self._columns = frozenset(wanted)
        self._statement = _STATEMENT.of({**columns, "ward": _WARD, **own})

    async def read(self, claims: TokenClaims) -> tuple[Table, FirstGroups | None]:
        """Read it by one statement.

        The table is empty when the session has ended. The groups are None where this isn't all of
        them that the first page has.
        """
        table = await self._statement.read_table(claims.session_id, claims.account_id)
        return table, _first(table, self._columns) if len(table) else None


def _first(table: Table, columns: frozenset[str]) -> FirstGroups | None:
    if table.value(0, "ward") is not None:
        return None
    if not table.value(0, "own_person_shown"):
        return FirstGroups(columns, [], more=False)
    rows = table.values(*columns)
    lasting = [row for row in rows if row["id"] is not None and row[_DISSOLVED] is None]
    more = len(rows) > DEFAULT_PAGE
    if more and len(lasting) < len(rows):
        return None
    return FirstGroups(columns, lasting[:DEFAULT_PAGE], more)
