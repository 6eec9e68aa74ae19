"""A group that is read along with whose session it is, and with its statistics: one statement.

Who it may be besides a member, and whose right is narrowed (R51), takes more statements.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from tortoise.expressions import Subquery

from app.models.columns import Values
from app.models.counting import CountedGroup
from app.models.members import Membership
from app.models.reading import Statement
from app.models.sections import Section
from app.ports.tokens import TokenClaims
from app.resolvers.group_row import GROUP_ALWAYS, GroupRow
from app.services.kernel.env import Viewer


def _found_by(group_of: Callable[[UUID], object]) -> Statement:
    """Return what finds whose session it is among the members of a key's group."""
    return Statement(
        lambda key, session_id, account_id: Membership.filter(
            group_id=group_of(key),
            group__dissolved_at=None,
            person__accounts__id=account_id,
            person__accounts__person_shown=True,
            person__accounts__sessions__id=session_id,
            person__accounts__sessions__ended_at=None,
        )
    )


_BY_ID: Final = _found_by(lambda key: key)
_BY_MEMBER: Final = _found_by(lambda key: Subquery(Membership.filter(id=key).values("group_id")))
_BY_SECTION: Final = _found_by(lambda key: Subquery(Section.filter(id=key).values("group_id")))


class GroupOfSession:
    """What is read of a group, through the membership of whose session it is."""

    def __init__(
        self, columns: Mapping[str, str], *, counted: bool = False, found_by: Statement = _BY_ID
    ) -> None:
        """``counted``: its statistics are read, too; ``found_by`` its own key, or another's."""
        self._statement = found_by.of({**columns, **GROUP_ALWAYS})
        self._counted = CountedGroup(self._statement) if counted else None

    async def read(
        self, claims: TokenClaims, key: UUID, now: datetime
    ) -> tuple[Viewer, GroupRow] | None:
        """Read it by one statement; None unless the session lasts and is a member's."""
        for values in await self._rows(now, key, claims.session_id, claims.account_id):
            viewer = Viewer(claims.account_id, claims.session_id, values["person_id"])
            return viewer, GroupRow(values, viewer)
        return None

    async def _rows(self, now: datetime, *keys: UUID) -> list[Values]:
        if self._counted is not None:
            return await self._counted.read(now, *keys)
        return (await self._statement.read_table(*keys)).values()


RIGHTS_ALONE: Final = GroupOfSession({})
RIGHTS_BY_MEMBER: Final = GroupOfSession({}, found_by=_BY_MEMBER)
RIGHTS_BY_SECTION: Final = GroupOfSession({}, found_by=_BY_SECTION)
