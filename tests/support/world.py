"""A running server and its sandbox, as tests reach them."""

import itertools
from dataclasses import dataclass
from typing import Any

import httpx

from tests.support.person import Person

_serials = itertools.count(1)


@dataclass
class World:
    """A running server and its sandbox."""

    url: str
    sandbox: str
    http: httpx.AsyncClient

    def stranger(self, language: str = "en") -> Person:
        """Someone who is not signed in."""
        return Person(self, next(_serials), language)

    async def someone(self) -> Person:
        """Someone signed in, but not real-named."""
        person = self.stranger()
        await person.sign_in()
        return person

    async def real_person(self) -> Person:
        """Someone signed in and real-named."""
        person = await self.someone()
        await person.identify()
        return person

    async def set_record(self, id_number: str, **record: Any) -> None:
        """Say what the health records provider answers about someone from now on."""
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
        answer = await self.http.post(f"{self.sandbox}/clock", json={"advance_seconds": seconds})
        answer.raise_for_status()

    async def now(self) -> str:
        """The server's time, RFC 3339."""
        now: str = (await self.http.get(f"{self.sandbox}/clock")).json()["now"]
        return now

    async def messages(self, phone: str, template: str | None = None) -> list[dict[str, Any]]:
        """The SMS sent to a phone, oldest first; only those of one template if told."""
        answer = await self.http.get(f"{self.sandbox}/messages", params={"phone": phone})
        messages: list[dict[str, Any]] = answer.json()["messages"]
        return [one for one in messages if template in (None, one["template"])]
