"""A subscription as Strawberry's documentation teaches it: a queue a subscriber, executed for each.

``python -m bench.peers.strawberry_live PORT URL REDIS_URL``. It hears what our server announces,
reads the group once and puts it into every queue. It checks no token and no rights, and reads
nothing again: all in its favour.
"""

import asyncio
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import asyncpg
import orjson
import strawberry
from redis.asyncio import Redis
from strawberry.asgi import GraphQL

from bench.peers.serving import serve

_STATUS: Final = "SELECT colour, reason_counts FROM groups WHERE id = $1"


@strawberry.type
class ColourReason:
    """A reason, and how many it applies to."""

    reason: str
    count: int


@strawberry.type
class Group:
    """A group's status."""

    id: strawberry.ID
    colour: str
    colour_reasons: list[ColourReason]


@dataclass
class Crowd:
    """The queues of all who listen, and the status that they were last given."""

    queues: set[asyncio.Queue[Group]] = field(default_factory=set)
    latest: Group | None = None

    def tell(self, group: Group) -> None:
        """Give everybody a status that is new."""
        if group != self.latest:
            self.latest = group
            for queue in self.queues:
                queue.put_nowait(group)


_CROWD: Final = Crowd()


@strawberry.type
class Query:
    """A schema needs one."""

    nothing: int = 0


@strawberry.type
class Subscription:
    """What can be listened to."""

    @strawberry.subscription
    async def group_status_changed(self, group_id: strawberry.ID) -> AsyncGenerator[Group, None]:
        """A group's status, and each later one."""
        queue: asyncio.Queue[Group] = asyncio.Queue()
        _CROWD.queues.add(queue)
        try:
            yield Group(id=group_id, colour="", colour_reasons=[])
            while True:
                yield await queue.get()
        finally:
            _CROWD.queues.discard(queue)


async def _hear(pool: Any, redis_url: str) -> None:
    async with Redis.from_url(redis_url).pubsub() as subscription:
        await subscription.subscribe("groupcode")
        async for message in subscription.listen():
            if message["type"] == "message" and message["data"].startswith(b"group:"):
                _CROWD.tell(await _read(pool, UUID(message["data"][6:].decode())))


async def _read(pool: Any, group_id: UUID) -> Group:
    colour, counts = await pool.fetchrow(_STATUS, group_id)
    reasons = [ColourReason(reason=one, count=count) for one, count in orjson.loads(counts).items()]
    return Group(id=strawberry.ID(str(group_id)), colour=colour, colour_reasons=reasons)


def main(port: str, url: str, redis_url: str) -> None:
    """Serve until the process is ended."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[None]:
        async with asyncpg.create_pool(url, min_size=1, max_size=4) as pool:
            hearing = asyncio.create_task(_hear(pool, redis_url))
            yield
            hearing.cancel()

    schema = strawberry.Schema(Query, subscription=Subscription)
    serve(port, GraphQL(schema), opened)


if __name__ == "__main__":
    main(*sys.argv[1:])
