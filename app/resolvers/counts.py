"""How many members meet conditions: all conditions of an operation by one statement (R15).

The statement is made once for the conditions, which front ends send over and over; what comes anew
each time are the group and the moments at which the ages of tests end.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final, cast
from uuid import UUID

from tortoise.expressions import Q
from tortoise.functions import Count

from app.domain.statistics import window_starts
from app.models.members import Membership
from app.models.shapes import Shape
from app.models.statements import dialect, records
from app.resolvers.filters import MemberFilter, members_where, tables_behind
from app.resolvers.rows import condition

_KEPT: Final = 200
_GROUP: Final = UUID(int=0)  # stand-ins of what comes each time
_NOW: Final = datetime(1000, 1, 1, tzinfo=UTC)


class Conditions:
    """Conditions by which members are counted at once."""

    def __init__(self, wheres: Sequence[MemberFilter]) -> None:
        self._wheres = wheres
        self._shapes: dict[str, Shape] = {}

    async def count(self, group_id: UUID, now: datetime) -> list[int]:
        """Return how many members of a group meet each condition: one statement."""
        shape = self._shapes.get(dialect())
        if shape is None:
            shape = self._shapes[dialect()] = self._made()
        for counts in await records(shape.sql, shape.filled([group_id, *_starts(now)])):
            return list(cast("Sequence[int]", counts))
        return [0] * len(self._wheres)

    def _made(self) -> Shape:
        counts = {
            f"c{number}": Count("id", _filter=members_where(where, _NOW))
            for number, where in enumerate(self._wheres)
        }
        # Tortoise joins tables for what is filtered by, not for what single counts are.
        tables = {table for where in self._wheres for table in tables_behind(where)}
        members = Membership.filter(*map(_may_be_there, sorted(tables)), group_id=_GROUP)
        counted = members.annotate(**counts).group_by("group_id").values(*counts)
        return Shape.of(counted, [_GROUP, *_starts(_NOW)])


async def count_members(group_id: UUID, now: datetime, wheres: Sequence[MemberFilter]) -> list[int]:
    """Return how many members of a group meet each condition: one statement."""
    return await _kept(tuple(wheres)).count(group_id, now)


_kept: Final = lru_cache(_KEPT)(Conditions)


def _starts(now: datetime) -> list[datetime]:
    return [start for _, start in window_starts(now)]


def _may_be_there(table: str) -> Q:
    present = condition(f"{table}__id__isnull", False)
    return present | condition(f"{table}__id__isnull", True)
