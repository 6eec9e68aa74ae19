"""Subscriptions over graphql-transport-ws, and what it takes to go on with one."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any, Final, TypeAlias

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

from app.client.servers import Refused

_PROTOCOL: Final = Subprotocol("graphql-transport-ws")
_FIRST_PAUSE: Final = 0.2
_LONGEST_PAUSE: Final = 10.0

# What tells that a connection was lost, or that there is no server at the moment.
LOST: Final = (OSError, WebSocketException, httpx.TransportError)
# Of the data of an event: the variables to subscribe again with.
Moved: TypeAlias = Callable[[dict[str, Any]], dict[str, Any]]


async def subscribe(
    url: str, token: str, query: str, variables: dict[str, Any]
) -> AsyncIterator[dict[str, Any]]:
    """Yield a subscription's data. Raise ``Refused`` on an error, one of ``LOST`` without an end.

    Only ``complete`` ends a subscription: a connection that closes before was lost.
    """
    address = url.replace("http", "ws", 1) + "/graphql"
    async with connect(address, subprotocols=[_PROTOCOL]) as socket:
        session = {"authorization": f"Bearer {token}"}
        await socket.send(json.dumps({"type": "connection_init", "payload": session}))
        await socket.recv()
        operation = {"query": query, "variables": variables}
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": operation}))
        async for text in socket:
            message = json.loads(text)
            match message["type"]:
                case "next" if not message["payload"].get("errors"):
                    yield message["payload"]["data"]
                case "next":
                    raise Refused(message["payload"]["errors"])
                case "error":
                    raise Refused(message["payload"])
                case "complete":
                    return
    raise ConnectionError("the connection closed before the subscription ended")


class Pauses:
    """Growing pauses between attempts, so that a server that starts isn't stormed."""

    def __init__(self) -> None:
        self._next = _FIRST_PAUSE

    def reset(self) -> None:
        """Begin with short ones again: it went well."""
        self._next = _FIRST_PAUSE

    async def wait(self) -> None:
        """Pause."""
        await asyncio.sleep(self._next)
        self._next = min(self._next * 2, _LONGEST_PAUSE)
