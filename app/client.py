"""A client of the API, which does what a front end does: GraphQL over HTTP and WebSocket.

The demo group, the examples, the tests and the tools all use the server through it. It knows
no other part of the server, only its API and the sandbox that stands in for the outside.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

import httpx
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

_CODE_SECONDS: Final = 60.0  # within which an SMS code must have come
_LOOK_SECONDS: Final = 0.02
_PROTOCOL: Final = Subprotocol("graphql-transport-ws")


class Refused(Exception):
    """The server answered with errors; ``code`` is the first one's."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors)
        first = errors[0]
        self.code: str = first.get("code") or first["extensions"]["code"]


def mutation(name: str, fields: str) -> str:
    """Return the document of one mutation that takes ``$input`` and selects ``fields``."""
    kind = f"{name[0].upper()}{name[1:]}Input"
    return (
        f"mutation Change($input: {kind}!) {{ {name}(input: $input)"
        f" {{ {fields} errors {{ code message path }} }} }}"
    )


def resident_id(serial: int) -> str:
    """Return a made-up resident ID number with a right check digit; serials from 0 to 99,999."""
    born = f"19{70 + serial % 30}{1 + serial % 12:02}{1 + serial % 28:02}"
    first = f"4401{serial // 1000 % 100:02}{born}{serial % 1000:03}"
    checksum = (1 - 2 * int(first, 13)) % 11
    return first + ("X" if checksum == 10 else str(checksum))


@dataclass
class Server:
    """Where a server is, and the controls of the sandbox that stands in for the outside."""

    url: str
    sandbox: str
    http: httpx.AsyncClient

    async def set_record(self, id_number: str, **record: Any) -> None:
        """Set what the health records provider answers about someone from now on."""
        path = f"{self.sandbox}/records/RESIDENT_ID/{id_number}"
        (await self.http.put(path, json=record)).raise_for_status()

    async def forget_record(self, id_number: str) -> None:
        """Make someone unknown to the provider."""
        path = f"{self.sandbox}/records/RESIDENT_ID/{id_number}"
        (await self.http.put(path, content=b"null")).raise_for_status()

    async def faults(self, **faults: Any) -> None:
        """Set the sandbox's faults, replacing those before."""
        (await self.http.put(f"{self.sandbox}/faults", json=faults)).raise_for_status()

    async def advance(self, **by: float) -> None:
        """Move time forward, given like a timedelta: ``minutes=5``."""
        units = {"days": 86400, "hours": 3600, "minutes": 60, "seconds": 1}
        seconds = sum(amount * units[unit] for unit, amount in by.items())
        moved = await self.http.post(f"{self.sandbox}/clock", json={"advance_seconds": seconds})
        moved.raise_for_status()

    async def now(self) -> str:
        """Return the server's time, RFC 3339."""
        now: str = (await self.http.get(f"{self.sandbox}/clock")).json()["now"]
        return now

    async def messages(
        self, phone: str | None = None, template: str | None = None
    ) -> list[dict[str, Any]]:
        """Return the SMS sent, oldest first; only those to a phone or of a template, if given."""
        params = {"phone": phone} if phone else {}
        shown = await self.http.get(f"{self.sandbox}/messages", params=params)
        messages: list[dict[str, Any]] = shown.json()["messages"]
        return [one for one in messages if template in (None, one["template"])]


@dataclass
class Client:
    """Someone who uses the API: their phone, their document, and their session once signed in."""

    server: Server
    phone: str
    name: str
    id_number: str
    language: str = "en"
    token: str = ""
    refresh_token: str = ""
    device_token: str = ""

    @property
    def url(self) -> str:
        """Where the next operation goes."""
        return self.server.url

    async def send(self, query: str, key: str = "", /, **variables: Any) -> dict[str, Any]:
        """Send one operation; return the whole body, errors and all.

        With a ``key``, a mutation that is sent again with the same one is done once.
        """
        headers = {"accept-language": self.language}
        if key:
            headers["idempotency-key"] = f'"{key}"'
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        response = await self.server.http.post(
            f"{self.url}/graphql", json={"query": query, "variables": variables}, headers=headers
        )
        body: dict[str, Any] = response.json()
        return body

    async def ask(self, query: str, key: str = "", /, **variables: Any) -> dict[str, Any]:
        """Send one operation; return its data. Raise ``Refused`` on any error."""
        body = await self.send(query, key, **variables)
        if body.get("errors"):
            raise Refused(body["errors"])
        data: dict[str, Any] = body["data"]
        return data

    async def payload(
        self, name: str, fields: str, key: str = "", /, **input: Any
    ) -> dict[str, Any]:
        """Run one mutation; return its payload, whether the rules refused it or not."""
        payload: dict[str, Any] = (await self.ask(mutation(name, fields), key, input=input))[name]
        return payload

    async def change(
        self, name: str, fields: str, key: str = "", /, **input: Any
    ) -> dict[str, Any]:
        """Run one mutation; return its payload. Raise ``Refused`` on any error."""
        payload = await self.payload(name, fields, key, **input)
        if payload["errors"]:
            raise Refused(payload["errors"])
        return payload

    async def subscribe(self, query: str, /, **variables: Any) -> AsyncIterator[dict[str, Any]]:
        """Yield a subscription's data over graphql-transport-ws. Raise ``Refused`` on an error."""
        address = self.url.replace("http", "ws", 1) + "/graphql"
        async with connect(address, subprotocols=[_PROTOCOL]) as socket:
            session = {"authorization": f"Bearer {self.token}"}
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

    async def prove(self, purpose: str = "SIGN_IN", phone: str | None = None) -> dict[str, str]:
        """Request an SMS code; return the phone, the code that the sandbox shows, its challenge."""
        phone = phone or self.phone
        before = len(await self.server.messages(phone, "verification_code"))
        request = {"phone": phone, "purpose": purpose, "deviceToken": self.device_token}
        requested = await self.change("requestVerificationCode", "challenge", **request)
        async with asyncio.timeout(_CODE_SECONDS):
            while True:
                codes = await self.server.messages(phone, "verification_code")
                if len(codes) > before:
                    code, challenge = codes[-1]["params"]["code"], requested["challenge"]
                    return {"phone": phone, "code": code, "challenge": challenge}
                await asyncio.sleep(_LOOK_SECONDS)

    async def sign_in(self) -> None:
        """Sign in by an SMS code."""
        given = await self.prove()
        self._take(await self.change("signIn", "accessToken refreshToken deviceToken", **given))

    async def renew(self) -> None:
        """Go on with the session: an access token is valid for 15 minutes."""
        given = {"refreshToken": self.refresh_token}
        self._take(await self.change("refreshSession", "accessToken refreshToken", **given))

    def _take(self, tokens: dict[str, Any]) -> None:
        self.token, self.refresh_token = tokens["accessToken"], tokens["refreshToken"]
        self.device_token = tokens.get("deviceToken", self.device_token)

    @property
    def document(self) -> dict[str, str]:
        """Who this is, as inputs take it."""
        return {"name": self.name, "idType": "RESIDENT_ID", "idNumber": self.id_number}

    async def start_verification(self, purpose: str) -> dict[str, Any]:
        """Start a verification of this person's face; in the sandbox it passes at once."""
        payload = await self.change(
            "startIdentityVerification",
            "verification { id url status }",
            purpose=purpose,
            **self.document,
        )
        verification: dict[str, Any] = payload["verification"]
        return verification

    async def verify(self, purpose: str) -> str:
        """Start a verification; return its id."""
        return str((await self.start_verification(purpose))["id"])

    async def identify(self) -> None:
        """Become real-named."""
        await self.change(
            "confirmIdentity", "me { name }", verificationId=await self.verify("IDENTIFY")
        )

    async def create_group(self, **fields: Any) -> str:
        """Create a group; return its id."""
        new = {"name": "第一小学", "type": "SCHOOL", "address": "广州", "consent": True, **fields}
        payload = await self.change("createGroup", "group { id }", **new)
        return str(payload["group"]["id"])

    async def invite(self, group_id: str) -> str:
        """Create an invitation; return its token."""
        payload = await self.change("createInvitation", "invitation { token }", groupId=group_id)
        return str(payload["invitation"]["token"])

    async def joining(
        self, token: str, /, remark: str = "三年二班", **fields: Any
    ) -> dict[str, Any]:
        """Return the input with which this person joins, with a new verification."""
        person = {"self": True, "remark": remark, "verificationId": await self.verify("JOIN")}
        return {"token": token, "consent": True, "people": [person], **fields}

    async def join(self, token: str, /, remark: str = "三年二班", **fields: Any) -> str:
        """Join by an invitation; return the member's id."""
        given = await self.joining(token, remark, **fields)
        payload = await self.change("joinGroup", "members { id }", **given)
        return str(payload["members"][0]["id"])
