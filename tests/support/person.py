"""A person of the tests: they sign in, verify, create, join and read through the API."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from tests.support.ids import resident_id
from tests.support.waiting import PATIENCE, eventually

if TYPE_CHECKING:
    from tests.support.world import World


class Answered(Exception):
    """The API answered with errors that the test did not ask for."""


@dataclass
class Person:
    """Someone who uses the API."""

    world: "World"
    serial: int
    language: str = "en"
    token: str = ""
    refresh_token: str = ""
    phone: str = field(init=False)
    id_number: str = field(init=False)
    name: str = field(init=False)

    def __post_init__(self) -> None:
        self.phone = f"+86139{self.serial:08}"
        self.id_number = resident_id(self.serial)
        self.name = f"张{self.serial}"

    async def raw(self, query: str, **variables: Any) -> dict[str, Any]:
        """Send one operation; answer the whole JSON, errors and all."""
        headers = {"accept-language": self.language}
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        answer = await self.world.http.post(
            f"{self.world.url}/graphql",
            json={"query": query, "variables": variables},
            headers=headers,
        )
        body: dict[str, Any] = answer.json()
        return body

    async def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """Send one operation; answer its data. Raises ``Answered`` on any error."""
        body = await self.raw(query, **variables)
        if body.get("errors"):
            raise Answered(body["errors"])
        data: dict[str, Any] = body["data"]
        return data

    async def error_code(self, query: str, **variables: Any) -> str:
        """Send one operation that must fail; answer its only top-level error's code."""
        body = await self.raw(query, **variables)
        assert len(body.get("errors", ())) == 1, body
        code: str = body["errors"][0]["extensions"]["code"]
        return code

    async def payload(self, mutation: str, fields: str, /, **input: Any) -> dict[str, Any]:
        """Run one mutation; answer its payload, refused or not."""
        data = await self.ask(_mutation(mutation, fields), input=input)
        payload: dict[str, Any] = data[mutation]
        return payload

    async def change(self, mutation: str, fields: str, /, **input: Any) -> dict[str, Any]:
        """Run one mutation that must succeed; answer its payload."""
        payload = await self.payload(mutation, fields, **input)
        if payload["errors"]:
            raise Answered(payload["errors"])
        return payload

    async def refused(self, mutation: str, /, **input: Any) -> str:
        """Run one mutation that must be refused; answer its only error's code."""
        payload = await self.payload(mutation, "__typename", **input)
        assert len(payload["errors"]) == 1, payload
        code: str = payload["errors"][0]["code"]
        return code

    async def denied(self, mutation: str, /, **input: Any) -> str:
        """Run one mutation that the rights forbid; answer the top-level error's code."""
        return await self.error_code(_mutation(mutation, "__typename"), input=input)

    async def code_for(self, purpose: str = "SIGN_IN", phone: str | None = None) -> str:
        """Request an SMS code and read it from the sandbox."""
        phone = phone or self.phone
        before = len(await self.world.messages(phone, "verification_code"))
        await self.change("requestVerificationCode", "", phone=phone, purpose=purpose)
        messages = await eventually(
            lambda: self.world.messages(phone, "verification_code"),
            lambda seen: len(seen) > before,
        )
        code: str = messages[-1]["params"]["code"]
        return code

    async def sign_in(self) -> None:
        """Sign in by SMS code."""
        code = await self.code_for()
        payload = await self.change(
            "signIn", "accessToken refreshToken", phone=self.phone, code=code
        )
        self.token, self.refresh_token = payload["accessToken"], payload["refreshToken"]

    async def sign_in_again(self) -> None:
        """Open a new session, as after time was moved; a minute passes for the next code."""
        self.token = ""
        await self.world.advance(minutes=1)
        await self.sign_in()

    async def start_check(self, purpose: str) -> dict[str, Any]:
        """Open a face check of oneself; in the sandbox it passes when asked about."""
        payload = await self.change(
            "startIdentityVerification",
            "verification { id url status }",
            purpose=purpose,
            name=self.name,
            idType="RESIDENT_ID",
            idNumber=self.id_number,
        )
        check: dict[str, Any] = payload["verification"]
        return check

    async def identify(self) -> None:
        """Become real-named."""
        check = await self.start_check("IDENTIFY")
        await self.change("confirmIdentity", "me { name }", verificationId=check["id"])

    async def create_group(self, **fields: Any) -> str:
        """Create a group; answer its id."""
        new = {"name": "第一小学", "type": "SCHOOL", "address": "广州", "consent": True, **fields}
        payload = await self.change("createGroup", "group { id }", **new)
        group_id: str = payload["group"]["id"]
        return group_id

    async def invite(self, group_id: str) -> str:
        """Make an invitation; answer its token."""
        payload = await self.change("createInvitation", "invitation { token }", groupId=group_id)
        token: str = payload["invitation"]["token"]
        return token

    async def joining(self, token: str, **fields: Any) -> dict[str, Any]:
        """The input with which this person joins, with a fresh verification."""
        check = await self.start_check("JOIN")
        person = {"self": True, "remark": "三年二班", "verificationId": check["id"]}
        return {"token": token, "consent": True, "people": [person], **fields}

    async def join(self, token: str, **fields: Any) -> str:
        """Join by an invitation; answer the member's id."""
        payload = await self.change(
            "joinGroup", "members { id }", **await self.joining(token, **fields)
        )
        member_id: str = payload["members"][0]["id"]
        return member_id

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

    def __init__(self, connection: Any) -> None:
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


def _mutation(name: str, fields: str) -> str:
    kind = f"{name[0].upper()}{name[1:]}Input"
    return (
        f"mutation Change($input: {kind}!) {{ {name}(input: $input)"
        f" {{ {fields} errors {{ code message path }} }} }}"
    )
