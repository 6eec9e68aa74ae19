"""A group's status over WebSocket: one read of the group, one of all who listen."""

import asyncio
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import orjson
from redis.asyncio import Redis
from starlette.websockets import WebSocket, WebSocketDisconnect

from bench.floor.checks import Refused, global_id, is_manager, read_id, read_token
from bench.floor.tables import Tables

_LISTENING: Final = """SELECT s.id, m.role FROM session s JOIN account a ON a.id = s.account_id
  JOIN membership m ON m.person_id = a.person_id JOIN groups g ON g.id = m.group_id
  WHERE s.id = ANY($1) AND s.ended_at IS NULL AND a.person_shown AND m.group_id = $2
    AND g.dissolved_at IS NULL"""
_STATUS: Final = "SELECT colour, reason_counts FROM groups WHERE id = $1 AND dissolved_at IS NULL"
_LOOK_AGAIN_SECONDS: Final = 15


@dataclass(slots=True)
class Listener:
    """One subscription: whose session, where it goes, and what it was last told."""

    session_id: UUID
    socket: WebSocket
    head: str
    told: str = ""


class Live:
    """All who listen, by group."""

    def __init__(self, tables: Tables, redis_url: str) -> None:
        self._tables, self._redis_url = tables, redis_url
        self._crowds: dict[UUID, set[int]] = {}
        self._listeners: dict[int, Listener] = {}

    async def watch(self, socket: WebSocket) -> None:
        """Serve one connection with one subscription, until it closes."""
        await socket.accept(subprotocol="graphql-transport-ws")
        try:
            hello = orjson.loads(await socket.receive_text())
            session_id, _ = read_token(hello["payload"]["authorization"])
            await socket.send_text('{"type":"connection_ack"}')
            asked = orjson.loads(await socket.receive_text())
            group_id = read_id(asked["payload"]["variables"]["id"])
            head = f'{{"id":"{asked["id"]}","type":"next","payload":'
            await self._follow(group_id, Listener(session_id, socket, head))
        except (WebSocketDisconnect, Refused):
            pass

    async def _follow(self, group_id: UUID, listener: Listener) -> None:
        key = id(listener)
        self._listeners[key] = listener
        self._crowds.setdefault(group_id, set()).add(key)
        try:
            await self._tell(group_id, [listener])
            while True:
                await listener.socket.receive_text()
        finally:
            self._crowds[group_id].discard(key)
            del self._listeners[key]

    async def _tell(self, group_id: UUID, listeners: list[Listener]) -> None:
        """Tell those whose view changed; what is told is made once for all who see the same."""
        ((colour, counts),) = await self._tables.fetch(_STATUS, group_id)
        sessions = list({listener.session_id for listener in listeners})
        roles = dict(map(tuple, await self._tables.fetch(_LISTENING, sessions, group_id)))
        texts = {manages: _text(group_id, colour, counts, manages) for manages in (True, False)}
        for listener in listeners:
            role = roles.get(listener.session_id)
            if role is not None and listener.told != (text := texts[is_manager(role)]):
                listener.told = text
                await listener.socket.send({"type": "websocket.send", "text": listener.head + text})

    async def hear(self) -> None:
        """Tell of every change that the server announces, for ever."""
        async with Redis.from_url(self._redis_url).pubsub() as subscription:
            await subscription.subscribe("groupcode")
            async for message in subscription.listen():
                if message["type"] == "message" and message["data"].startswith(b"group:"):
                    await self._look(UUID(message["data"][6:].decode()))

    async def look_again(self) -> None:
        """Look every 15 seconds without being told, as the server does, for ever."""
        while True:
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
            for group_id in list(self._crowds):
                await self._look(group_id)

    async def _look(self, group_id: UUID) -> None:
        if keys := self._crowds.get(group_id):
            await self._tell(group_id, [self._listeners[key] for key in keys])


def _text(group_id: UUID, colour: str, reason_counts: str, manages: bool) -> str:
    counted = orjson.loads(reason_counts).items()
    reasons = [{"reason": reason, "count": count} for reason, count in counted]
    told: dict[str, Any] = {
        "id": global_id("Group", group_id),
        "colour": colour,
        "colourReasons": reasons if manages else None,
    }
    return orjson.dumps({"data": {"groupStatusChanged": told}}).decode() + "}"
