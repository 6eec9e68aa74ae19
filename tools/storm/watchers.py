"""Subscribers to a group's events, who come back with the last number they saw."""

import asyncio
import json
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

from tools.storm.phone import Phone

_EVENTS: Final = """subscription Events($id: ID!, $after: Int) {
    groupEvents(groupId: $id, after: $after) {
        __typename ... on GroupEvent { number } ... on Lagged { number } } }"""
_PROTOCOL: Final = Subprotocol("graphql-transport-ws")


@dataclass
class Watcher:
    """One subscriber, and every number it was sent, in order."""

    manager: Phone
    group_id: str
    chance: Random
    seen: list[int] = field(default_factory=list)
    lagged: int = 0
    connections: int = 0
    staying: bool = False  # no more going away of its own accord

    async def watch(self) -> None:
        """Subscribe again and again until cancelled."""
        while True:
            try:
                async with asyncio.timeout(None if self.staying else self.chance.uniform(8, 25)):
                    await self._listen()
            except (OSError, WebSocketException, TimeoutError):
                pass
            await asyncio.sleep(self.chance.uniform(0.1, 0.5))

    async def _listen(self) -> None:
        address = self.chance.choice(self.manager.net.urls).replace("http", "ws", 1)
        async with connect(f"{address}/graphql", subprotocols=[_PROTOCOL]) as socket:
            hello = {"authorization": f"Bearer {self.manager.token}"}
            await socket.send(json.dumps({"type": "connection_init", "payload": hello}))
            await socket.recv()
            after = self.seen[-1] if self.seen else 0
            variables = {"id": self.group_id, "after": after}
            asked = {"query": _EVENTS, "variables": variables}
            await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": asked}))
            self.connections += 1
            async for text in socket:
                if not self._take(json.loads(text)):
                    return

    def _take(self, message: dict[str, Any]) -> bool:
        """Note an event; False when the subscription is over."""
        if message["type"] == "ping":
            return True
        if message["type"] != "next" or message["payload"].get("errors"):
            return False
        event = message["payload"]["data"]["groupEvents"]
        if event["__typename"] == "Lagged":
            self.lagged += 1
        else:
            self.seen.append(event["number"])
        return True
