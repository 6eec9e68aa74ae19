"""Subscribers to a group's events, who come back with the last number they saw."""

import asyncio
from dataclasses import dataclass, field
from random import Random
from typing import Final

from websockets.exceptions import WebSocketException

from app.client import Refused
from tools.storm.client import StormClient

_EVENTS: Final = """subscription Events($id: ID!, $after: Int) {
    groupEvents(groupId: $id, after: $after) {
        __typename ... on GroupEvent { number } ... on Lagged { number } } }"""


@dataclass
class Subscriber:
    """One subscriber, and every number it was sent, in order."""

    manager: StormClient
    group_id: str
    chance: Random
    seen: list[int] = field(default_factory=list)
    lagged: int = 0
    staying: bool = False  # no more going away of its own accord

    async def watch(self) -> None:
        """Subscribe again and again until cancelled."""
        while True:
            try:
                async with asyncio.timeout(None if self.staying else self.chance.uniform(8, 25)):
                    await self._listen()
            except (OSError, WebSocketException, TimeoutError, Refused):
                pass
            await asyncio.sleep(self.chance.uniform(0.1, 0.5))

    async def _listen(self) -> None:
        """Receive events until the subscription or its connection ends."""
        after = self.seen[-1] if self.seen else 0
        async for data in self.manager.subscribe(_EVENTS, id=self.group_id, after=after):
            event = data["groupEvents"]
            if event["__typename"] == "Lagged":
                self.lagged += 1
            else:
                self.seen.append(event["number"])
