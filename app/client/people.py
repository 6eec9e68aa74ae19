"""A person who uses the API: signing in, proving who they are, groups and joining them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from app.client.servers import Refused, Server, mutation
from app.client.streams import LOST, Moved, Pauses, subscribe

_CODE_SECONDS: Final = 60.0  # within which an SMS code must have come
_LOOK_SECONDS: Final = 0.02


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

    def subscribe(self, query: str, /, **variables: Any) -> AsyncIterator[dict[str, Any]]:
        """Yield a subscription's data, as ``streams.subscribe`` does."""
        return subscribe(self.url, self.token, query, variables)

    async def follow(
        self, query: str, moved: Moved | None = None, /, **variables: Any
    ) -> AsyncIterator[dict[str, Any]]:
        """Yield a subscription's data, and subscribe again whenever the connection is lost.

        ``moved`` returns, of the data just handled, the variables that are other when it
        subscribes again: of ``groupEvents`` the number to go on after. An access token that is
        too old by then is renewed. Raise ``Refused`` on any other error.
        """
        pauses = Pauses()
        while True:
            try:
                async for data in self.subscribe(query, **variables):
                    yield data
                    pauses.reset()
                    variables |= moved(data) if moved else {}
                return
            except LOST:
                await pauses.wait()
            except Refused as refused:
                if refused.code != "UNAUTHENTICATED":
                    raise
                await self._renew_patiently(pauses)

    async def _renew_patiently(self, pauses: Pauses) -> None:
        """Go on with the session; a server that isn't there yet is asked again later."""
        with suppress(*LOST):
            await self.renew()
        await pauses.wait()

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
