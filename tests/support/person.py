"""A person of the tests, who also does what must fail; and the sockets that they open."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from app.client import Client, mutation
from tests.support.waiting import PATIENCE

if TYPE_CHECKING:
    from tests.support.world import World


@dataclass
class Person(Client):
    """Someone who uses the API, and is told what it refuses."""

    server: "World"

    @property
    def world(self) -> "World":
        """The server that this person uses."""
        return self.server

    async def error_code(self, query: str, key: str = "", /, **variables: Any) -> str:
        """Send one operation that must fail; return its only top-level error's code."""
        body = await self.send(query, key, **variables)
        assert len(body.get("errors", ())) == 1, body
        code: str = body["errors"][0]["extensions"]["code"]
        return code

    async def refused(self, name: str, /, **input: Any) -> str:
        """Run one mutation that must be refused; return its only error's code."""
        payload = await self.payload(name, "__typename", **input)
        assert len(payload["errors"]) == 1, payload
        code: str = payload["errors"][0]["code"]
        return code

    async def denied(self, name: str, /, **input: Any) -> str:
        """Run one mutation that the rights forbid; return the top-level error's code."""
        return await self.error_code(mutation(name, "__typename"), input=input)

    async def sign_in_again(self) -> None:
        """Open a new session, as after time was moved; a minute passes for the next code."""
        self.token = ""
        await self.world.advance(minutes=1)
        await self.sign_in()

    async def second_device(self) -> "Person":
        """Return this person in a second session; a minute passes for the next code."""
        await self.world.advance(minutes=1)
        other = replace(self, device_token="")
        await other.sign_in()
        return other

    @asynccontextmanager
    async def socket(self, **params: Any) -> AsyncIterator["Socket"]:
        """A WebSocket connection, signed in as this person unless told otherwise."""
        hello = {"authorization": f"Bearer {self.token}", "acceptLanguage": self.language}
        address = self.world.url.replace("http", "ws", 1) + "/graphql"
        protocol = Subprotocol("graphql-transport-ws")
        async with connect(address, subprotocols=[protocol]) as connection:
            socket = Socket(connection)
            await socket.send(type="connection_init", payload={**hello, **params})
            assert (await socket.receive())["type"] == "connection_ack"
            yield socket


class Socket:
    """A graphql-transport-ws connection."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def send(self, **message: Any) -> None:
        """Send one message."""
        await self.connection.send(json.dumps(message))

    async def receive(self, patience: float = PATIENCE) -> dict[str, Any]:
        """Wait for the next message."""
        async with asyncio.timeout(patience):
            message: dict[str, Any] = json.loads(await self.connection.recv())
            return message

    async def subscribe(self, query: str, operation: str = "1", **variables: Any) -> None:
        """Start one operation."""
        payload = {"query": query, "variables": variables}
        await self.send(id=operation, type="subscribe", payload=payload)

    async def next(self, operation: str = "1", patience: float = PATIENCE) -> dict[str, Any]:
        """Wait for the next data of an operation."""
        message = await self.receive(patience)
        assert (message["type"], message["id"]) == ("next", operation), message
        payload: dict[str, Any] = message["payload"]
        assert not payload.get("errors"), payload
        data: dict[str, Any] = payload["data"]
        return data

    async def error(self, operation: str = "1") -> str:
        """Wait for the next message of an operation, an error; return its code."""
        message = await self.receive()
        assert message["id"] == operation, message
        payload = message["payload"]
        errors = payload if message["type"] == "error" else payload["errors"]
        code: str = errors[0]["extensions"]["code"]
        return code
