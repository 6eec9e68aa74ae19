"""Someone with a phone, who asks again when an answer doesn't come, as a front end would."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final, TypeVar

import httpx

from app.client import resident_id
from tools.storm.ledger import Ledger

_PATIENCE_SECONDS: Final = 90.0  # for a clear answer, over all tries
_RENEW_AFTER_SECONDS: Final = 600.0  # an access token lives 15 minutes
_CODE_GAP_SECONDS: Final = 61.0
T = TypeVar("T")


class Lost(Exception):
    """The answer never came, or says nothing: what was asked for may have happened or not."""


class Unreached(Lost):
    """Nobody was there to ask: what was asked for surely didn't happen."""


class Refused(Exception):
    """The API said no; its code is the text."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A clear answer: what was done, or the code of why not; and the tries lost before it."""

    payload: dict[str, Any]
    refused: str = ""
    lost: int = 0


@dataclass
class Net:
    """How people reach the deployment."""

    urls: list[str]
    sandbox: str
    http: httpx.AsyncClient
    places: asyncio.Semaphore  # requests at once
    ledger: Ledger


@dataclass
class Phone:
    """One person, their phone and their session."""

    net: Net
    serial: int
    chance: Random
    token: str = ""
    refresh_token: str = ""
    renewed_at: float = 0.0
    number: str = field(init=False)
    name: str = field(init=False)
    id_number: str = field(init=False)
    _renewing: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self.number = f"+86139{self.serial:08}"
        self.name = f"张{self.serial}"
        self.id_number = resident_id(self.serial)

    async def read(self, query: str, **variables: Any) -> dict[str, Any]:
        """Read, from any server, until there is an answer. Raises ``Refused``."""
        return await self._until_clear(lambda: self._once(query, variables))

    async def change(self, mutation: str, fields: str, /, **input: Any) -> Answer:
        """Ask for a change until there is a clear answer; the ledger counts the tries.

        Raises ``Lost`` when none came in a minute and a half.
        """
        counts = self.net.ledger.counts[mutation]
        try:
            answer = await self._clear_answer(mutation, fields, input)
        except Lost:
            counts["unknown"] += 1
            raise
        counts["refused" if answer.refused else "answered"] += 1
        counts["lost"] += answer.lost
        return answer

    async def _clear_answer(self, mutation: str, fields: str, input: dict[str, Any]) -> Answer:
        lost = 0

        async def once() -> dict[str, Any]:
            nonlocal lost
            try:
                return await self._mutate(mutation, fields, input)
            except Lost as error:
                lost += not isinstance(error, Unreached)
                raise

        try:
            payload = await self._until_clear(once)
        except Refused as refusal:
            return Answer({}, str(refusal), lost)
        return Answer(payload, "", lost)

    async def must(self, mutation: str, fields: str, /, **input: Any) -> dict[str, Any]:
        """Ask for a change that nothing may refuse."""
        answer = await self.change(mutation, fields, **input)
        if answer.refused:
            raise Refused(f"{mutation}: {answer.refused}")
        return answer.payload

    async def try_once(self, mutation: str, fields: str, /, **input: Any) -> dict[str, Any]:
        """Ask for a change a single time. Raises ``Lost`` and ``Refused``."""
        return await self._mutate(mutation, fields, input)

    async def _mutate(self, mutation: str, fields: str, input: dict[str, Any]) -> dict[str, Any]:
        kind = f"{mutation[0].upper()}{mutation[1:]}Input"
        query = (
            f"mutation Change($input: {kind}!) {{ {mutation}(input: $input)"
            f" {{ {fields} errors {{ code }} }} }}"
        )
        payload: dict[str, Any] = (await self._once(query, {"input": input}))[mutation]
        if payload["errors"]:
            code = payload["errors"][0]["code"]
            raise Lost(code) if code == "IDENTITY_SERVICE_UNAVAILABLE" else Refused(code)
        return payload

    async def _until_clear(self, ask: Callable[[], Awaitable[T]]) -> T:
        await self._renew()
        return await self._patiently(ask)

    async def _patiently(self, ask: Callable[[], Awaitable[T]]) -> T:
        give_up_at = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                return await ask()
            except Lost:
                if time.monotonic() > give_up_at:
                    raise
            await asyncio.sleep(self.chance.uniform(0.2, 0.8))

    async def _once(self, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        url = f"{self.chance.choice(self.net.urls)}/graphql"
        try:
            async with self.net.places:
                asked = {"query": query, "variables": variables}
                answer = await self.net.http.post(url, json=asked, headers=headers)
            body = answer.json()
        except httpx.ConnectError:
            raise Unreached from None
        except (httpx.HTTPError, ValueError) as failure:
            raise Lost(type(failure).__name__) from None
        for error in body.get("errors") or ():
            code = error["extensions"]["code"]
            raise Lost(code) if code == "INTERNAL" else Refused(code)
        data: dict[str, Any] = body["data"]
        return data

    async def sign_in(self) -> None:
        """Sign in by the code that the sandbox shows; if a code was spent in vain, by the next."""
        while True:
            code = await self._new_code()
            wish = {"phone": self.number, "code": code}
            try:
                self._keep(await self._patiently(lambda wish=wish: self._sign_in(wish)))  # type: ignore[misc]
                return
            except Refused:
                await asyncio.sleep(_CODE_GAP_SECONDS)

    async def _sign_in(self, wish: dict[str, Any]) -> dict[str, Any]:
        return await self._mutate("signIn", "accessToken refreshToken", wish)

    async def _new_code(self) -> str:
        before = len(await self._codes())
        wish = {"phone": self.number, "purpose": "SIGN_IN"}
        with suppress(Refused):  # too soon: an earlier try, whose answer was lost, sent one
            await self._patiently(lambda: self._mutate("requestVerificationCode", "", wish))
        while len(codes := await self._codes()) == before:
            await asyncio.sleep(0.1)
        return codes[-1]

    def _keep(self, tokens: dict[str, Any]) -> None:
        self.token, self.refresh_token = tokens["accessToken"], tokens["refreshToken"]
        self.renewed_at = time.monotonic()

    async def _renew(self) -> None:
        """Exchange the tokens in time; if the answer is lost they are spent: sign in anew."""
        async with self._renewing:
            if not self.token or time.monotonic() - self.renewed_at < _RENEW_AFTER_SECONDS:
                return
            wish = {"refreshToken": self.refresh_token}
            try:
                self._keep(await self._mutate("refreshSession", "accessToken refreshToken", wish))
            except (Lost, Refused):
                self.token = ""
                await self.sign_in()

    async def _codes(self) -> list[str]:
        shown = await self.net.http.get(
            f"{self.net.sandbox}/messages", params={"phone": self.number}
        )
        return [
            message["params"]["code"]
            for message in shown.json()["messages"]
            if message["template"] == "verification_code"
        ]

    async def face(self, purpose: str) -> str:
        """Pass a check of one's own face; answers its id."""
        payload = await self.must(
            "startIdentityVerification",
            "verification { id }",
            purpose=purpose,
            name=self.name,
            idType="RESIDENT_ID",
            idNumber=self.id_number,
        )
        check_id: str = payload["verification"]["id"]
        return check_id
