"""Clients that repeat a request whose answer doesn't come, as a front end would.

Each change carries an idempotency key: whatever was lost, it is done once, and what is refused in
the end was never done.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any, Final, TypeVar
from uuid import uuid4

import httpx

from app.client import Client, Refused, Server
from tools.storm.recorder import Recorder

_PATIENCE_SECONDS: Final = 90.0  # for a clear answer, over all tries
_RENEW_AFTER_SECONDS: Final = 600.0  # an access token is valid for 15 minutes
_CODE_GAP_SECONDS: Final = 61.0
_UNCLEAR: Final = {"INTERNAL", "UNAVAILABLE", "IDENTITY_SERVICE_UNAVAILABLE"}
T = TypeVar("T")


class Lost(Exception):
    """The answer never came, or says nothing: the change may have happened or not."""


class Unreached(Lost):
    """No server was reached: the change surely didn't happen."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A clear answer: the payload, or the code of the refusal; and the tries lost before it."""

    payload: dict[str, Any]
    refused: str = ""
    lost: int = 0


@dataclass
class Network(Server):
    """How clients reach the deployment: several servers, and so many requests at once."""

    urls: list[str]
    requests: asyncio.Semaphore
    recorder: Recorder


@dataclass
class StormClient(Client):
    """One person, their phone and their session, at any of the servers.

    ``change`` and ``ask`` of ``Client`` are a single try here: they raise ``Lost`` when it isn't
    clear what happened. ``try_change``, ``must`` and ``read`` repeat them until it is.
    """

    server: Network
    serial: int = field(kw_only=True)
    chance: Random = field(kw_only=True)
    renewed_at: float = field(default=0.0, init=False)
    _renewing: asyncio.Lock = field(default_factory=asyncio.Lock, init=False, repr=False)

    @property
    def url(self) -> str:
        """Where the next operation goes: to any server."""
        return self.chance.choice(self.server.urls)

    @property
    def recorder(self) -> Recorder:
        """Where answers are recorded."""
        return self.server.recorder

    async def send(self, query: str, key: str = "", /, **variables: Any) -> dict[str, Any]:
        """Send one operation once. Raise ``Lost`` when no clear answer comes."""
        try:
            async with self.server.requests:
                return await super().send(query, key, **variables)
        except httpx.ConnectError:
            raise Unreached from None
        except (httpx.HTTPError, ValueError) as failure:
            raise Lost(type(failure).__name__) from None

    async def ask(self, query: str, key: str = "", /, **variables: Any) -> dict[str, Any]:
        """Send one operation once; return its data. Raise ``Lost`` or ``Refused``."""
        return await _clear(super().ask(query, key, **variables))

    async def change(
        self, name: str, fields: str, key: str = "", /, **input: Any
    ) -> dict[str, Any]:
        """Run one mutation once; return its payload. Raise ``Lost`` or ``Refused``."""
        return await _clear(super().change(name, fields, key, **input))

    async def read(self, query: str, /, **variables: Any) -> dict[str, Any]:
        """Send one query until there is an answer; return its data. Raise ``Refused``."""
        await self._keep_session()
        return await self._repeat(lambda: self.ask(query, **variables))

    async def try_change(self, name: str, fields: str, /, **input: Any) -> Outcome:
        """Run one mutation until there is a clear answer, with one key, and count the tries.

        Raise ``Lost`` when none came in a minute and a half.
        """
        counts = self.recorder.counts[name]
        await self._keep_session()
        try:
            outcome = await self._outcome(name, fields, input)
        except Lost:
            counts["unknown"] += 1
            raise
        counts["refused" if outcome.refused else "answered"] += 1
        counts["lost"] += outcome.lost
        return outcome

    async def _outcome(self, name: str, fields: str, input: dict[str, Any]) -> Outcome:
        lost, key = 0, str(uuid4())

        async def once() -> dict[str, Any]:
            nonlocal lost
            try:
                return await self.change(name, fields, key, **input)
            except Lost as error:
                lost += not isinstance(error, Unreached)
                raise

        try:
            payload = await self._repeat(once)
        except Refused as refusal:
            return Outcome({}, refusal.code, lost)
        return Outcome(payload, "", lost)

    async def must(self, name: str, fields: str, /, **input: Any) -> dict[str, Any]:
        """Run one mutation that nothing may refuse; return its payload."""
        outcome = await self.try_change(name, fields, **input)
        if outcome.refused:
            raise AssertionError(f"{name}: {outcome.refused}")
        return outcome.payload

    async def _repeat(self, once: Callable[[], Awaitable[T]]) -> T:
        give_up_at = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                return await once()
            except Lost:
                if time.monotonic() > give_up_at:
                    raise
            await asyncio.sleep(self.chance.uniform(0.2, 0.8))

    async def sign_in(self) -> None:
        """Sign in by an SMS code; if that was spent in vain, by the next."""
        while True:
            try:
                await self._sign_in_with(await self.prove())
                return
            except Refused:
                await asyncio.sleep(_CODE_GAP_SECONDS)

    async def _sign_in_with(self, proof: dict[str, str]) -> None:
        sign_in = partial(self.change, "signIn", "accessToken refreshToken deviceToken", **proof)
        self._take(await self._repeat(sign_in))

    async def prove(self, purpose: str = "SIGN_IN", phone: str | None = None) -> dict[str, str]:
        """Request an SMS code; return it with the challenge of the answer that wasn't lost.

        Raise ``Refused`` where an answer was lost to somebody who isn't signed in, for whom no key
        holds: another may be requested in a minute.
        """
        phone = phone or self.phone
        given = {"phone": phone, "purpose": purpose, "deviceToken": self.device_token}
        before = len(await self.server.messages(phone, "verification_code"))
        key = str(uuid4())
        request = partial(self.change, "requestVerificationCode", "challenge", key, **given)
        challenge = (await self._repeat(request))["challenge"]
        while True:
            codes = await self.server.messages(phone, "verification_code")
            if len(codes) > before:
                code = str(codes[-1]["params"]["code"])
                return {"phone": phone, "code": code, "challenge": challenge}
            await asyncio.sleep(0.1)

    def _take(self, tokens: dict[str, Any]) -> None:
        super()._take(tokens)
        self.renewed_at = time.monotonic()

    async def _keep_session(self) -> None:
        """Exchange the tokens in time; however often, the key gets the same new ones."""
        async with self._renewing:
            if not self.token or time.monotonic() - self.renewed_at < _RENEW_AFTER_SECONDS:
                return
            fields, key = "accessToken refreshToken", str(uuid4())
            given = {"refreshToken": self.refresh_token}
            renew = partial(self.change, "refreshSession", fields, key, **given)
            self._take(await self._repeat(renew))

    async def start_verification(self, purpose: str) -> dict[str, Any]:
        """Start a verification of this person's face, however often it takes."""
        payload = await self.must(
            "startIdentityVerification",
            "verification { id }",
            purpose=purpose,
            **self.document,
        )
        verification: dict[str, Any] = payload["verification"]
        return verification


async def _clear(answer: Awaitable[T]) -> T:
    """Return an answer; raise ``Lost`` when it says only that the server was in trouble."""
    try:
        return await answer
    except Refused as refusal:
        if refusal.code in _UNCLEAR:
            raise Lost(refusal.code) from None
        raise
