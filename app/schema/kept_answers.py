"""Answers that are asked for again, unchanged, are sent as the bytes they were.

Kept are answers about one group, each for one account. Whoever asks is looked at anew, by one
statement: whether the session lasts, what they are in the group, and the versions of its data
(``models/standings.py``). The versions are read before the answer is made: what is written
meanwhile makes it useless, never wrong. What time changes ends it (``lasting.py``), and so does the
day: looks at people's details are noted once a day.
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Final, cast
from uuid import UUID

import orjson
from graphql import ExecutionResult, GraphQLSchema

from app.resolvers.context import Context
from app.resolvers.lasting import Standpoint, lasts_until, reads_nearby, standpoint
from app.schema.asked import Asked
from app.schema.documents import Operation
from app.schema.lasting import Lasting

_BESIDE: Final = 2048  # bytes that an entry takes beside its answer, about
_SHARE: Final = 8  # of all that is kept, what one answer may take


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer from a time until another, as seen from one standpoint."""

    operation: Operation  # kept with it: so no other one can have its identity
    standpoint: Standpoint
    since: datetime
    until: datetime
    data: bytes
    etag: str

    @property
    def size(self) -> int:
        """The bytes that it takes, about."""
        return len(self.data) + _BESIDE


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer is kept that isn't there yet: under which key, and what it depends on."""

    key: Hashable
    group_id: UUID
    lasting: Lasting
    operation: Operation
    standpoint: Standpoint
    asked_at: datetime


class KeptAnswers:
    """The answers that one process keeps; those go first that nobody asked for longest."""

    def __init__(self, schema: GraphQLSchema, most_bytes: int) -> None:
        """``most_bytes``: 0 keeps none."""
        self._schema = schema
        self._most = most_bytes
        self._kept: OrderedDict[Hashable, _Answer] = OrderedDict()
        self._bytes = 0

    async def find(
        self, operation: Operation, asked: Asked, context: Context
    ) -> ExecutionResult | Place | None:
        """Return the answer, or the place to keep it at, or None where it isn't to be kept."""
        looks = self._most or reads_nearby()
        lasting = operation.lasting(self._schema) if looks else None
        if lasting is None or context.claims is None:
            return None
        group_id = lasting.group_id(asked.variables)
        if group_id is None:
            return None
        now = context.env.clock.now()
        seen = await standpoint(context, group_id)
        if seen is None:
            return None
        given = orjson.dumps(asked.variables, option=orjson.OPT_SORT_KEYS)
        key = (id(operation), given, context.language, context.claims.account_id)
        found = self._kept.get(key)
        if found is None or found.standpoint != seen or not found.since <= now < found.until:
            return Place(key, group_id, lasting, operation, seen, now)
        self._kept.move_to_end(key)
        context.etag = found.etag
        return _sent_as(found.data)

    async def keep(
        self, place: Place, result: ExecutionResult, context: Context
    ) -> ExecutionResult:
        """Keep an answer without errors; return it as it is told."""
        if result.errors or result.data is None:
            return result
        data = orjson.dumps(result.data)
        etag = f'W/"{blake2b(data, digest_size=16).hexdigest()}"'
        until = await lasts_until(context, place.group_id, place.lasting.lapses, place.asked_at)
        self._put(
            place.key,
            _Answer(place.operation, place.standpoint, place.asked_at, until, data, etag),
        )
        context.etag = etag
        return _sent_as(data)

    def _put(self, key: Hashable, answer: _Answer) -> None:
        before = self._kept.pop(key, None)
        self._bytes -= before.size if before else 0
        if answer.size > self._most // _SHARE:
            return
        self._kept[key] = answer
        self._bytes += answer.size
        while self._bytes > self._most:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= oldest.size


def _sent_as(data: bytes) -> ExecutionResult:
    """Return a result whose data is encoded already: every transport encodes by orjson."""
    return ExecutionResult(cast("dict[str, object]", orjson.Fragment(data)), None)
