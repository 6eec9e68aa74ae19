"""Objects that are found, or locked, over and over: their statement is made once.

Nearly every use case locks a group's row, and every join reads a verification. To make such a
statement anew takes several times what it takes to run it (``shapes.py``).
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

from tortoise import Model, connections
from tortoise.queryset import QuerySet

from app.models.columns import Dialect
from app.models.shapes import Shape
from app.models.statements import dialect

M = TypeVar("M", bound=Model)


class Objects(Generic[M]):
    """A query for objects, of which ``query`` is made of keys; it may lock rows."""

    def __init__(self, query: Callable[..., QuerySet[M]]) -> None:
        self._query = query
        self._made: dict[Dialect, tuple[type[M], Shape, list[Any]]] = {}

    async def first(self, *keys: UUID) -> M | None:
        """Return the first object for these keys; None where there is none."""
        spoken = dialect()
        if spoken not in self._made:
            self._made[spoken] = self._make(len(keys))
        model, statement, related = self._made[spoken]
        client = connections.get("default")
        executor = client.executor_class(model, client, select_related_idx=related)
        given = statement.filled(keys)
        if spoken == "sqlite":
            given = [str(one) if isinstance(one, UUID) else one for one in given]
        found = await executor.execute_select(statement.sql, given)
        return cast(M, found[0]) if found else None

    def _make(self, number: int) -> tuple[type[M], Shape, list[Any]]:
        stand_ins = [UUID(int=place) for place in range(number)]
        query = self._query(*stand_ins)
        # The query notes what it joins while its statement is made.
        statement = Shape.of(query, stand_ins)
        return query.model, statement, query._select_related_idx
